"""The AI label's wording, and what the law wants of it (GB 45438-2025; 人工智能生成合成内容标识办法, 2025-09-01)."""

from __future__ import annotations

import re

from lib_adcopy.creative.planning import words

CORNERS = ("top-right", "top-left", "bottom-right", "bottom-left")
_AI, _MADE = re.compile(r"人工智能|\bAI(?![a-z])|AI(?=[^a-z])"), re.compile(r"生成|合成|generated", re.IGNORECASE)


def wordings(language: str) -> tuple[str, ...]:
    """Return the label's wordings to choose from, the usual one first."""
    return tuple(words(language)["label"])


def is_sufficient(wording: str) -> bool:
    """Tell whether a wording names both the AI and the generation, as the standard asks."""
    return bool(_AI.search(wording) and _MADE.search(wording))


def default_wording(language: str, on: bool | None = None) -> str:
    """Return the wording where the label is on; by default it is on in Chinese."""
    return wordings(language)[0] if (on if on is not None else language == "zh") else ""
