"""Plans the slots of a creative from facts and copy: nothing is said that the brief or the copy does not say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from lib_adcopy.creative.content import Content
from lib_adcopy.creative.lines import printable, weight
from lib_adcopy.creative.offers import offer_of, sale_tag
from lib_adcopy.creative.phrases import TEXT_EDGES, SellingPhrase, clean, phrases
from lib_adcopy.creative.price_reading import read_price
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.facts import Fact

# Longer titles are parted at a pause into headline and subline; what has no pause is a title for a search.
_HEADLINE, _ENGLISH_HEADLINE = 14.0, 20.0
_SUBLINE = (3.0, 18.0)
_POINT = (2.0, 9.5)
_POINTS = 3
# The order in which kinds of facts become selling points where the brief has no phrases.
_TELLING = (
    "function", "feature", "material", "ingredient", "flavour", "capacity", "fit", "certificate", "warranty", "weight",
    "quantity", "service", "origin", "pattern", "style", "size", "occasion", "audience", "season", "colour",
)  # fmt: skip
_SPECS = (
    "brand", "model", "material", "capacity", "size", "weight", "quantity", "colour", "ingredient", "flavour", "origin",
    "fit", "pattern", "style", "audience", "season", "warranty", "certificate",
)  # fmt: skip
_PAUSE = re.compile(r"[，,。！!？?；;：:｜|\n]+|\s[—–-]+\s|——")
# How sellers talk, which no line under a headline does.
_TALK = re.compile(r"[我你他她]|[啦吧呢哈哦吗]$|要\d|明天|今天|昨天")
# Last characters with which a word of a kind needs no affix: 雾蓝色, 浓香型, 西梅味.
_COMPLETE = {"colour": "色金", "flavour": "型味", "audience": "+上用", "style": "风", "fit": "型", "pattern": "花"}
# Goods sold by what is in the pack; of others a weight is their own.
_BY_NET_WEIGHT = ("food", "beauty", "pets", "mother_baby")


@cache
def words(language: str) -> dict[str, Any]:
    """Return the fixed words of a language: calls to act, the label's wordings, names of kinds."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "words.json").read_text(encoding="utf-8"))
    return found[language if language in found else "en"]


def plan_content(brief: Brief, copy: Copy | None = None, *, seed: int = 0) -> Content:
    """Return the slots for a brief and its copy. Without a copy the headline is the product as the seller names it."""
    own, found = words(brief.language), phrases(brief)
    product = _product(brief, found)
    headline, subline = _title(copy)
    headline = headline or product
    brand = next((fact.text for fact in brief.facts_of("brand")), brief.own_brand)
    price = read_price(brief, [phrase.text for phrase in found if phrase.role == "price"], own)
    if price and price.tag and price.tag in headline:
        price = replace(price, tag="")
    badge, note = offer_of(brief, found, price, own)
    if price:
        price = replace(price, tag=sale_tag(price, found, badge))
    points = list(_distinct(_points(brief, found, own), "|".join((headline, subline, badge, note)), _POINTS))
    if not subline and product not in headline and _SUBLINE[0] <= weight(product) <= _SUBLINE[1]:
        subline = product
    subline = subline or _second(brief, found, (headline, badge, *points))
    return Content(
        headline=headline,
        subline=subline,
        points=tuple(points),
        price=price,
        badge=badge,
        note=note,
        cta=_call(brief, own, seed),
        brand=printable(brand),
        specs=tuple(_specs(brief, own)),
        language=brief.language,
    )


def _title(copy: Copy | None) -> tuple[str, str]:
    """Headline and subline of a copy's title: parted at a pause where it is long; ("", "") for none that can be set."""
    title = clean(copy.title) if copy else ""
    if not title and copy and copy.body.strip():
        title = clean(next(iter(_PAUSE.split(copy.body.strip())), ""))
    if weight(title) <= _HEADLINE:
        return title, ""
    # Trimmed alone: cleaned once more a part may be no part of the title.
    parts = [part for part in (TEXT_EDGES.sub("", part) for part in _PAUSE.split(title)) if part]
    for cut in range(len(parts) - 1, 0, -1):
        head, rest = _joined(title, parts[:cut]), _joined(title, parts[cut:])
        if 3 <= weight(head) <= _HEADLINE and weight(rest) <= _SUBLINE[1]:
            return head, rest
    return (title, "") if weight(title) <= 24 and not re.search(r"\s", title) else ("", "")


