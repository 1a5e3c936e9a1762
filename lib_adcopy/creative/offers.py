"""Parts what a brief offers into badge and note: the strongest offer, and what limits price and offer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lib_adcopy.creative.content import Price
from lib_adcopy.creative.lines import weight
from lib_adcopy.creative.phrases import SellingPhrase, clean
from lib_adcopy.domain.brief import Brief

_BADGE_AT_MOST = 8.5
# A note is one line of small type: what limits the price may fill it, what else is offered only as far as it is short.
_NOTE_AT_MOST, _FILLED_AT_MOST = 24.0, 16.0
# An offer that says what it gives, whole.
_GIVES = re.compile(r"[减送赠折免]|半价|\d+% off|free", re.IGNORECASE)
# Kinds of offers, the strongest first.
_STRENGTH = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"买.{1,3}[送赠免]|buy (?:one|two|\d)",
        r"半价|half price",
        r"满\d+\D{0,3}[减送赠]|[减省]\s?\d|立减|\d折|折扣|\d+% off|save ",
        r"[送赠]|gift",
        r"免费试|试听|试用|free trial",
        r"领券|优惠|秒杀|free",
    )
)
_SALES = re.compile(r"双1[12]|618|大促|年货节|清仓|sale", re.IGNORECASE)
_NO_CONDITION = ("", "现价")
_TAG_AT_MOST = 6.0
# With so many points of the goods what is done besides need not be one.
_ENOUGH_POINTS = 3
# What is given for bringing others is no offer to who reads.
_REFERRAL = re.compile(r"^老|带新|转介绍|refer", re.IGNORECASE)


def offer_of(brief: Brief, found: Sequence[SellingPhrase], price: Price | None, own: dict[str, Any]) -> tuple[str, str]:
    """Return badge and note: the strongest offer, and in small type the conditions, the term and what is offered
    besides."""
    offers = [clean(each.text) for each in found if each.role == "offer"]
    facts = [clean(fact.text) for fact in brief.facts_of("offer", "coupon")]
    limits = list(_limits(brief, found, own))
    known = [*offers, *limits]
    offers += [fact for fact in facts if _GIVES.search(fact) and not any(_same(fact, each) for each in known)]
    short = sorted((offer for offer in offers if 2 <= weight(offer) <= _BADGE_AT_MOST), key=strength)
    openings = [clean(each.text) for each in found if each.role == "opening"]
    new = [word for word in own["new"] if word in brief.text.lower()]
    badge = next((each for each in (*short, *openings, *new) if weight(each) <= _BADGE_AT_MOST), "")
    rest = [each for each in (*offers, *openings) if not _same(each, badge)]
    if sum(each.role == "point" for each in found) >= _ENOUGH_POINTS:
        rest += [clean(each.text) for each in found if each.role == "service"]
    # A price named for its sale says the sale.
    sale = _SALES.search(sale_tag(price, found, badge))
    rest = [each for each in rest if not (sale and each in openings)]
    return _opened(badge, brief), _note(brief, limits, rest)


def strength(offer: str) -> int:
    """Return the rank of an offer's kind, 0 for the strongest."""
    if _REFERRAL.search(offer):
        return len(_STRENGTH)
    return next((rank for rank, kind in enumerate(_STRENGTH) if kind.search(offer)), len(_STRENGTH))


def sale_tag(price: Price | None, found: Sequence[SellingPhrase], badge: str) -> str:
    """Return what names the price: its own condition, else the sale ("双11大促") where the badge does not say it."""
    tag = price.tag if price else ""
    if tag not in _NO_CONDITION:
        return tag
    sales = [clean(each.text) for each in found if each.role == "opening" and _SALES.search(each.text)]
    return next((sale for sale in sales if sale != badge and weight(sale) <= _TAG_AT_MOST), tag)


def _same(first: str, second: str) -> bool:
    return bool(first and second) and (first in second or second in first)


def _opened(text: str, brief: Brief) -> str:
    return text[:1].upper() + text[1:] if brief.language == "en" else text


def _note(brief: Brief, limits: Sequence[str], rest: Sequence[str]) -> str:
    """Return limits first, as many as fit; then what is offered besides, while the line stays short."""
    between = " · " if brief.language == "en" else "，"
    said: list[str] = []
    for texts, most in ((limits, _NOTE_AT_MOST), (rest, _FILLED_AT_MOST)):
        for text in texts:
            if text and not any(_same(text, each) for each in said) and weight(between.join([*said, text])) <= most:
                said.append(text)
    return _opened(between.join(said), brief)


def _limits(brief: Brief, found: Sequence[SellingPhrase], own: dict[str, Any]) -> Iterator[str]:
    """Return what limits price and offer, as the seller says it: conditions and quotas, then the term."""
    texts = [clean(each.text) for each in found if each.role == "until"]
    yield from (text for text in texts if not _is_date(text))
    dated = [text for text in texts if _is_date(text)]
    facts = [] if dated else [fact.text for fact in brief.facts_of("deadline")][:1]
    for text in (*dated, *facts):
        yield text if weight(text) > 6 else _until(text, own, brief.language)


def _is_date(text: str) -> bool:
    return bool(re.search(r"\d月|\d[日号.]\d*|月底|until |ends |through ", text, re.IGNORECASE))


def _until(text: str, own: dict[str, Any], language: str) -> str:
    """Return a deadline as one phrase: "到12月5日" is "活动至12月5日"."""
    text = clean(text)
    if language == "en":
        return text if re.search(r"until|through|ends|by ", text, re.IGNORECASE) else own["until"].format(text)
    day = r"[\d.月/\-日号点:：]*\d[\d.月/\-日号点:：]*|周[一二三四五六日天末]|本?月底"
    date = re.fullmatch(rf"(?:活动)?[到至]?({day})(?:止|截止)?", text)
    return own["until"].format(date[1]) if date else text
