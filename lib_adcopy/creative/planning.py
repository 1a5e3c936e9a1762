"""From facts and copy to the slots of a creative: nothing is said that the brief or the copy does not say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lib_adcopy.creative.content import Content, Price
from lib_adcopy.creative.lines import printable, weight
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.facts import Fact

# Longer titles are parted at a pause into headline and subline.
_HEADLINE = 13.0
_HEADLINE_AT_MOST = 24.0
_SUBLINE_AT_MOST = 22.0
_POINT = (2.0, 9.0)
_POINTS = 3
_BADGE_AT_MOST = 8.0
_NOTE_AT_MOST = 26.0
# The order in which kinds of facts become selling points.
_TELLING = (
    "function", "feature", "material", "ingredient", "flavour", "capacity", "fit", "certificate", "warranty", "weight",
    "quantity", "service", "origin", "pattern", "style", "size", "occasion", "audience", "season", "colour",
)  # fmt: skip
_SPECS = (
    "brand", "model", "material", "capacity", "size", "weight", "quantity", "colour", "ingredient", "flavour", "origin",
    "fit", "pattern", "style", "audience", "season", "warranty", "certificate",
)  # fmt: skip
_PAUSE = re.compile(r"[，,。！!？?；;：:｜|\n]+|\s[—–-]+\s|——")
_EDGES = re.compile(r"^[\s，,。：:；;｜|、~～·\-—#]+|[\s，,。：:；;｜|、~～·\-—#]+$")
_HASHTAG = re.compile(r"#[^\s#]+#?")


@cache
def words(language: str) -> dict[str, Any]:
    """The fixed words of a language: calls to act, the label's wordings, names of kinds."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "words.json").read_text(encoding="utf-8"))
    return found[language if language in found else "en"]


def plan_content(brief: Brief, copy: Copy | None = None, *, seed: int = 0) -> Content:
    """The slots for a brief and its copy. Without a copy the headline is made of the facts."""
    own = words(brief.language)
    headline, subline = _headline(brief, copy)
    price = _price(brief, own)
    badge, note = _badge(brief, own)
    brand = next((fact.text for fact in brief.facts_of("brand")), next(iter(brief.brand_words), ""))
    said = headline + subline
    points = tuple(_points(brief, said + badge, own))
    if not subline and brief.product not in headline and weight(brief.product) <= 10:
        subline = brief.product
    return Content(
        headline=headline,
        subline=subline,
        points=points,
        price=price,
        badge=badge,
        note=note,
        cta=_call(brief, own, seed),
        brand=printable(brand),
        specs=tuple(_specs(brief, own)),
        language=brief.language,
    )


def _clean(text: str) -> str:
    return _EDGES.sub("", printable(_HASHTAG.sub(" ", text)))


def _headline(brief: Brief, copy: Copy | None) -> tuple[str, str]:
    """Headline and subline: the copy's title, parted at a pause where it is long; else of the facts."""
    title = _clean(copy.title) if copy else ""
    if not title and copy and copy.body.strip():
        title = _clean(next(iter(_PAUSE.split(copy.body.strip())), ""))
    if not title:
        return _of_facts(brief), ""
    if weight(title) <= _HEADLINE:
        return title, ""
    parts = [part for part in (_clean(part) for part in _PAUSE.split(title)) if part]
    for cut in range(1, len(parts)):
        head, rest = _joined(title, parts[:cut]), _joined(title, parts[cut:])
        if 3 <= weight(head) <= _HEADLINE and weight(rest) <= _SUBLINE_AT_MOST:
            return head, rest
    return title, ""


def _joined(title: str, parts: list[str]) -> str:
    """The stretch of the title from the first part to the last, with the marks between them."""
    start = title.index(parts[0])
    end = title.rindex(parts[-1]) + len(parts[-1])
    return title[start:end]


def _of_facts(brief: Brief) -> str:
    """The product's name with one word of what it is made of or does, where both make a short line."""
    name = brief.product
    if weight(name) > _HEADLINE_AT_MOST:
        return _clean(next(iter(_PAUSE.split(name)), name))
    for kind in ("material", "capacity", "flavour", "style", "feature", "function"):
        for fact in brief.facts_of(kind):
            if (
                fact.text not in name
                and weight(fact.text) <= 5
                and weight(fact.text + name) <= _HEADLINE
                and brief.language == "zh"
            ):
                return _clean(fact.text + name)
    return _clean(name)


