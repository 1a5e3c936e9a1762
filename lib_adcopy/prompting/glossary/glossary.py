"""Chinese product words to the English a photographer would use: plain CSV files, the user's own on top.

data/attributes.csv: AdvertiseGen's values, which mean different things under different names.
data/glossary/*.csv: general words, one file a category. Columns are told in data/glossary/README.md.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lib_adcopy.i18n import Message

FOLDER = Path(__file__).parent
# A word is looked up in these before the rest: the product itself, what it is made of and looks like.
PRODUCT_KINDS = ("product", "garment")
SCENE_KINDS = ("place", "room", "occasion", "season", "light", "mood")
KINDS = (*PRODUCT_KINDS, "head", "part", "material", "colour", "shape", "detail", "packaging", *SCENE_KINDS, "unseen")
# In a user's file "scene", the word of the first version, still reads as a place.
_OLD_KINDS = {"scene": "place"}
COUNTS = ("", "pair", "some")
PLACES = ("noun", "before", "after")


@dataclass(frozen=True)
class Term:
    """One row. `category` is its file's name; `count` tells whether "a", "a pair of" or nothing stands before it."""

    zh: str
    en: str
    kind: str = "detail"
    count: str = ""
    category: str = ""


@dataclass(frozen=True)
class Attribute:
    """The English of an AdvertiseGen value and where it stands: "noun", "before" the noun or "after" it."""

    en: str
    place: str


@dataclass(frozen=True)
class Piece:
    """A stretch of text: `term` is None where no word of the glossary begins."""

    text: str
    term: Term | None = None


class Glossary:
    """Look-ups by exact word; `split` reads free text. `problems` are the user's lines that could not be read."""

    def __init__(
        self,
        attributes: dict[tuple[str, str], Attribute],
        terms: dict[str, Term],
        heads: dict[str, Term],
        problems: tuple[Message, ...] = (),
    ) -> None:
        self._attributes = attributes
        self._terms = terms
        self._heads = heads
        self._longest = max(map(len, terms), default=1)
        self.problems = problems

    def attribute(self, name: str, value: str) -> Attribute | None:
        """An AdvertiseGen value under its name; one the data set lacks under it is looked up under the same name of
        another garment (袖型 of 裙 and of 衣), then among the general words."""
        names = (name, *(garment + name[1:] for garment in "裙裤衣"))
        found = next(filter(None, (self._attributes.get((each, value.lower())) for each in names)), None)
        if found:
            return found
        term = self._terms.get(value.lower())
        if term is None or not term.en:
            return None
        return Attribute(term.en, "noun" if term.kind in PRODUCT_KINDS else "after")

    def split(self, text: str) -> list[Piece]:
        """The words of `text` such that as much as possible is known, in as few and long words as possible."""
        lowered = text.lower()
        best = [0] * (len(text) + 1)
        sizes = [0] * len(text)
        for at in range(len(text) - 1, -1, -1):
            best[at] = best[at + 1]
            for size in range(1, min(self._longest, len(text) - at) + 1):
                if lowered[at : at + size] in self._terms and size * size + best[at + size] >= best[at]:
                    best[at], sizes[at] = size * size + best[at + size], size
        return list(self._pieces(text, lowered, sizes))

    def head(self, text: str, *, whole: bool = False) -> Term | None:
        """What a word nobody knows is by its last characters: any 架 is a rack. Its `zh` is that part of the word;
        `whole` lets it be all of it."""
        for size in (2, 1):
            found = self._heads.get(text[-size:]) if len(text) >= size + (not whole) else None
            if found:
                return found
        return None

    def english(self, *kinds: str) -> frozenset[str]:
        """The English of every term of these kinds, in lower case."""
        return frozenset(term.en.lower() for term in self._terms.values() if term.kind in kinds)

    def _pieces(self, text: str, lowered: str, sizes: list[int]) -> Iterator[Piece]:
        at = start = 0
        while at < len(text):
            if not sizes[at]:
                at += 1
                continue
            if start < at:
                yield Piece(text[start:at])
            yield Piece(text[at : at + sizes[at]], self._terms[lowered[at : at + sizes[at]]])
            at = start = at + sizes[at]
        if start < len(text):
            yield Piece(text[start:])


def load_glossary(user_csv: Path | None = None) -> Glossary:
    """The glossary, with the user's own words on top where he has a file."""
    if user_csv is None or not user_csv.is_file():
        return _own()
    mine, problems = read_user_words(user_csv)
    terms, heads = dict(_terms()), dict(_heads())
    for term in mine:
        (heads if term.kind == "head" else terms)[term.zh.lower()] = term
    return Glossary(_attributes(), terms, heads, problems)


def read_user_words(file: Path) -> tuple[list[Term], tuple[Message, ...]]:
    """The user's rows, and a sentence with the line's number for each that cannot be used. Never raises for content."""
    try:
        # utf-8-sig: spreadsheet programs put a byte order mark before the user's CSV.
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return [], (Message("prompting.note.words_unreadable", {"file": file.name}),)
    reader = csv.DictReader(lines)
    if not {"zh", "en"} <= set(reader.fieldnames or ()):
        return [], (Message("prompting.note.words_head", {"file": file.name}),)
    terms: list[Term] = []
    problems: list[Message] = []
    seen: set[str] = set()
    try:
        for row in reader:
            term = _term(row, "")
            problem = _problem(term, seen)
            if problem:
                place: dict[str, object] = {"file": file.name, "line": reader.line_num}
                problems.append(Message(f"prompting.note.words_{problem}", {**place, "word": term.zh or term.en}))
            elif term.zh:
                seen.add(term.zh.lower())
                terms.append(term)
    except csv.Error:
        problems.append(Message("prompting.note.words_unreadable", {"file": file.name}))
    return terms, tuple(problems)


def _problem(term: Term, seen: set[str]) -> str:
    if not term.zh:
        return "no_zh" if term.en else ""
    if term.kind not in KINDS:
        return "kind"
    if term.count not in COUNTS:
        return "count"
    if term.kind == "unseen":
        return ""
    if not term.en or not term.en.isascii() or any(sign in term.en for sign in "<>()[]{}:"):
        return "en"
    return "twice" if term.zh.lower() in seen else ""


def _term(row: dict[str, str], category: str) -> Term:
    def cell(name: str) -> str:
        return (row.get(name) or "").strip()

    kind = cell("kind") or "detail"
    return Term(cell("zh"), cell("en"), _OLD_KINDS.get(kind, kind), cell("count"), category or cell("category"))


@cache
def _own() -> Glossary:
    return Glossary(_attributes(), _terms(), _heads())


@cache
def _attributes() -> dict[tuple[str, str], Attribute]:
    with (FOLDER / "attributes.csv").open(encoding="utf-8", newline="") as file:
        return {(row["name"], row["zh"].lower()): Attribute(row["en"], row["place"]) for row in csv.DictReader(file)}


@cache
def _terms() -> dict[str, Term]:
    return {term.zh.lower(): term for term in _rows() if term.kind != "head"}


@cache
def _heads() -> dict[str, Term]:
    return {term.zh: term for term in _rows() if term.kind == "head"}


@cache
def _rows() -> tuple[Term, ...]:
    found = []
    for path in sorted((FOLDER / "words").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [_term(row, path.stem) for row in csv.DictReader(file)]
    return tuple(found)
