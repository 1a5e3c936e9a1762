"""Chinese product words to the English a photographer would use: plain CSV files, the user's own on top.

attributes.csv: AdvertiseGen's values, which mean different things under different names. The general words are those
of copywriting.reading.lexicon; their columns are described in its words/README.md.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lib_adcopy.copywriting.reading.lexicon import (
    KINDS,
    PRODUCT_KINDS,
    SCENE_KINDS,
    Lexicon,
    Segment,
    Term,
    term_of_row,
)
from lib_adcopy.copywriting.reading.lexicon import heads as own_heads
from lib_adcopy.copywriting.reading.lexicon import terms as own_terms
from lib_adcopy.i18n import Message

__all__ = ["COUNTS", "KINDS", "PLACES", "PRODUCT_KINDS", "SCENE_KINDS", "Attribute", "Glossary", "Segment", "Term"]

FOLDER = Path(__file__).parent
COUNTS = ("", "pair", "some")
PLACES = ("noun", "before", "after")


@dataclass(frozen=True)
class Attribute:
    """The English of an AdvertiseGen value and where it stands: "noun", "before" the noun or "after" it."""

    en: str
    place: str


class Glossary(Lexicon):
    """The lexicon with AdvertiseGen's values; `problems` are the user's lines that could not be read."""

    def __init__(
        self,
        attributes: Mapping[tuple[str, str], Attribute],
        terms: Mapping[str, Term],
        heads: Mapping[str, Term],
        problems: tuple[Message, ...] = (),
    ) -> None:
        super().__init__(terms, heads)
        self._attributes = attributes
        self.problems = problems

    def attribute(self, name: str, value: str) -> Attribute | None:
        """Return an AdvertiseGen value under its name; one the data set lacks under it is looked up under the same name
        of another garment (袖型 of 裙 and of 衣), then among the general words."""
        names = (name, *(garment + name[1:] for garment in "裙裤衣"))
        found = next(filter(None, (self._attributes.get((each, value.lower())) for each in names)), None)
        if found:
            return found
        term = self.term(value)
        if term is None or not term.en:
            return None
        return Attribute(term.en, "noun" if term.is_product else "after")


def load_glossary(user_csv: Path | None = None) -> Glossary:
    """Return the glossary, with the user's own words on top where he has a file."""
    if user_csv is None or not user_csv.is_file():
        return _own()
    mine, problems = read_user_words(user_csv)
    terms, heads = dict(own_terms()), dict(own_heads())
    for term in mine:
        (heads if term.kind == "head" else terms)[term.zh.lower()] = term
    return Glossary(_attributes(), terms, heads, problems)


def read_user_words(file: Path) -> tuple[list[Term], tuple[Message, ...]]:
    """Return the user's rows, and a sentence with the line's number for each that cannot be used. Never raises for
    content."""
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
            term = term_of_row(row, "")
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


@cache
def _own() -> Glossary:
    return Glossary(_attributes(), own_terms(), own_heads())


@cache
def _attributes() -> dict[tuple[str, str], Attribute]:
    with (FOLDER / "attributes.csv").open(encoding="utf-8", newline="") as file:
        return {(row["name"], row["zh"].lower()): Attribute(row["en"], row["place"]) for row in csv.DictReader(file)}