def _joined(title: str, parts: list[str]) -> str:
    """Return the stretch of the title from the first part to the last, with the marks between them."""
    start = title.index(parts[0])
    end = title.rindex(parts[-1]) + len(parts[-1])
    return title[start:end]


def named_product(brief: Brief) -> str:
    """Return the product as the seller names it, whole ("健身房年卡"); the brief's noun where no phrase names it."""
    return next((clean(each.text) for each in phrases(brief) if each.role == "product"), "") or brief.product


def _product(brief: Brief, found: Sequence[SellingPhrase]) -> str:
    """Return the product as the seller names it, or its noun with a word of what it is made of."""
    phrase = next((clean(each.text) for each in found if each.role == "product"), "")
    if 4 <= weight(phrase) <= (_HEADLINE if brief.language == "zh" else _ENGLISH_HEADLINE):
        return phrase
    name = clean(next(iter(_PAUSE.split(brief.product)), brief.product))
    for kind in ("material", "capacity", "flavour", "style", "feature", "function"):
        for fact in brief.facts_of(kind):
            fits = weight(fact.text) <= 5 and weight(fact.text + name) <= _HEADLINE
            if brief.language == "zh" and fact.text not in name and fits:
                return clean(fact.text + name)
    return name


def _points(brief: Brief, found: Sequence[SellingPhrase], own: dict[str, Any]) -> Iterator[str]:
    """Selling points, the seller's own phrases first, those of measures alone last."""
    exact = {fact.text: fact for fact in brief.facts}
    for role in ("point", "service"):
        for phrase in found:
            if phrase.role == role and _fits(phrase.text, brief.language):
                fact = exact.get(phrase.text)
                yield (_point(fact, own, brief.language) if fact else "") or phrase.text
    measures = [phrase.text for phrase in found if phrase.role == "measure"]
    for fact in sorted(brief.facts, key=lambda fact: _TELLING.index(fact.kind) if fact.kind in _TELLING else 99):
        whole = not found or any(fact.text in measure for measure in measures)
        if fact.kind in _TELLING and whole:
            text = _point(fact, own, brief.language)
            if text and text != brief.product:
                yield next((each for each in measures if fact.text in each and weight(each) > 3.5), text)


def _fits(text: str, language: str) -> bool:
    return len(text) <= 26 if language == "en" else _POINT[0] <= weight(text) <= _POINT[1]


def _distinct(texts: Iterable[str], said: str, count: int) -> Iterator[str]:
    kept: list[str] = []
    for text in texts:
        if text not in said and not any(text in other or other in text for other in kept):
            kept.append(text)
            yield text
        if len(kept) == count:
            return


def _second(brief: Brief, found: Sequence[SellingPhrase], used: Sequence[str]) -> str:
    """Return a further phrase that sells, for the line below the headline; the longest first, for they are no
    points."""
    rest = [each.text for each in found if each.role == "point" and each.text not in " ".join(used)]
    least, most = (6.0, _SUBLINE[1]) if brief.language == "zh" else (4.0, 20.0)
    fitting = [text for text in rest if least <= weight(text) <= most and not _TALK.search(text)]
    return max(fitting, key=lambda text: min(weight(text), 12.0), default="")


def _point(fact: Fact, own: dict[str, Any], language: str) -> str:
    """Return a fact as a point of two to nine characters; "" where it cannot be one."""
    text = clean(fact.text)
    if language == "en":
        return text if len(text) <= 24 else ""
    affix = own["phrases"].get(fact.kind, "").strip("{}")
    if text and affix and weight(text) < 4 and affix not in text and text[-1] not in _COMPLETE.get(fact.kind, ""):
        text = own["phrases"][fact.kind].format(text)
    return text if _POINT[0] <= weight(text) <= _POINT[1] else ""


def _specs(brief: Brief, own: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and value of what a specification sheet lists, at most six."""
    count = 0
    for kind in _SPECS:
        values = list(filter(None, dict.fromkeys(clean(fact.text) for fact in brief.facts_of(kind))))
        if not values:
            continue
        value = ("、" if brief.language == "zh" else ", ").join(values[:3])
        if weight(value) <= 14:
            eaten = kind != "weight" or brief.category in _BY_NET_WEIGHT
            yield own["kinds"][kind if eaten else "own_weight"], value
            count += 1
        if count == 6:
            return


def _call(brief: Brief, own: dict[str, Any], seed: int) -> str:
    calls = own["cta"].get(brief.platform) or own["cta"]["xiaohongshu"]
    booking = brief.category in ("services", "courses")
    return own["booking"] if booking else calls[seed % len(calls)]
