"""Describe what a platform asks of a picture: pixels, file types, size in kB, where its own buttons lie, whether text
may be.

The data is prompting/formats.json, dated there; a platform may change its limits any day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from lib_adcopy.creative.elements import Box
from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.sizes import format_data

# Points on a phone below which Chinese is not read, and what a title needs in a list of cards.
LEGIBLE, TITLE = 12.0, 20.0
# Of the shorter side, no type is smaller.
_LEAST_SHARE = 0.037


@dataclass(frozen=True)
class Format:
    """`view` is the width in points at which the picture is read, `card` that in a list (0: none).

    `safe` is the box (left, top, right, bottom in percent) free of the app's own buttons.
    """

    name: str
    width: int
    height: int
    types: tuple[str, ...] = ("jpeg", "png")
    max_kb: int = 0
    view: float = 390
    card: float = 0
    safe: tuple[float, float, float, float] = (0.0, 0.0, 100.0, 100.0)
    text: bool = True

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def smallest(self) -> int:
        """The least type size in pixels: what is read on a phone, and in no case a speck of the picture."""
        return math.ceil(max(LEGIBLE * self.width / self.view, _LEAST_SHARE * min(self.width, self.height)))

    @property
    def safe_box(self) -> Box:
        """The safe area in pixels."""
        left, top, right, bottom = self.safe
        return Box(
            left / 100 * self.width, top / 100 * self.height, right / 100 * self.width, bottom / 100 * self.height
        )

    def scaled(self, factor: float) -> Format:
        """Return the same format drawn smaller, for a preview or a thumbnail."""
        width, height = max(1, round(self.width * factor)), max(1, round(self.height * factor))
        return Format(self.name, width, height, self.types, self.max_kb, self.view, self.card, self.safe, self.text)


@cache
def get_format(name: str) -> Format:
    """Return the format of this name; raises AdCopyError where there is none."""
    stored = format_data().get(name)
    if stored is None:
        raise AdCopyError("prompting.unknown_format", name=name)
    width, height = stored["size"]
    rest: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in stored.items() if key != "size"
    }
    return Format(name, width, height, **rest)
