"""Finds which column of a table holds the brief and which the copy, by the headings that sellers and data sets use."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_suffix(".json")
# "（必填）", "[required]", "【选填】": what a form says of its column.
_ASIDE = re.compile(r"[(\[【〔<《][^)\]】〕>》]*[)\]】〕>》]")
_NO_LETTERS = re.compile(r"[^\w#/]|_")


@cache
def known_words() -> Mapping[str, Any]:
    """Return headings.json: names of columns, of conversations, of their speakers, and texts that stand for nothing."""
    words: Mapping[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return words


def find_columns(names: Iterable[Any]) -> tuple[Any, Any] | None:
    """Return the brief's and the copy's name among the names of columns; None where there is no such pair.

    Some names can be either ("商品描述" is a brief beside "广告词" and a copy beside "商品标题"), so the pair of the
    best ranks together is taken, the leftmost where two rank alike.
    """
    plain = [(name, _plain(name)) for name in names]
    briefs = [(rank, name) for name, key in plain if (rank := _ranks("brief").get(key)) is not None]
    copies = [(rank, name) for name, key in plain if (rank := _ranks("copy").get(key)) is not None]
    pairs = [
        (of_brief + of_copy, brief, copy)
        for (of_brief, brief), (of_copy, copy) in itertools.product(briefs, copies)
        if brief != copy
    ]
    return min(pairs, key=lambda pair: pair[0])[1:] if pairs else None


def find_conversation(names: Iterable[Any]) -> Any | None:
    """Return the name of the column that holds a conversation, None where there is none."""
    return next((name for name in names if str(name).strip().lower() in known_words()["conversation"]), None)


def is_named(name: Any, wanted: str) -> bool:
    """Say whether a column is called `wanted`, however it is written."""
    return _plain(name) == _plain(wanted)


def is_empty(text: str) -> bool:
    """Say whether a cell's text only says that there is none: nan, NULL, a spreadsheet's #N/A."""
    return not text or text.lower() in known_words()["empty"]


@cache
def _ranks(column: str) -> Mapping[str, int]:
    """Return the names of the column "brief" or "copy" with their rank, 0 for the most telling."""
    ranks: dict[str, int] = {}
    for rank, level in enumerate(known_words()[column]):
        for name in _names(level):
            ranks.setdefault(_plain(name), rank)
    return ranks


def _names(level: list[str] | dict[str, list[list[str]]]) -> Iterator[str]:
    """Yield a level's names; {"join": [...]} stands for every choice of one word of each list, put together."""
    if isinstance(level, list):
        yield from level
    else:
        yield from filter(None, map("".join, itertools.product(*level["join"])))


@lru_cache(maxsize=10_000)
def _plain(name: Any) -> str:
    """Return a heading without width, case, blanks, marks and asides."""
    text = unicodedata.normalize("NFKC", str(name)).lower()
    return _NO_LETTERS.sub("", _ASIDE.sub("", text) or text)
