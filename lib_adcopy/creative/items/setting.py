"""Describe how a part of a stack is set, and what every part can do.

Sizes follow the headline's size `s` in pixels by the ratios of the type scale; nothing is set under `smallest`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lib_adcopy.creative.elements import Element, Surface
from lib_adcopy.creative.glyphs import TypeStyle

Extent = tuple[float, float]


@dataclass(frozen=True)
class Setting:
    """Describe how a group of type is set: its roles, the smallest size in pixels, what it stands on and its
    alignment."""

    display: TypeStyle
    text: TypeStyle
    small: TypeStyle
    number: TypeStyle
    smallest: float
    surface: Surface
    align: str = "left"
    group: int = 0

    def size(self, s: float, ratio: float) -> float:
        """Return the size in pixels of a role with this ratio to the headline."""
        return max(s * ratio, self.smallest)

    def offset(self, taken: float, room: float) -> float:
        """Return how far from the left something `taken` wide stands in `room`."""
        return {"left": 0.0, "center": (room - taken) / 2, "right": room - taken}[self.align]


class Item(Protocol):
    """A part of a stack. `gap` is the blank kept above it, in headline sizes."""

    @property
    def slot(self) -> str:
        """The slot it sets, "" for an ornament."""

    @property
    def gap(self) -> float:
        """Blank above it."""

    def extent(self, s: float, room: float) -> Extent | None:
        """Width and height at headline size `s` in a column `room` wide; None where it does not fit."""

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        """Return the elements, in the column that begins at (left, top)."""
