"""AdvertiseGen's attribute names and values, and the other words sellers use for them.

Data files: data/vocabulary.json (name -> values, in the data set's spelling), data/synonyms.json (name -> {word:
value}), data/garments.json (name -> garments the data set does not know), data/categories.json (category -> "words"
for its things, "for" for whom they are made).
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"
_PHRASES = re.compile(r"[，,、；;。\n\t|/#*：:]+")
# What follows an animal or a child that is drawn on the thing and does not use it.
_PICTURED = re.compile(r"咪?(?:图案|印花|造型|形|型|头|耳|眼|爪|尾|脸|款|色|刺绣|卡通| print| pattern|-shaped)")


class _Match(NamedTuple):
    category: str
    start: int
    end: int
# A value may stand under several names (长袖, 拉链): the garment's type decides, then this order.
_GARMENT_NAMES = {"裙": "裙", "裤": "裤", "上衣": "衣"}


def load(name: str) -> dict:
    """One of the room's own data files."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def values() -> dict[str, tuple[str, ...]]:
    """Attribute name -> its values."""
    return {name: tuple(found) for name, found in load("vocabulary.json").items()}


@cache
def synonyms_of() -> dict[tuple[str, str], tuple[str, ...]]:
    """(name, value) -> the words that mean it, the value itself first."""
    known = load("synonyms.json")
    return {
        (name, value): (value, *(word for word, meant in known.get(name, {}).items() if meant == value))
        for name, found in values().items()
        for value in found
    }


@cache
def names_by_word() -> dict[str, tuple[tuple[str, str], ...]]:
    """Every word -> the (name, value) pairs it may mean, in the vocabulary's order; words in lower case."""
    found: dict[str, list[tuple[str, str]]] = {}
    garments = {(name, word): (word,) for name, words in load("garments.json").items() for word in words}
    for pair, words in (*synonyms_of().items(), *garments.items()):
        for word in words:
            pairs = found.setdefault(word.lower(), [])
            if pair not in pairs:
                pairs.append(pair)
    return {word: tuple(pairs) for word, pairs in found.items()}


def garment_of(attributes: tuple[tuple[str, str], ...]) -> str:
    """ "裙", "裤", "上衣" or "" as the attributes say or imply."""
    for name, value in attributes:
        if name == "类型":
            return value
    for name, _ in attributes:
        for garment, sign in _GARMENT_NAMES.items():
            if name.startswith(sign):
                return garment
    return ""


def fits_garment(name: str, garment: str) -> bool:
    """Whether an attribute name can belong to the garment: 裙领型 to a dress, 裤长 to trousers, 颜色 to all."""
    if not garment or name[0] not in _GARMENT_NAMES.values():
        return True
    return name.startswith(_GARMENT_NAMES[garment])


def category_of(text: str) -> str:
    """The category of the first phrase that names a product, "other" where none does.

    In Chinese and English alike the last word of a phrase is what the thing is: 茶杯 is a cup, "coffee mug" a mug. Whom
    it is for comes before that: a cot's sheet is for a baby; but a mug with a cat on it is no mug for cats.
    """
    for phrase in _PHRASES.split(text.lower()):
        owners = [found for found in _matches(phrase, "for") if not _PICTURED.match(phrase, found.end)]
        things = _matches(phrase, "words")
        if owners:
            return owners[0].category
        if things:
            return max(things, key=lambda found: (found.end, found.end - found.start)).category
    return "other"


def names_clothing(text: str) -> bool:
    """Whether a phrase of the text ends in something to wear, whoever wears it: 孕妇连衣裙."""
    for phrase in _PHRASES.split(text.lower()):
        things = _matches(phrase, "words")
        if things and max(things, key=lambda found: (found.end, found.end - found.start)).category == "clothing":
            return True
    return False


def _matches(phrase: str, kind: str) -> list[_Match]:
    return [
        _Match(category, found.start(), found.end())
        for category, pattern in _patterns(kind)
        for found in pattern.finditer(phrase)
    ]


@cache
def _patterns(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Compiled once: there are more than re keeps."""
    return tuple(
        (category, re.compile(rf"\b{re.escape(word)}(?:e?s)?\b" if word.isascii() else re.escape(word)))
        for category, words in _words(kind).items()
        for word in words
    )


@cache
def _words(kind: str) -> dict[str, tuple[str, ...]]:
    return {category: tuple(lists.get(kind, ())) for category, lists in load("categories.json").items()}
