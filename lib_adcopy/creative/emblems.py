"""Which drawing of its goods a creative without a picture shows: by the words of the brief, else by its category.

The drawings are data/emblems.json: parts in a square of 100 by 100 units, the first at the back, standing on its foot.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "emblems.json"
_FALLBACK = "bag"
# Categories that say little of what the goods look like.
_GENERAL = ("services", "other", "digital")


@cache
def emblems() -> Mapping[str, Mapping[str, Any]]:
    """Return the drawings by name: "words" and "categories" they stand for, and "parts"."""
    stored: dict[str, Mapping[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return stored


def emblem_for(product: str, text: str, category: str) -> str:
    """Return the drawing's name: by words of the product, then of the text, then by the category, the first of its own.

    The text's words, and words of one character (面, 粉), count only where the category agrees or is general.
    """
    for said, strict in ((product.lower(), False), (text.lower(), True)):
        found = {name: _longest(emblem, said, category, strict) for name, emblem in emblems().items()}
        best = max(found, key=lambda name: found[name])
        if found[best]:
            return best
    return next((name for name, emblem in emblems().items() if category in emblem["categories"][:1]), _FALLBACK)


def _longest(emblem: Mapping[str, Any], said: str, category: str, strict: bool) -> int:
    """Return the length of the emblem's longest word in what is said, 0 for none."""
    agrees = category in _GENERAL or category in emblem["categories"]
    if strict and not agrees:
        return 0
    return max((len(word) for word in emblem["words"] if word in said and (agrees or len(word) > 1)), default=0)
