"""The template writer's phrases, read from data/templates_<language>.json.

A phrase is a sentence with alternatives in brackets, "[摸上去|捏一捏]就知道", {names} for what the brief says, and
names from "words" for a word drawn from a list. Attributes of one kind (all that is said of the collar) are spoken of
together; "alone" and "always" hold sentences for one value, which may or must stand in for the kind's.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from lib_adcopy.copywriting.vocabulary import load

_ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")
# What an attribute's name is about, by the part of the name that tells it; 袖 before 长, for a sleeve's length.
_KINDS = {
    "风格": "风格", "版型": "版型", "颜色": "颜色", "图案": "图案", "材质": "材质", "裙型": "形", "裤型": "形",
    "衣样式": "形", "裙长": "类型", "裤长": "类型", "类型": "类型", "裤口": "裤口", "下摆": "下摆", "门襟": "门襟",
    "款式": "款式", "领": "领", "袖": "袖", "腰": "腰", "长": "长",
}  # fmt: skip


@cache
def phrases(language: str) -> dict[str, Any]:
    return load(f"templates_{language}.json")


def expand(phrase: str, chance: random.Random, wear: str = "") -> str:
    """The phrase with one of each bracket's alternatives and one of each list's words, no word twice.

    `wear` is the garment: "item_裙" is drawn from as well for a 裙, and "outing@睡" instead for what is worn in bed.
    """
    chosen = _ALTERNATIVES.sub(lambda match: chance.choice(match[1].split("|")), phrase)
    lists: dict[str, list[str]] = phrases("zh")["words"]
    for name, words in lists.items():
        while (slot := f"{{{name}}}") in chosen:
            known = lists.get(f"{name}@{wear}") or [*words, *lists.get(f"{name}_{wear}", [])]
            free = [word for word in known if word not in chosen] or known
            chosen = chosen.replace(slot, chance.choice(free), 1)
    return chosen


def before_the_noun(name: str, value: str) -> bool:
    """Whether the value reads well right before the product: 黑色卫衣, 碎花连衣裙."""
    found: list[str] = phrases("zh")["before"].get(name, [])
    return name == "颜色" or value in found


def for_category(kind: str, category: str, language: str) -> list[str]:
    """Openings, scenes, titles, hashtags or emoji of a category, the general ones where it has none."""
    found: dict[str, list[str]] = phrases(language)[kind]
    return found.get(category) or found.get("*") or found["other"]


def closings(category: str, tone: str, language: str) -> list[str]:
    table = phrases(language)
    return table.get("tones", {}).get(tone) or table.get(f"closings_{category}") or table["closings"]


def kind_of(name: str) -> str:
    """What an attribute is about: 裙领型 and 衣领型 are both about the collar."""
    return next((kind for part, kind in _KINDS.items() if part in name), "*")


def clauses(kind: str, pairs: Sequence[tuple[str, str]], chance: random.Random) -> list[str]:
    """Chinese sentences that say attributes of one kind; {v} is their values, joined."""
    table = phrases("zh")
    if len(pairs) == 1:
        name, value = pairs[0]
        must: list[str] = table["always"].get(name, {}).get(value, [])
        may: list[str] = table["alone"].get(name, {}).get(value, [])
        if must or (may and chance.random() < 0.5):
            return must or may
    found: list[str] = table["groups"][kind]
    return found


def shown(name: str, value: str) -> str:
    """How a value is written in running text: 衣领型#v领 as V领, 风格#潮 as 潮流."""
    table = phrases("zh")
    return table["written"].get(name, {}).get(value) or table["values"].get(value, value)


def measure_word(noun: str, otherwise: str) -> str:
    """What one of them is counted by: 一双鞋, 一只包, 一顶帽子; the longest ending known decides."""
    table: dict[str, list[str]] = phrases("zh")["units"]
    ends = {end: unit for unit, listed in table.items() for end in listed if noun.rstrip("子").endswith(end)}
    return ends[max(ends, key=len)] if ends else otherwise


def unfit() -> dict[str, list[str]]:
    """Part of a product's name -> words that no sentence about it may hold: no other shoes to go with shoes."""
    found: dict[str, list[str]] = phrases("zh")["unfit"]
    return found


def joined(kind: str, words: Sequence[str]) -> str:
    """ "A、B和C"; what describes the cut is joined by 又, as adjectives are."""
    if kind == "版型" and len(words) == 2 and not any(word.endswith(("剪裁", "型")) for word in words):
        return "又".join(words)
    if len(words) < 2:
        return "".join(words)
    return "、".join(words[:-1]) + ("与" if kind == "风格" else "和") + words[-1]


def mood(style: str, chance: random.Random) -> str:
    """The noun a style's feeling is called by; a plain good feeling for a brief without style."""
    table = phrases("zh")
    found: str = table["moods"].get(style) or chance.choice(table["plain_moods"])
    return found
