"""AdvertiseGen's attributes in free words: 圆领 under the name its garment gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lib_adcopy.copywriting import vocabulary

Pair = tuple[str, str]
# "简约图案" names its attribute itself, whether or not the vocabulary knows the value under that name.
_NAMED = re.compile(r"(?P<value>[^的]{1,6})的?(?P<name>风格|图案|颜色|材质|版型)")
_IMPLIES = {"裙长": "裙", "裙型": "裙", "裤型": "裤", "裤长": "裤", "衣样式": "上衣"}


@dataclass(frozen=True)
class GarmentAttribute:
    """An attribute and where it is said."""

    pair: Pair
    start: int
    end: int


def garment_in(words: Sequence[str]) -> str:
    """Return the garment type that words name or imply ("裙", "裤", "上衣"), "" for none of AdvertiseGen's."""
    known = sorted(vocabulary.names_by_word(), key=len, reverse=True)
    for word in words:
        if word and word[-1] in "裙裤" and "尿" not in word:
            return word[-1]
        lowered = word.lower()
        for name in known:
            if len(name) < 2 or not _within(name, lowered):
                continue
            for kind, value in vocabulary.names_by_word()[name]:
                garment = value if kind == "类型" else _IMPLIES.get(kind, "")
                if garment:
                    return garment
    return ""


def attributes_in(text: str, garment: str, start: int, label: str = "") -> Iterator[GarmentAttribute]:
    """Yield the attributes of a phrase, longest match from the left; `label` is the name before it, "" without one."""
    if label in vocabulary.values():
        told = _meaning(text.lower(), garment, whole=True, name=label) or (label, text)
        yield GarmentAttribute(told, start, start + len(text))
        return
    named = _NAMED.fullmatch(text)
    if named and _meaning(named["value"].lower(), garment, whole=True, name=named["name"]) is None:
        yield GarmentAttribute((named["name"], named["value"]), start, start + len(text))
        return
    lowered = text.lower()
    longest = max(map(len, vocabulary.names_by_word()))
    at = 0
    while at < len(text):
        for size in range(min(longest, len(text) - at), 0, -1):
            word = lowered[at : at + size]
            pair = None if _cuts_latin(lowered, at, at + size) else _meaning(word, garment, whole=size == len(text))
            if pair:
                yield GarmentAttribute(pair, start + at, start + at + size)
                at += size
                break
        else:
            at += 1


def _meaning(word: str, garment: str, *, whole: bool, name: str = "") -> Pair | None:
    # A single character ("棉", "潮", "h") is an attribute only where it is the whole piece; inside words it is chance.
    if len(word) < 2 and not whole:
        return None
    pairs = vocabulary.names_by_word().get(word, ())
    fitting = (pair for pair in pairs if vocabulary.fits_garment(pair[0], garment))
    return next((pair for pair in fitting if name in ("", pair[0])), None)


def _within(name: str, text: str) -> bool:
    at = text.find(name)
    return at >= 0 and not _cuts_latin(text, at, at + len(name))


def _cuts_latin(text: str, start: int, end: int) -> bool:
    """Tell whether a match begins or ends within a Latin word: the "ol" of "cool"."""

    def inside(at: int) -> bool:
        return 0 < at < len(text) and all(mark.isascii() and mark.isalpha() for mark in text[at - 1 : at + 1])

    return inside(start) or inside(end)
