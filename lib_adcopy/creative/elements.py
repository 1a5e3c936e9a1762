"""Describe what is drawn on a creative: lines of type and the shapes under them, in pixels of the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from lib_adcopy.creative.colour import RGB
from lib_adcopy.creative.glyphs import ASCENT, TypeStyle, column_height, ink_box, width


class Box(NamedTuple):
    """Left, top, right and bottom in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    def grown(self, by: float, vertically: float | None = None) -> Box:
        """Return the box with `by` pixels more on every side."""
        down = by if vertically is None else vertically
        return Box(self.left - by, self.top - down, self.right + by, self.bottom + down)

    def overlap(self, other: Box) -> float:
        """Return the area both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def inside(self, other: Box, tolerance: float = 0.5) -> bool:
        """Tell whether it lies within another."""
        return (
            self.left >= other.left - tolerance
            and self.top >= other.top - tolerance
            and self.right <= other.right + tolerance
            and self.bottom <= other.bottom + tolerance
        )

    def moved(self, x: float, y: float) -> Box:
        """Return the box elsewhere."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)


def hull(boxes: Sequence[Box]) -> Box:
    """Return the smallest box that holds them all; raises ValueError for none."""
    if not boxes:
        raise ValueError("no boxes")
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(frozen=True)
class Surface:
    """Describe what type stands on: a flat colour, or (None) whatever has been painted there. Colours are for type on
    it."""

    fill: RGB | None
    ink: RGB
    accent: RGB
    muted: RGB
    name: str = "ground"


@dataclass(frozen=True)
class Text:
    """A line of type (or a column, where `vertical`): `x` is its left edge (a column's middle), `y` its baseline (top).

    `colour` names the surface's colour to draw in: "ink", "accent" or "muted"; `struck` draws a line through it.
    """

    text: str
    slot: str
    style: TypeStyle
    size: float
    x: float
    y: float
    surface: Surface
    colour: str = "ink"
    struck: bool = False
    vertical: bool = False
    group: int = 0

    @property
    def box(self) -> Box:
        """The ink's box, from the em box's sides across."""
        if self.vertical:
            half = self.size / 2
            return Box(self.x - half, self.y, self.x + half, self.y + column_height(self.text, self.style) * self.size)
        left, top, right, bottom = ink_box(self.text, self.style, self.size)
        return Box(self.x + left, self.y + top, self.x + right, self.y + bottom)

    def moved(self, x: float, y: float) -> Text:
        """Return the line elsewhere."""
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True)
class Shape:
    """A backing or an ornament: `kind` names how it is painted, `options` what that takes."""

    kind: str
    box: Box
    fill: RGB
    slot: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    def moved(self, x: float, y: float) -> Shape:
        """Return the shape elsewhere."""
        return replace(self, box=self.box.moved(x, y))


Element = Text | Shape


def line(
    text: str, slot: str, style: TypeStyle, size: float, left: float, top: float, surface: Surface, **options: Any
) -> Text:
    """Return a line whose em box has its top left corner at (left, top)."""
    return Text(text, slot, style, size, left, top + ASCENT * size, surface, **options)


def line_width(text: str, style: TypeStyle, size: float) -> float:
    """Return the width of a line in pixels."""
    return width(text, style) * size


def moved(elements: Sequence[Element], x: float, y: float) -> list[Element]:
    """Return the elements elsewhere."""
    return [element.moved(x, y) for element in elements]
