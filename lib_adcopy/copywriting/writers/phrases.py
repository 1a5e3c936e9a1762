"""The template writer's phrases: which clauses can say an attribute, read from data/templates_<language>.json."""

from __future__ import annotations

from functools import cache
from typing import Any

from lib_adcopy.copywriting.vocabulary import load

# Which list of clauses serves an attribute name, by the part of the name that tells it.
_BY_PART = ("裙型", "裤型", "裤口", "下摆", "门襟", "款式", "衣样式", "领", "袖", "腰", "长")


@cache
def phrases(language: str) -> dict[str, Any]:
    return load(f"templates_{language}.json")


def for_category(kind: str, category: str, language: str) -> list[str]:
    """Openings, scenes, titles, hashtags or emoji of a category, the general ones where it has none."""
    found: dict[str, list[str]] = phrases(language)[kind]
    return found.get(category) or found.get("*") or found["other"]


def clauses(name: str, value: str) -> list[str]:
    """Chinese clauses that say one attribute, the value's own first where there are any; {v} is the value."""
    table = phrases("zh")
    if name == "风格":
        return table["style"]
    part = next((part for part in (name, *_BY_PART) if part in name and part in table["names"]), "*")
    found = table["names"][part]
    return found if isinstance(found, list) else found.get(value) or found["*"]


def shown(name: str, value: str) -> str:
    """How a value is written in running text: 衣领型#v领 as V领, 风格#潮 as 潮流."""
    table = phrases("zh")
    if name == "风格" and value in table["style_words"]:
        return table["style_words"][value]
    return table["values"].get(value, value)


def mood(style: str) -> str:
    return phrases("zh")["moods"].get(style, "")
