"""The attribute pickers: what each kind of product is described by, and the brief's own words changed by a choice.

The brief stays the one text the seller sees; a picker only writes into it. attributes.json holds the words for
everything that is no garment; a garment's are AdvertiseGen's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.copywriting.brief import CATEGORIES, Brief, parse_brief
from lib_adcopy.errors import AdCopyError

Pair = tuple[str, str]
GARMENTS = ("裙", "裤", "上衣")
PRODUCTS = (*GARMENTS, *(category for category in CATEGORIES if category != "clothing"))
# What stands in an empty brief when a garment's attribute is chosen first.
_NOUNS = {"裙": "裙子", "裤": "裤子", "上衣": "上衣"}
_PIECES = re.compile(r"([，,、；;。\n\t|*]+)")
_EDGES = " ，,、；;。\n\t|*"


@cache
def _others() -> dict[str, dict[str, dict[str, str]]]:
    return json.loads((Path(__file__).parent / "attributes.json").read_text(encoding="utf-8"))


def product_of(brief: Brief) -> str:
    """Which of PRODUCTS a brief is about."""
    garment = vocabulary.garment_of(brief.attributes)
    return garment if garment in GARMENTS else "other" if brief.category == "clothing" else brief.category


def kinds(product: str) -> tuple[str, ...]:
    """The kinds of attributes a product has: AdvertiseGen's names for a garment, "colour" and the like for others."""
    if product in GARMENTS:
        return tuple(name for name in vocabulary.values() if name != "类型" and vocabulary.fits_garment(name, product))
    return tuple(_others().get(product, _others()["other"]))


def every_kind() -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for product in PRODUCTS for kind in kinds(product)))


def values(product: str, kind: str, language: str) -> tuple[str, ...]:
    """What can be chosen for a kind; garments' words are Chinese, as the copy that AdvertiseGen teaches."""
    if product in GARMENTS:
        return vocabulary.values().get(kind, ())
    found = _others().get(product, _others()["other"]).get(kind, {})
    return tuple(found.get("en", "").split("|")) if language == "en" else tuple(found.get("zh", "").split())


def found(brief: Brief) -> Iterator[Pair]:
    """The attributes and selling points that stand in the brief's text; a point's name is "". Not the type: it is
    what the others are attributes of, and often only implied by them."""
    for name, value in brief.attributes:
        if name != "类型" and any(word in brief.text.lower() for word in _words(name, value)):
            yield name, value
    for point in brief.points:
        yield "", point


def with_attribute(text: str, product: str, kind: str, value: str) -> str:
    """The brief with one attribute more, written the way the brief is written."""
    text = text.rstrip(_EDGES)
    if not text:
        return f"{_NOUNS[product]}，{value}" if product in _NOUNS else value
    if _is_pairs(text):
        return f"{text}*{kind}#{value}" if product in GARMENTS else f"{text}*{value}"
    pieces = [piece.strip().lower() for piece in _PIECES.split(text)]
    return text if value.lower() in pieces else f"{text}{'，' if _is_chinese(text + value) else ', '}{value}"


def without_attribute(text: str, name: str, value: str) -> str:
    """The brief without one attribute or point; unchanged where it cannot be found in it.

    The smallest cut that takes this attribute and no other: its own piece, else its word within a piece.
    """
    try:
        before = _said(text)
    except AdCopyError:
        return text
    wanted = before - {(name, value)}
    for cut in _cuts(text, name, value):
        try:
            if _said(cut) == wanted:
                return cut
        except AdCopyError:
            # Nothing is left of the brief.
            if not wanted:
                return ""
    return text


def _cuts(text: str, name: str, value: str) -> Iterator[str]:
    pieces = _PIECES.split(text)
    words = _words(name, value)
    # A point is "容量350ml" where the brief has "容量：350ml".
    plain = [re.sub("[:：]", "", piece.lower()) for piece in pieces]
    holding = [at for at in range(0, len(pieces), 2) if any(word in plain[at] for word in words)]
    for at in holding:
        # With the mark before it, or the one after where it stands first.
        first = max(at - 1, 0)
        yield "".join((*pieces[:first], *pieces[max(at + 1, first + 2) :])).strip(_EDGES)
    for at in holding:
        for word in sorted(words, key=len, reverse=True):
            start = pieces[at].lower().find(word)
            if start >= 0:
                shorter = pieces[at][:start] + pieces[at][start + len(word) :]
                yield "".join((*pieces[:at], shorter, *pieces[at + 1 :])).strip(_EDGES)


def _words(name: str, value: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in vocabulary.synonyms_of().get((name, value), (value,)))


def _said(text: str) -> set[Pair]:
    return set(found(parse_brief(text)))


def _is_pairs(text: str) -> bool:
    return "#" in text


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)