def _price(brief: Brief, own: dict[str, Any]) -> Price | None:
    """The price as typed; the one before only where the seller typed it and it is higher."""
    facts = brief.facts_of("price")
    if not facts:
        return None
    fact = facts[0]
    around = brief.text[max(0, fact.start - 5) : fact.end] if fact.start >= 0 else fact.text
    tag = next((tag for tag in own["price_tags"] if tag in around), "")
    if not tag and "券后" in around:
        tag = "券后价"
    if not tag and "到手" in around:
        tag = "到手价"
    price = _read(fact, tag)
    if price is None:
        return None
    was = next((_read(each, "") for each in brief.facts_of("list_price")), None)
    if was and _number(was) > _number(price):
        whole = was.whole + (f".{was.rest}" if was.rest else "")
        return Price(
            price.whole,
            price.rest,
            price.sign,
            price.unit,
            price.tag or ("现价" if brief.language == "zh" else ""),
            whole,
        )
    return price


def _read(fact: Fact, tag: str) -> Price | None:
    """A price of a fact's normalised value ("69.9 CNY/把"), its unit and "起" as the seller wrote them."""
    amount, _, rest = fact.value.partition(" ")
    sign = {"USD": "$", "EUR": "€", "GBP": "£"}.get(rest[:3], "¥")
    unit = "起" if fact.text.endswith("起") else f"/{rest.partition('/')[2]}" if "/" in rest else ""
    price = Price.read(f"{sign}{amount}" if re.fullmatch(r"\d+(\.\d+)?", amount) else fact.text, tag=tag)
    return Price(price.whole, price.rest, sign, unit or price.unit, tag) if price else None


def _number(price: Price) -> float:
    return float(f"{price.whole}.{price.rest or 0}")


def _badge(brief: Brief, own: dict[str, Any]) -> tuple[str, str]:
    """Badge and note: the offer stands on the badge, its term or condition below in small type."""
    offers = [_clean(fact.text) for fact in (*brief.facts_of("offer"), *brief.facts_of("coupon"))]
    short = [offer for offer in offers if 2 <= weight(offer) <= _BADGE_AT_MOST]
    deadline = next((_until(fact.text, own, brief.language) for fact in brief.facts_of("deadline")), "")
    new = next((word for word in own["new"] if word in brief.text.lower()), "")
    badge = short[0] if short else (new.capitalize() if brief.language == "en" else new)
    rest = [offer for offer in offers if offer != badge and weight(offer) <= _NOTE_AT_MOST]
    note = (" " if brief.language == "en" else "，").join([*rest[:1], deadline] if deadline else rest[:1])
    return badge, note if weight(note) <= _NOTE_AT_MOST else deadline


def _until(text: str, own: dict[str, Any], language: str) -> str:
    """A deadline as one phrase: "到12月5日" is "活动至12月5日"."""
    text = _clean(text)
    if language == "en":
        return text if re.search(r"until|through|ends|by ", text, re.IGNORECASE) else own["until"].format(text)
    date = re.search(r"[\d.月/\-日号点:：]*\d[\d.月/\-日号点:：]*|周[一二三四五六日天末]|本?月底|今晚|今天|明天", text)
    return own["until"].format(date[0]) if date and weight(text) <= 9 else text


def _points(brief: Brief, said: str, own: dict[str, Any]) -> Iterator[str]:
    """Up to three selling points, each of a kind of its own as far as there are enough kinds."""
    found: list[tuple[int, int, str]] = []
    for rank, kind in enumerate(_TELLING):
        for number, fact in enumerate(brief.facts_of(kind)):
            text = _point(fact, own, brief.language)
            if text and fact.text not in said and text not in said and text != brief.product:
                found.append((number, rank, text))
    chosen = [text for _, _, text in sorted(found)]
    yield from _distinct(chosen, _POINTS)


def _distinct(texts: Iterable[str], count: int) -> Iterator[str]:
    kept: list[str] = []
    for text in texts:
        if not any(text in other or other in text for other in kept):
            kept.append(text)
            yield text
        if len(kept) == count:
            return


def _point(fact: Fact, own: dict[str, Any], language: str) -> str:
    """A fact as a point of two to nine characters; "" where it cannot be one."""
    text = _clean(fact.text)
    if language == "en":
        return text if len(text) <= 24 else ""
    affix = own["phrases"].get(fact.kind, "").strip("{}")
    if affix and weight(text) < 4 and affix not in text:
        text = own["phrases"][fact.kind].format(text)
    return text if _POINT[0] <= weight(text) <= _POINT[1] else ""


def _specs(brief: Brief, own: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and value of what a specification sheet lists, at most six."""
    count = 0
    for kind in _SPECS:
        values = list(dict.fromkeys(_clean(fact.text) for fact in brief.facts_of(kind)))
        if not values:
            continue
        value = ("、" if brief.language == "zh" else ", ").join(values[:3])
        if weight(value) <= 14:
            yield own["kinds"][kind], value
            count += 1
        if count == 6:
            return


def _call(brief: Brief, own: dict[str, Any], seed: int) -> str:
    calls = own["cta"].get(brief.platform) or own["cta"]["xiaohongshu"]
    booking = brief.category in ("services", "courses")
    return own["booking"] if booking else calls[seed % len(calls)]
