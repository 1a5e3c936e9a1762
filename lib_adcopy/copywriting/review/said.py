"""Describe which facts of a brief a text says, which it leaves out, and which it says wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from lib_adcopy.copywriting.vocabulary import synonyms_of
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.facts import Fact

# One unit under several names.
_UNITS = {
    "元": "CNY", "块": "CNY", "块钱": "CNY", "¥": "CNY", "cny": "CNY", "rmb": "CNY", "$": "USD", "usd": "USD",
    "€": "EUR", "£": "GBP", "毫升": "ml", "升": "l", "克": "g", "公斤": "kg", "千克": "kg", "斤": "jin",
    "毫安时": "mah", "毫安": "mah", "厘米": "cm", "公分": "cm", "毫米": "mm", "米": "m", "瓦": "w",
    "寸": "inch", "英寸": "inch", "小时": "h", "分钟": "min",
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<before>[¥￥$€£])?\s*(?P<number>\d+(?:\.\d+)?)\s*"
    r"(?P<unit>%|°c|℃|毫安时|毫安|公斤|千克|厘米|公分|毫米|英寸|小时|分钟|块钱|毫升|[元块升克斤米瓦寸]|"
    r"[a-z]{1,4}(?![a-z]))?"
)
# So much of a fact's pairs of characters must stand in a text that words it freely.
_ENOUGH = 0.8


def plain(text: str) -> str:
    """Give the text in half-width lower case without blanks and without the signs between two words of a list."""
    return re.sub(r"[\s+、，,/]+", "", unicodedata.normalize("NFKC", text).lower())


def says(text: str, name: str, value: str) -> bool:
    """Tell whether the text names an attribute's value, literally or by a synonym."""
    lowered = text.lower()
    return any(word.lower() in lowered for word in synonyms_of().get((name, value), (value,)))


def says_fact(text: str, fact: Fact, product: str = "") -> bool:
    """Tell whether the text says the fact: word for word, its value in another spelling, or nearly all of its words."""
    written, wanted = plain(text), plain(fact.text)
    if not wanted or wanted in written:
        return True
    if fact.name and says(text, fact.name, fact.value or fact.text):
        return True
    # The garment's type is said by its noun: a 大衣 is an 上衣.
    if fact.kind == "name" and fact.name and product and plain(product) in written:
        return True
    numbers = numbers_in(fact.text)
    if numbers and not set(numbers) <= set(numbers_in(text)):
        return False
    return _overlap(wanted, written) >= _ENOUGH or _only_amount(fact, text)


def _only_amount(fact: Fact, text: str) -> bool:
    """Tell whether a price that is nothing but an amount stands in the text with its currency."""
    amount = re.fullmatch(r"(\d+(?:\.\d+)?) ([A-Z]{3})", fact.value)
    priced = fact.kind in ("price", "list_price") and amount is not None
    return priced and amount is not None and (_trimmed(amount[1]), amount[2]) in numbers_in(text)


def _overlap(wanted: str, written: str) -> float:
    pairs = {wanted[at : at + 2] for at in range(len(wanted) - 1)}
    return sum(pair in written for pair in pairs) / len(pairs) if pairs else 0.0


def numbers_in(text: str) -> tuple[tuple[str, str], ...]:
    """(number, unit) of every figure; one unit under one name, "" for none."""
    found = []
    for match in _NUMBER.finditer(unicodedata.normalize("NFKC", text).lower()):
        unit = match["before"] or match["unit"] or ""
        found.append((_trimmed(match["number"]), _UNITS.get(unit, unit)))
    return tuple(found)


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def sort_facts(brief: Brief, facts: Sequence[Fact], text: str) -> tuple[list[Fact], list[Fact], list[Fact]]:
    """(said, lost, changed): changed are those whose unit the text gives with a number the brief does not have."""
    said = [fact for fact in facts if says_fact(text, fact, brief.product)]
    rest = [fact for fact in facts if fact not in said]
    strange = _strange_units(brief, text)
    changed = [fact for fact in rest if any(unit in strange for _, unit in numbers_in(fact.text) if unit)]
    return said, [fact for fact in rest if fact not in changed], changed


def _strange_units(brief: Brief, text: str) -> set[str]:
    known: Iterable[tuple[str, str]] = numbers_in(brief.text + " " + " ".join(fact.text for fact in brief.facts))
    figures = {number for number, _ in known}
    return {unit for number, unit in numbers_in(text) if number not in figures}
