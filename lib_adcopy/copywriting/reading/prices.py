"""Prices without a word or a sign that says so: "49.9" alone, "5斤装35", "油烟机拆洗128"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lib_adcopy.copywriting.reading.amounts import Amount, price_value
from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.lexicon import Lexicon
from lib_adcopy.copywriting.reading.segments import Phrase

_NUMBER = r"\d{1,5}(?:\.\d{1,2})?"
_ALONE = re.compile(rf"{_NUMBER}(?:包邮|带走|拿走|起|到手)?$")
_COUNTED = re.compile(
    rf"(?P<many>[一二两三四五六七八九十半]|\d{{1,3}}|每|单|满\d+)"
    rf"(?P<by>(?:节课|课时|小时|[套只个件盒瓶箱袋包双条支份斤对副把张台盆束棵节次位人课本面垫株桶提罐米平年月晚天间块]))"
    rf"(?:装|起|以上|共|要|只要)?(?:每[只个件份条本])?\s*(?P<price>(?<![\d.]){_NUMBER})$"
)
_AHEAD_OF_COUNT = re.compile(
    rf"(?<![\d.])(?P<price>{_NUMBER})(?:元|块)?(?:一|每)"
    rf"(?P<by>(?:节课|课时|小时|[套只个件盒瓶箱袋包双条支份斤对副把张台盆束棵节次位人课本面株米平年月晚天间]))$"
)
_SIGNED_BEHIND = re.compile(r"(?<![\d.])(?P<price>\d{2,5}(?:\.\d{1,2})?)(?:r|R|¥|￥|米|rmb|拿走|出|就能带走|起)$")
# Hours and minutes are no price: 晚7:30.
_CLOCK = re.compile(r"\d[:：]$")
_ADDED = re.compile(r"(?:加|另|补|抵|减|加急|另收|另加)\s*$")
_BEHIND_WORDS = re.compile(rf"(?P<what>[\u4e00-\u9fffA-Za-z()（）]{{2,12}}?)\s*(?P<price>(?<![\d.]){_NUMBER})(?:起)?$")
_POSTAGE = "包邮"
_YEAR = re.compile(r"(?:19|20)\d\d$")
# "大份58", "双人218": what a price list has.
_LISTED = re.compile(r"(?!.*(?:直径|[高长宽厚深重围码口]\d))[\u4e00-\u9fff]{1,6}\d{2,4}(?:\.\d{1,2})?")
_WITH_LISTS = ("services", "courses")
_MODELS = ("electronics", "appliances", "cars")


def bare_prices(
    plain: str, phrases: Sequence[Phrase], amounts: Sequence[Amount], lexicon: Lexicon, category: str
) -> Iterator[Amount]:
    """Prices that only their place tells. A text that marks a price as one is taken at its word."""
    prices = [amount.start for amount in amounts if amount.kind == "price"]
    marked = any(not _ADDED.search(plain[max(0, start - 3) : start]) for start in prices)
    ends = {amount.end: amount for amount in amounts if amount.kind != "spec"}
    for phrase in phrases:
        start, end = phrase.start, phrase.end
        if phrase.label not in ("", "price") or any(a.kind != "spec" and a.start < end <= a.end for a in amounts):
            continue
        text = plain[start:end]
        if _CLOCK.search(plain[max(0, start - 3) : start]) or _CLOCK.search(plain[max(0, end - 1) : end + 1]):
            continue
        counted = _COUNTED.search(text)
        ahead = _AHEAD_OF_COUNT.search(text)
        if ahead:
            yield _price(plain, start + ahead.start(), end, ahead["price"], ahead["by"])
            continue
        signed = _SIGNED_BEHIND.search(text) if category not in _MODELS else None
        if signed and not marked:
            yield _price(plain, start + signed.start(), end, signed["price"], "")
            continue
        if counted:
            many = counted["many"] if counted["many"] not in ("一", "每", "单", "") else ""
            yield _price(plain, start + counted.start(), end, counted["price"], many + counted["by"])
            continue
        before = max((at for at in ends if start < at <= end), default=0)
        rest = plain[before:end].strip() if before else text
        if before and _ALONE.fullmatch(rest):
            pack = ends[before]
            by = _pack(plain[pack.start : pack.end]) if pack.kind in ("weight", "quantity", "capacity", "size") else ""
            if by or not marked:
                yield _price(plain, end - len(rest), end, rest, by)
        elif not before and _ALONE.fullmatch(text) and not _YEAR.fullmatch(text):
            if marked and min(prices) < start:
                continue
            yield _price(plain, start, end - len(_POSTAGE) * text.endswith(_POSTAGE), text, "")
        elif not before and category not in _MODELS and (not marked or _LISTED.fullmatch(text)):
            named = _BEHIND_WORDS.fullmatch(text)
            # A service's price list names its parts: 挂机80.
            listed = named is not None and (category in _WITH_LISTS or marked)
            if listed and kind_of_phrase(text) not in ("feature", "audience"):
                continue
            if named and (listed or any(each.term and each.term.is_product for each in lexicon.split(named["what"]))):
                yield _price(plain, start, end, named["price"], named["what"])


def _price(plain: str, start: int, end: int, number: str, by: str) -> Amount:
    value = price_value(re.sub(r"[^\d.]", "", number), by)
    return Amount("price", start, end, value, "bare price")


def _pack(text: str) -> str:
    return re.sub(r"\s|装$", "", text)
