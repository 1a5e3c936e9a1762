"""Phrases with alternatives, from which the starter's recipes make sentences about attributes.

A phrase is a sentence with alternatives in brackets, "[摸上去|捏一捏]就知道", and {names} of lists in
starter_templates.json for a word drawn from one.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

_ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")


@cache
def templates() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("starter_templates.json").read_text(encoding="utf-8"))
    return found


def expand(phrase: str, chance: random.Random) -> str:
    """Return the phrase with one of each bracket's alternatives and one of each list's words, no word twice."""
    chosen = _ALTERNATIVES.sub(lambda match: chance.choice(match[1].split("|")), phrase)
    for name, words in templates()["words"].items():
        while (slot := f"{{{name}}}") in chosen:
            free = [word for word in words if word not in chosen] or words
            chosen = chosen.replace(slot, chance.choice(free), 1)
    return chosen


def shown(name: str, value: str) -> str:
    """Return how a value is written in running text: 衣领型#v领 as V领, 风格#潮 as 潮流."""
    table = templates()
    found: str = table["written"].get(name, {}).get(value) or table["values"].get(value, value)
    return found


def joined(words: Sequence[str]) -> str:
    """ "A、B和C"."""
    return "、".join(words[:-1]) + "和" + words[-1] if len(words) > 1 else "".join(words)
