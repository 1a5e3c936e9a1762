"""AdvertiseGen's attribute names and values, and the other words sellers use for them.

Data files: data/vocabulary.json (name -> values, in the data set's spelling), data/synonyms.json (name -> {word:
value}), data/garments.json (name -> garments the data set does not know).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
# A value may stand under several names (长袖, 拉链): the garment's type decides, then this order.
_GARMENT_NAMES = {"裙": "裙", "裤": "裤", "上衣": "衣"}


def load(name: str) -> dict:
    """Return one of the room's own data files."""
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
    """Return every word -> the (name, value) pairs it may mean, in the vocabulary's order; words in lower case."""
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
    """Tell whether an attribute name can belong to the garment: 裙领型 to a dress, 裤长 to trousers, 颜色 to all."""
    if not garment or name[0] not in _GARMENT_NAMES.values():
        return True
    return name.startswith(_GARMENT_NAMES[garment])
