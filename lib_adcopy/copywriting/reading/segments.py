"""A plain text cut into phrases: at marks, list signs and brackets, and at the spaces sellers put between keywords.

labels.json: kind of fact -> the names that stand before its value ("材质：陶瓷").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.copywriting.reading.amounts import Amount

_HAN = r"[\u4e00-\u9fff]"
_MARKS = (
    r"[，,、；;。！!？?\n|/\\【】\[\]()（）{}「」『』《》“”\"…—_^+=:：#*\t]|(?<![A-Za-z])&|&(?![A-Za-z])|"
    rf"(?<=[A-Za-z\u4e00-\u9fff)])\.(?=\s|$)|(?<=\s)[-~](?=\s)|(?<=\s)-(?={_HAN})|(?<={_HAN})-(?={_HAN})|-{{2,}}"
)
# "- ", "1. ", "(2)", "三、" before a point of a list.
NUMBERING = re.compile(
    r"(?:(?<=\n)|^)[ \t]*(?:[-*#>~]+[ \t]*|[(（]?\d{1,2}[.、)）](?!\d)[ \t]*|"
    r"[(（]?[一二三四五六七八九十]{1,2}[.、)）][ \t]*)+"
)
_SPACES = re.compile(r"\s+")
_LATIN_BEFORE = re.compile(r"[A-Za-z\d&'’.éèüöäñç-]$")
_LATIN_AFTER = re.compile(r"[A-Za-z\d&]")
# After these the value of a label goes on: "颜色：红、黄/蓝".
_GOES_ON = frozenset("、/+&")

# AdvertiseGen's names of what a garment is, behind 衣, 裙 or 裤.
_OF_THE_GARMENT = ("样式", "型", "长")
# "【材质】陶瓷": brackets around a label.
_HEADINGS = tuple("【】[]")


@dataclass(frozen=True)
class Phrase:
    """Describe what stands between two separators: its place, and the kind of fact its label names, "" without one.

    `segment` numbers the stretches between marks; phrases of one segment are divided by spaces only. `name` is the
    label itself.
    """

    start: int
    end: int
    segment: int = 0
    label: str = ""
    name: str = ""


def cut_phrases(plain: str, amounts: Sequence[Amount], *, by_spaces: bool = True) -> list[Phrase]:
    """Cut a text into phrases, never within an amount.

    `by_spaces` is False for a language that writes spaces between all words.
    """
    closed = bytearray(len(plain))
    for amount in amounts:
        closed[amount.start : amount.end] = b"\x01" * (amount.end - amount.start)
    phrases: list[Phrase] = []
    name = heading = ""
    for number, (start, end, mark, named) in enumerate(_segments(plain, closed)):
        name = named or heading or (name if mark in _GOES_ON else "")
        heading = plain[start:end].strip() if mark in _HEADINGS and plain[end : end + 1] in _HEADINGS else ""
        if heading and label_kind(heading):
            continue
        heading = ""
        pieces = list(_pieces(plain, start, end, closed)) if by_spaces else [(start, end)]
        phrases += _labelled(plain, pieces, Phrase(start, end, number, label_kind(name), name))
    return phrases


def label_kind(name: str) -> str:
    """Return the kind of fact a label names, "" for a word that is no label."""
    word = name.strip().lower()
    return labels().get(word) or (labels().get(word[:-1], "") if word.isascii() and word.endswith("s") else "")


@cache
def labels() -> dict[str, str]:
    """Return every label in lower case -> its kind: one of FACT_KINDS, or "type" for what only tells the sort of thing.

    AdvertiseGen's names are labels too: "裙长：连衣裙".
    """
    data: dict[str, list[str]] = json.loads(Path(__file__).with_name("labels.json").read_text(encoding="utf-8"))
    adgen = {name: "type" if name[1:] in _OF_THE_GARMENT else "feature" for name in vocabulary.values()}
    return {**adgen, **{name: kind for kind, names in data.items() for name in names}}


@cache
def _separators() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(labels(), key=len, reverse=True)))
    return re.compile(
        rf"(?P<label>(?<![\u4e00-\u9fffA-Za-z])(?P<name>{names})\s*[:：=]\s*)|(?P<mark>{_MARKS})", re.IGNORECASE
    )


def _segments(plain: str, closed: bytearray) -> Iterator[tuple[int, int, str, str]]:
    """Start, end, the mark before and the kind named before each stretch between marks."""
    for numbering in NUMBERING.finditer(plain):
        if not any(closed[numbering.start() : numbering.end()]):
            plain = plain[: numbering.start()] + "\n" * len(numbering.group()) + plain[numbering.end() :]
    start, mark, named = 0, "", ""
    for found in _separators().finditer(plain):
        if any(closed[found.start() : found.end()]):
            continue
        if plain[start : found.start()].strip():
            yield start, found.start(), mark, named
            named = ""
        start = found.end()
        mark, named = (found["mark"], "") if found["mark"] else ("", found["name"])
    if plain[start:].strip():
        yield start, len(plain), mark, named


def _pieces(plain: str, start: int, end: int, closed: bytearray) -> Iterator[tuple[int, int]]:
    """Yield the stretches between spaces; words of a Latin name stay together."""
    begun = start
    for space in _SPACES.finditer(plain, start, end):
        if any(closed[space.start() : space.end()]):
            continue
        inside = not (space.start() and closed[space.start() - 1]) and not (space.end() < end and closed[space.end()])
        after = _LATIN_AFTER.match(plain, space.end(), end)
        if inside and after and _LATIN_BEFORE.search(plain, begun, space.start()):
            continue
        if plain[begun : space.start()].strip():
            yield begun, space.start()
        begun = space.end()
    if plain[begun:end].strip():
        yield begun, end


def _labelled(plain: str, pieces: Sequence[tuple[int, int]], whole: Phrase) -> Iterator[Phrase]:
    """Yield the phrases of a segment; a label's name without a colon is one too where a value follows: "材质 陶瓷"."""
    once = ""
    for number, (start, end) in enumerate(pieces):
        if label_kind(plain[start:end]) and number + 1 < len(pieces):
            once = plain[start:end].strip()
            continue
        start += len(plain[start:end]) - len(plain[start:end].lstrip())
        name = once or whole.name
        yield Phrase(start, start + len(plain[start:end].rstrip()), whole.segment, label_kind(name), name)
        once = ""
        # A brand is one word; what follows it is the product: "品牌:雾也 香薰蜡烛".
        whole = replace(whole, label="", name="") if label_kind(name) == "brand" else whole
