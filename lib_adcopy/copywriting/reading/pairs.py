"""AdvertiseGen's form, "类型#裙*颜色#红色": names and values kept as they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.segments import label_kind
from lib_adcopy.copywriting.reading.source import Source
from lib_adcopy.copywriting.script import simplified
from lib_adcopy.domain.facts import Fact

_PAIR = re.compile(r"(?:^|[*\n，,；;\s])\s*[^\s#*，,；;]{1,12}#")
# Points in a line with nothing but # between them.
_HASH_LIST = re.compile(r"[^\s#][^#*，,；;\n]*(?:#[^#*，,；;\n]*[^\s#*，,；;])+")
_HASHES = 3
_SEPARATORS = re.compile(r"[*\n，,；;]+")
# Kinds of AdvertiseGen's attributes; lengths, collars, sleeves and the like are features.
ADGEN_KINDS = {
    "类型": "name", "衣样式": "name", "版型": "fit", "裙型": "fit", "裤型": "fit", "风格": "style", "图案": "pattern",
    "颜色": "colour", "材质": "material",
}  # fmt: skip


@dataclass(frozen=True)
class Pairs:
    """`attributes` in the order given, without repetition; `points` are what stands without a name, and what is named
    as a product or a selling point, the product first."""

    facts: tuple[Fact, ...]
    attributes: tuple[tuple[str, str], ...]
    points: tuple[str, ...]


def is_pairs(plain: str) -> bool:
    """Tell whether a text is of names and values with a # between; hashtags have no name before theirs."""
    return _PAIR.search(plain) is not None


def is_hash_list(plain: str) -> bool:
    """Tell whether a text parts its points by # alone: "电煮锅#小号#1.5L"."""
    first = plain.partition("#")[0]
    return plain.count("#") >= _HASHES and not label_kind(first) and _HASH_LIST.fullmatch(plain) is not None


def read_pairs(source: Source) -> Pairs:
    """Read a text of pairs; a pair without a value says nothing."""
    facts: list[Fact] = []
    attributes: list[tuple[str, str]] = []
    points: list[str] = []
    for name, start, end in _values(source.plain):
        text, kind = source.text[start:end], label_kind(name)
        value = simplified(text)
        if name and kind not in ("name", "feature") and (name, value) in attributes:
            continue
        if kind == "name" and name not in ADGEN_KINDS:
            points.insert(0, value)
            facts.append(Fact("name", text, "", start, end))
        elif not name or (kind == "feature" and name in ("卖点", "特点", "亮点")):
            points.append(value)
            facts.append(Fact(kind_of_phrase(source.plain[start:end]), text, "", start, end))
        else:
            attributes.append((name, value))
            told = ADGEN_KINDS.get(name) or ("name" if kind == "type" and name != "衣长" else kind) or "feature"
            told = "feature" if told == "type" else told
            facts.append(Fact(told, text, value, start, end, name))
    return Pairs(tuple(facts), tuple(attributes), tuple(points))


def _values(plain: str) -> Iterator[tuple[str, int, int]]:
    """Name, "" without one, and the place of each value."""
    at = 0
    for separator in [*_SEPARATORS.finditer(plain), None]:
        stop = separator.start() if separator else len(plain)
        piece = plain[at:stop]
        name, sign, _ = piece.partition("#")
        start = at + len(name) + 1 if sign else at
        value = plain[start:stop]
        first = start + len(value) - len(value.lstrip())
        last = start + len(value.rstrip())
        # "颜色#*": a name alone is no value of its own.
        if first < last and (not sign or name.strip() or value.strip()):
            yield name.strip() if sign else "", first, last
        at = separator.end() if separator else stop
