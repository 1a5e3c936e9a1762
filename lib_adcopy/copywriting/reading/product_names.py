"""The names of what a text sells: the product, what is sold together with it, the things of a price list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lib_adcopy.copywriting.reading.amounts import Amount
from lib_adcopy.copywriting.reading.brands import Named
from lib_adcopy.copywriting.reading.categories import is_owned
from lib_adcopy.copywriting.reading.phrases import Found
from lib_adcopy.copywriting.reading.product_noun import Noun, name_span

# Between two products that are sold together.
_TOGETHER = re.compile(r"\s*(?:\+|和|与|配|&|、|,|，|加)?\s*$")


def product_names(
    plain: str, nouns: Sequence[Noun], category: str, named: Sequence[Named], amounts: Sequence[Amount]
) -> Iterator[Found]:
    """The product's name, and those of the products sold together with it."""
    priced = _priced_items(plain, amounts)
    said: set[str] = set()
    for number, noun in enumerate(nouns):
        if number and not (_is_sold_too(plain, nouns[0], noun) or _is_on_price_list(plain, nouns[0], noun, priced)):
            continue
        if plain[noun.start : noun.end] in said or len(said) == _MOST_NAMES:
            continue
        said.add(plain[noun.start : noun.end])
        before = plain[noun.run.start : noun.start]
        start, end = name_span(plain, noun, with_owner=is_owned(category, before))
        inside = [each.end for each in named if start <= each.start < end]
        # Work is called by the thing and what is done with it, which the text need not say in one word.
        meant = noun.term.zh if noun.term.kind == "service" and plain[start:end] in noun.term.zh[:-1] else ""
        yield Found("name", max([start, *inside]), end, meant)


_ONE_OF_MANY = re.compile(
    "(?:另一个|另一款|另外一个|第二个|另一样)是.{0,4}$|(?:^|[；;。\\n])(?:[B-F]款?|款[二三四]|第[二三]款)[^，。；;]{0,5}$"
)
_MOST_NAMES = 6


def _is_on_price_list(plain: str, first: Noun, other: Noun, priced: Sequence[tuple[int, int]]) -> bool:
    """Return whether another thing has a price of its own: "中性笔 9.9；作业本 12元"."""
    if "service" in (first.term.kind, other.term.kind) or other.start < first.end:
        return False
    if other.run.role not in ("", "price", "product"):
        return False
    if _ONE_OF_MANY.search(plain[max(0, other.start - 10) : other.start]):
        return True
    clause = next(((start, end) for start, end in priced if start <= other.start < end), None)
    led = plain[clause[0] : other.start] if clause else ""
    return clause is not None and len(re.sub(r"[\s、，；;]", "", led)) <= _LED and other.start > first.run.end


_LED = 4


def _priced_items(plain: str, amounts: Sequence[Amount]) -> list[tuple[int, int]]:
    """The stretches between hard marks that have a price."""
    prices = [each.start for each in amounts if each.kind == "price"]
    found: list[tuple[int, int]] = []
    at = 0
    for mark in [*re.finditer(r"[；;。\n|]", plain), None]:
        end = mark.start() if mark else len(plain)
        if any(at <= price < end for price in prices):
            found.append((at, end))
        at = mark.end() if mark else end
    return found if len(found) > 1 else []


def _is_sold_too(plain: str, first: Noun, other: Noun) -> bool:
    if other.category != first.category or other.start < first.end or other.score >= first.score + 8:
        return False
    if other.term.zh[-1] == first.term.zh[-1] and other.run.segment != first.run.segment + 1:
        return False
    return _TOGETHER.fullmatch(plain[first.end : other.run.start]) is not None and plain[
        first.end : other.run.start
    ].strip() in ("+", "和", "与", "&", "配", "加")
