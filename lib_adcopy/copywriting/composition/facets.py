"""Describe what a statement is about: data/copy/<language>/facets.json names it in tables, titles and questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.domain.brief import Brief

_BOOK = re.compile(r"书(?!签|架|包|灯|立)|册|绘本|漫画|小说|诗|》|笔记|book|novel", re.IGNORECASE)
# What is told of a use may be about these rather than about how it is done.
_OF_USE = ("shelf", "connect", "care", "origin")


@dataclass(frozen=True)
class Facet:
    """`label` stands in a table of specifications, `heads` are short titles, `ask` what a buyer asks about it."""

    name: str
    label: str
    heads: tuple[str, ...]
    ask: tuple[str, ...]


@dataclass(frozen=True)
class _FacetRule:
    name: str
    labels: re.Pattern[str] | None
    find: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    categories: frozenset[str]


def facet_of(text: str, role: str, label: str, brief: Brief) -> Facet:
    """Return the facet of one statement: by its label, its role, its words, or "point"."""
    # What is kept with books, a bookmark, has no format.
    category = "" if brief.category == "books" and not _BOOK.search(brief.product or brief.text) else brief.category
    name = _name_of(text, role, label, brief.language, category)
    return _facet(name, brief.language, category)


@cache
def _name_of(text: str, role: str, label: str, language: str, category: str) -> str:
    rules = _rules(language)
    roles: dict[str, str] = load_copy_data(f"{language}/facets.json")["roles"]
    if role in ("price", "offer", "service", "place", "caveat", "voice"):
        return "price" if role == "offer" else roles[role]
    if label:
        for rule in rules:
            if rule.labels and rule.labels.fullmatch(label) and _fits(rule, category):
                return rule.name
    if role in roles and role != "use":
        return roles[role]
    for rule in rules:
        denied = rule.unless is not None and rule.unless.search(text) is not None
        if rule.find and not denied and _fits(rule, category) and rule.find.search(text):
            return rule.name if role != "use" or rule.name in _OF_USE else roles[role]
    if role in roles:
        return roles[role]
    return "spec" if re.match(r"[约近共]?\d", text) else "point"


def _fits(rule: _FacetRule, category: str) -> bool:
    return not rule.categories or category in rule.categories


@cache
def _facet(name: str, language: str, category: str) -> Facet:
    table = load_copy_data(f"{language}/facets.json")
    entries: dict[str, Any] = {entry["name"]: entry for entry in table["facets"]}
    entry = entries.get(name) or table["fixed"][name]
    facet = Facet(name, entry["label"], tuple(entry["heads"]), tuple(entry["ask"]))
    own = table["by_category"].get(category, {}).get(name, {})
    heads, ask = tuple(own.get("heads", facet.heads)), tuple(own.get("ask", facet.ask))
    return Facet(name, own.get("label", facet.label), heads, ask)


@cache
def _rules(language: str) -> tuple[_FacetRule, ...]:
    return tuple(
        _FacetRule(
            entry["name"],
            re.compile(entry["labels"], re.IGNORECASE) if "labels" in entry else None,
            re.compile(entry["find"]) if "find" in entry else None,
            re.compile(entry["not"]) if "not" in entry else None,
            frozenset(entry.get("cat", ())),
        )
        for entry in load_copy_data(f"{language}/facets.json")["facets"]
    )
