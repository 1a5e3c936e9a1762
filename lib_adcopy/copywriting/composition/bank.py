"""The copywriter's own sentences, read from data/copy/<language>/*.json.

A file a category under packs/ holds what is true of all its goods: "asks" (questions to the reader), "topics"
(hashtags), "emoji" and "tones" (openings in a tone), and "families": groups of products that are used alike, with
"nouns", "unit" (measure word), "synonyms" and lists of the same names that come before the category's. frames.json
holds the sentences around a brief's statements, wording.json and facets.json how a statement is said, garments.json
what AdvertiseGen's attributes say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lib_adcopy.copywriting.vocabulary import DATA

_LISTS = ("asks", "topics", "emoji")
_OTHER = "other"


@dataclass(frozen=True)
class Pack:
    """Describe what can be said of one kind of product, the family's own first; `tones` are openings by tone."""

    category: str
    family: str
    unit: str
    synonyms: tuple[str, ...]
    asks: tuple[str, ...]
    topics: tuple[str, ...]
    emoji: tuple[str, ...]
    tones: Mapping[str, tuple[str, ...]]


@cache
def load_copy_data(name: str) -> dict[str, Any]:
    """Read one file under data/copy, e.g. "zh/frames.json"."""
    found: dict[str, Any] = json.loads((DATA / "copy" / name).read_text(encoding="utf-8"))
    return found


@cache
def pack_for(product: str, category: str, language: str) -> Pack:
    """Return the pack of the family whose noun stands last in the product's name, else of the category alone."""
    named = _family_of(product.lower(), category, language)
    home = named[0] if named else (category if category in _categories(language) else _OTHER)
    table = load_copy_data(f"{language}/packs/{home}.json")
    family = table["families"][named[1]] if named else {}
    lists = {name: tuple(dict.fromkeys((*family.get(name, ()), *table[name]))) for name in _LISTS}
    tones = {tone: tuple(hooks) for tone, hooks in table["tones"].items()}
    unit = _measure_word(product) or family.get("unit", "款") if language == "zh" else ""
    return Pack(home, named[1] if named else "", unit, tuple(family.get("synonyms", ())), tones=tones, **lists)


def _measure_word(product: str) -> str:
    """Return what one of them is counted by, 一双鞋, 一顶帽子; the longest ending known decides, "" for none."""
    table: dict[str, list[str]] = load_copy_data("zh/units.json")
    bare = product[:-1] if product.endswith("子") and len(product) > 2 else product
    ends = {end: unit for unit, listed in table.items() for end in listed if bare.endswith(end)}
    return ends[max(ends, key=len)] if ends else ""


def family_noun(product: str, category: str, language: str) -> str:
    """Return the noun in the product's name that its family is known by, "" where none is."""
    named = _family_of(product.lower(), category, language)
    return product[named[2] : named[3]] if named else ""


def _family_of(product: str, category: str, language: str) -> tuple[str, str, int, int] | None:
    """(category, family, start, end) of the noun that ends last, the longest of these; own category before others."""
    found = [
        (match.end(), home == category, match.end() - match.start(), home, family, match.start())
        for noun, pattern, home, family in _nouns(language)
        for match in pattern.finditer(product)
        if len(noun) > 1 or match.end() == len(product)
    ]
    if not found:
        return None
    end, _, _, home, family, start = max(found)
    return home, family, start, end


@cache
def _nouns(language: str) -> tuple[tuple[str, re.Pattern[str], str, str], ...]:
    """(noun, pattern, category, family) of every family; English nouns match whole words, in the plural too."""
    found = []
    for category in _categories(language):
        for family, entry in load_copy_data(f"{language}/packs/{category}.json")["families"].items():
            for noun in map(str.lower, entry["nouns"]):
                word = rf"\b{re.escape(noun)}(?:e?s)?\b" if noun.isascii() else re.escape(noun)
                found.append((noun, re.compile(word), category, family))
    return tuple(found)


@cache
def _categories(language: str) -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in (DATA / "copy" / language / "packs").glob("*.json")))
