"""Chinese product words to the English a photographer would use, from two plain CSV files and the user's own.

data/attributes.csv: name,zh,en - AdvertiseGen's values, which mean different things under different names.
data/glossary.csv: zh,en,category,kind - general words; kind is product, material, colour, detail, scene or unseen
(words that cannot be seen in a picture; their en is empty). The user's CSV has the second form and wins.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
KINDS = ("product", "material", "colour", "detail", "scene", "unseen")


@dataclass(frozen=True)
class Term:
    zh: str
    en: str
    kind: str = "detail"


class Glossary:
    """Look-ups by longest match; `attribute` is by name and value, `find` reads free text."""

    def __init__(self, attributes: dict[tuple[str, str], str], terms: dict[str, tuple[Term, ...]]) -> None:
        self._attributes = attributes
        self._terms = terms
        self._longest = max(map(len, terms), default=1)

    def attribute(self, name: str, value: str) -> str:
        """The English of an AdvertiseGen value under its name, "" where neither file knows it."""
        found = self._attributes.get((name, value.lower()))
        if found:
            return found
        return next((term.en for term in self._terms.get(value.lower(), ()) if term.kind != "unseen"), "")

    def find(self, text: str, *, scenes: bool = False) -> tuple[list[Term], str]:
        """The terms in `text`, longest first from the left, and the Chinese that is left over.

        `scenes` reads the text as copy: only scene words count, everything else is passed over.
        """
        found: list[Term] = []
        left: list[str] = []
        lowered = text.lower()
        at = 0
        while at < len(text):
            for size in range(min(self._longest, len(text) - at), 0, -1):
                term = self._one(lowered[at : at + size], scenes)
                if term:
                    found.append(term)
                    at += size
                    break
            else:
                left.append(text[at])
                at += 1
        return found, "".join(character for character in left if "\u4e00" <= character <= "\u9fff")

    def _one(self, word: str, scenes: bool) -> Term | None:
        for term in self._terms.get(word, ()):
            if (term.kind == "scene") == scenes:
                return term
        return None


def load_glossary(user_csv: Path | None = None) -> Glossary:
    """The glossary, with the user's own words on top where he has any."""
    if user_csv is None or not user_csv.is_file():
        return _own()
    attributes, terms = _attributes(), _grouped(_rows(DATA / "glossary.csv"))
    for zh, mine in _grouped(_rows(user_csv)).items():
        terms[zh] = (*mine, *terms.get(zh, ()))
    return Glossary(attributes, terms)


@cache
def _own() -> Glossary:
    return Glossary(_attributes(), _grouped(_rows(DATA / "glossary.csv")))


def _attributes() -> dict[tuple[str, str], str]:
    with (DATA / "attributes.csv").open(encoding="utf-8", newline="") as file:
        return {(row["name"], row["zh"].lower()): row["en"] for row in csv.DictReader(file)}


def _rows(file: Path) -> Iterator[Term]:
    # utf-8-sig: spreadsheet programs put a byte order mark before the user's CSV.
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.DictReader(opened):
            zh, en = (row.get("zh") or "").strip().lower(), (row.get("en") or "").strip()
            kind = (row.get("kind") or "detail").strip()
            if zh and kind in KINDS and en.isascii() and bool(en) == (kind != "unseen"):
                yield Term(zh, en, kind)


def _grouped(terms: Iterator[Term]) -> dict[str, tuple[Term, ...]]:
    found: dict[str, tuple[Term, ...]] = {}
    for term in terms:
        found[term.zh] = (*found.get(term.zh, ()), term)
    return found
