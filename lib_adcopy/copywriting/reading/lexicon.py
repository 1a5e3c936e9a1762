"""The dictionary of product words: what each is, its category and the kind of fact it states.

words/*.csv, one file a category for products and one a kind for the rest; the columns are described in
words/README.md. The English column is the prompt's (prompting.glossary builds on this module).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"
# What can be for sale: a thing, something a model wears, something that is done for the buyer.
PRODUCT_KINDS = ("product", "garment", "service")
SCENE_KINDS = ("place", "room", "occasion", "season", "light", "mood")
KINDS = (*PRODUCT_KINDS, "head", "part", "material", "colour", "shape", "detail", "packaging", *SCENE_KINDS, "unseen")
# In a user's file "scene", the word of the first version, still reads as a place.
_OLD_KINDS = {"scene": "place"}
# "深蓝色" is said without its 色 too, unlike "咖啡色".
_COLOUR = re.compile("[\u4e00-\u9fff]{1,3}[红橙黄绿蓝紫黑白灰棕粉]色")
_FACTS = {
    "material": "material", "colour": "colour", "packaging": "feature", "part": "feature", "detail": "feature",
    "shape": "feature", "place": "occasion", "room": "occasion", "occasion": "occasion", "season": "season",
}  # fmt: skip


@dataclass(frozen=True)
class Term:
    """One row. `category` is its file's name or column; `count` tells whether "a", "a pair of" or nothing stands before
    `en`; `fact` is the kind of fact the word states, "" where it states none by itself."""

    zh: str
    en: str
    kind: str = "detail"
    count: str = ""
    category: str = ""
    fact: str = ""

    @property
    def is_product(self) -> bool:
        return self.kind in PRODUCT_KINDS


@dataclass(frozen=True)
class Segment:
    """A stretch of text from `start` on: `term` is None where no word of the lexicon begins."""

    text: str
    term: Term | None = None
    start: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Lexicon:
    """Look-up by exact word; `split` reads free text, `head` tells what an unknown word is by its last characters."""

    def __init__(self, terms: Mapping[str, Term], heads: Mapping[str, Term]) -> None:
        self._terms = terms
        self._heads = heads
        self._longest = max(map(len, terms), default=1)
        # Most positions of a text begin no word: their first two characters tell.
        self._starts = frozenset(word[:2] for word in terms)

    def term(self, word: str) -> Term | None:
        return self._terms.get(word.lower())

    def split(self, text: str, start: int = 0) -> list[Segment]:
        """Cut `text` such that as much as possible is known, in as few and long words as possible.

        `start` is added to the pieces' positions. Latin words match whole words only.
        """
        lowered = text.lower()
        if len(lowered) != len(text):
            lowered = text
        best = [0] * (len(text) + 1)
        sizes = [0] * len(text)
        for at in range(len(text) - 1, -1, -1):
            best[at] = best[at + 1]
            longest = self._longest if lowered[at : at + 2] in self._starts else 1
            for size in range(1, min(longest, len(text) - at) + 1):
                if size * size + best[at + size] < best[at] or lowered[at : at + size] not in self._terms:
                    continue
                if not _cuts_latin(lowered, at, at + size):
                    best[at], sizes[at] = size * size + best[at + size], size
        return list(self._pieces(text, lowered, sizes, start))

    def head(self, text: str, *, whole: bool = False) -> Term | None:
        """Return what an unknown word is by its last characters: any 架 is a rack.

        The term's `zh` is that part of the word; with `whole` it may be all of it.
        """
        for size in (3, 2, 1):
            found = self._heads.get(text[-size:]) if len(text) >= size + (not whole) else None
            if found:
                return found
        return None

    def english(self, *kinds: str) -> frozenset[str]:
        """Return the English of every term of these kinds, in lower case."""
        return frozenset(term.en.lower() for term in self._terms.values() if term.kind in kinds)

    def terms(self, *kinds: str) -> Iterator[Term]:
        return (term for term in self._terms.values() if term.kind in kinds)

    def _pieces(self, text: str, lowered: str, sizes: list[int], offset: int) -> Iterator[Segment]:
        at = start = 0
        while at < len(text):
            if not sizes[at]:
                at += 1
                continue
            if start < at:
                yield Segment(text[start:at], None, offset + start)
            yield Segment(text[at : at + sizes[at]], self._terms[lowered[at : at + sizes[at]]], offset + at)
            at = start = at + sizes[at]
        if start < len(text):
            yield Segment(text[start:], None, offset + start)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _cuts_latin(text: str, start: int, end: int) -> bool:
    """Tell whether a word ends or begins within a Latin one: the "ol" of "cool"."""
    before = start > 0 and _is_latin(text[start - 1]) and _is_latin(text[start])
    after = end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    return before or after


def term_of_row(row: Mapping[str, str | None], category: str) -> Term:
    """Read a CSV row, cells stripped; `category` is used where the row has none."""

    def cell(name: str) -> str:
        return (row.get(name) or "").strip()

    kind = cell("kind") or "detail"
    kind = _OLD_KINDS.get(kind, kind)
    fact = cell("fact") or _FACTS.get(kind, "")
    return Term(cell("zh"), cell("en"), kind, cell("count"), cell("category") or category, fact)


@cache
def terms() -> dict[str, Term]:
    """Return every word but the heads, in lower case; a colour with and without 色: 深蓝色, 深蓝."""
    found = {term.zh.lower(): term for term in _rows() if term.kind != "head"}
    colours = [term for term in found.values() if term.kind == "colour" and _COLOUR.fullmatch(term.zh)]
    return {**{term.zh[:-1]: replace(term, zh=term.zh[:-1]) for term in colours}, **found}


@cache
def heads() -> dict[str, Term]:
    return {term.zh: term for term in _rows() if term.kind == "head"}


@cache
def load_lexicon() -> Lexicon:
    return Lexicon(terms(), heads())


@cache
def _rows() -> tuple[Term, ...]:
    found: list[Term] = []
    for path in sorted(FOLDER.glob("*.csv")):
        found += _rows_of(path)
    return tuple(found)


def _rows_of(path: Path) -> Iterable[Term]:
    with path.open(encoding="utf-8", newline="") as file:
        return [term_of_row(row, path.stem) for row in csv.DictReader(file)]
