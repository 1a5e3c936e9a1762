"""Chooses the drawing of goods for a creative without a picture: of what the brief's own noun names, else none.

The drawings are data/emblems.json: parts in a square of 100 by 100 units, the first at the back, standing on its foot.
A thing is drawn where the product's name `ends` with its word; a sign of a service where the name `holds` its word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "emblems.json"


@cache
def emblems() -> Mapping[str, Mapping[str, Any]]:
    """Return the drawings by name: words they stand for ("ends", "holds"), their goods' "categories", and "parts"."""
    stored: dict[str, Mapping[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return stored


def emblem_for(product: str) -> str:
    """Return the name of the drawing of a product, "" where there is none: another thing's would be a false picture."""
    named = product.strip().lower()
    found = (
        (len(word), name)
        for name, emblem in emblems().items()
        for word in (*emblem["ends"], *emblem["holds"])
        if named.endswith(word) or (word in emblem["holds"] and word in named)
    )
    return max(found, default=(0, ""))[1]
