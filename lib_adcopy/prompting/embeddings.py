"""Embeddings in a prompt: a bare name, or "(name:1.2)" in the webui's attention syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_STRAY = re.compile(r"\s*,(?:\s*,)+")
_WEIGHTS = (0.1, 2.0)


@dataclass(frozen=True)
class EmbeddingUse:
    name: str
    weight: float = 1.0


def embeddings_in(text: str, installed: Iterable[str]) -> tuple[EmbeddingUse, ...]:
    """Return those of `installed` that the prompt names, in its order."""
    found = []
    for name in installed:
        match = _pattern(name).search(text)
        if match:
            found.append((match.start(), EmbeddingUse(name, float(match["weight"] or 1))))
    return tuple(use for _, use in sorted(found, key=lambda placed: placed[0]))


def with_embedding(text: str, name: str, weight: float) -> str:
    """Return the prompt with the embedding at this weight: changed where it stands, added at the end, or taken out at
    0."""
    written = ""
    if weight > 0:
        weight = round(min(max(weight, _WEIGHTS[0]), _WEIGHTS[1]), 2)
        written = name if weight == 1 else f"({name}:{weight:g})"
    changed, count = _pattern(name).subn(lambda match: written, text)
    if not count and written:
        changed = f"{text.rstrip(' ,')}, {written}" if text.strip(" ,") else written
    return _STRAY.sub(",", changed).strip(" ,")


def _pattern(name: str) -> re.Pattern[str]:
    """Return the name as a word of its own: EasyNegative is not found in EasyNegativeV2."""
    word = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    return re.compile(rf"\(\s*{word}\s*:\s*(?P<weight>\d*\.?\d+)\s*\)|{word}", re.IGNORECASE)
