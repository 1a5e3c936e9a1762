"""The law's rules as data/law/*.json states them, compiled.

names.json: word lists that patterns share; {disease} in a pattern is any word of that list, {..8} at most eight
characters of the same clause. absolute.json, health.json, authority.json, order.json, trade.json and english.json:
groups of terms and patterns with a category, level, article and suggestion. exemptions.json: "harmless" wordings in
which a term means something else; "not_a_claim", what around a term makes it none or a lesser one; "with_source",
figures that state where they come from. replacements.json: term -> what may stand in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from lib_adcopy.copywriting.vocabulary import load

FILES = ("absolute", "health", "authority", "order", "trade", "english")
_NAME = re.compile(r"\{([a-z_]+)\}")
_GAP = re.compile(r"\{\.\.(\d+)\}")


@dataclass(frozen=True)
class Rule:
    """`pattern` finds what the law has something against."""

    pattern: re.Pattern[str]
    category: str
    level: str
    law: str
    suggestion: str


@dataclass(frozen=True)
class Context:
    """Describe what makes a finding of `categories` (all, where empty) no claim, or one of `level` at most.

    `before` and `after` are searched in the finding's clause, `sentence` in its sentence; all that are there must be
    found, and `unless` must not be, from the clause's begin to the finding's end.
    """

    categories: frozenset[str]
    level: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    sentence: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@cache
def rules() -> tuple[Rule, ...]:
    found = []
    for name in FILES:
        for group in load(f"law/{name}.json"):
            terms = sorted(group["terms"], key=len, reverse=True)
            written = "|".join([*group["patterns"], *map(re.escape, terms)])
            kept = (group["category"], group["level"], group["law"], group["suggestion"])
            found.append(Rule(compiled(written), *kept))
    return tuple(found)


@cache
def first_of(category: str) -> Rule:
    """Return the first rule of a category: its law and suggestion speak for the category."""
    return next(rule for rule in rules() if rule.category == category)


@cache
def harmless() -> re.Pattern[str]:
    return compiled("|".join(load("law/exemptions.json")["harmless"]))


@cache
def contexts() -> tuple[Context, ...]:
    rows: list[dict[str, Any]] = load("law/exemptions.json")["not_a_claim"]
    parts = ("before", "after", "sentence", "unless")
    return tuple(
        Context(
            frozenset(row.get("categories", ())),
            row.get("level", ""),
            *(compiled(row[part]) if part in row else None for part in parts),
        )
        for row in rows
    )


@cache
def with_source() -> tuple[frozenset[str], str, re.Pattern[str]]:
    """Return the categories that a source stated in the sentence turns into figures of the level, and what states
    one."""
    row = load("law/exemptions.json")["with_source"]
    return frozenset(row["categories"]), row["level"], compiled(row["sentence"])


@cache
def replacements() -> dict[str, str]:
    found: dict[str, str] = load("law/replacements.json")
    return found


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the data files, its {names} and gaps written out."""
    return re.compile(_expanded(pattern), re.IGNORECASE)


def _expanded(pattern: str) -> str:
    # A list may name another one.
    while _NAME.search(pattern):
        pattern = _NAME.sub(lambda match: f"(?:{_names()[match[1]]})", pattern)
    return _GAP.sub(r"[^，。！？；,!?;\\n]{0,\1}?", pattern)


@cache
def _names() -> dict[str, str]:
    return {name: "|".join(words) for name, words in load("law/names.json").items()}
