"""The parts of a stack of type: each knows how much room it takes at a headline size, and sets itself there.

Sizes follow the headline's size `s` in pixels by the ratios of the type scale; nothing is set under `smallest`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from lib_adcopy.creative.colour import WHITE, best_on
from lib_adcopy.creative.elements import Box, Element, Shape, Surface, Text, line, line_width
from lib_adcopy.creative.glyphs import ASCENT, TypeStyle, ink_box, width

Extent = tuple[float, float]
_LEADING = 1.16
_TEXT_LEADING = 1.42


@dataclass(frozen=True)
class Setting:
    """How a group of type is set: its roles, the smallest size in pixels, what it stands on and its alignment."""

    display: TypeStyle
    text: TypeStyle
    small: TypeStyle
    number: TypeStyle
    smallest: float
    surface: Surface
    align: str = "left"
    group: int = 0

    def size(self, s: float, ratio: float) -> float:
        """The size in pixels of a role with this ratio to the headline."""
        return max(s * ratio, self.smallest)

    def offset(self, taken: float, room: float) -> float:
        """How far from the left something `taken` wide stands in `room`."""
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
        """The elements, in the column that begins at (left, top)."""


def optical_left(text: str, style: TypeStyle, size: float) -> float:
    """The blank before the first character's ink, taken off where large type is set flush left."""
    return ink_box(text[:1], style, size)[0] if text else 0.0


@dataclass(frozen=True)
class Lines:
    """One to three given lines of one role: a headline, a subline, a note, a quotation."""

    slot: str
    lines: tuple[str, ...]
    style: TypeStyle
    ratio: float
    setting: Setting
    gap: float = 0.4
    leading: float = _LEADING
    colour: str = "ink"
    last_colour: str = ""
    shrinks_to: float = 1.0

    def _size(self, s: float, room: float) -> float | None:
        size = self.setting.size(s, self.ratio)
        widest = max(width(text, self.style) for text in self.lines)
        if widest * size <= room:
            return size
        least = max(size * self.shrinks_to, self.setting.smallest)
        fitting = room / widest
        return fitting if fitting >= least - 1e-6 else None

    def extent(self, s: float, room: float) -> Extent | None:
        size = self._size(s, room)
        if size is None:
            return None
        widest = max(width(text, self.style) for text in self.lines) * size
        return widest, size * (1 + (len(self.lines) - 1) * self.leading)

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        size = self._size(s, room) or self.setting.smallest
        placed: list[Element] = []
        for index, text in enumerate(self.lines):
            taken = line_width(text, self.style, size)
            x = left + self.setting.offset(taken, room)
            if self.setting.align == "left":
                x -= optical_left(text, self.style, size)
            colour = self.last_colour if self.last_colour and index == len(self.lines) - 1 and index else self.colour
            placed.append(
                line(text, self.slot, self.style, size, x, top + index * size * self.leading, self.setting.surface,
                     colour=colour, group=self.setting.group)
            )  # fmt: skip
        return placed


@dataclass(frozen=True)
class Rule:
    """A short bar of the accent colour."""

    setting: Setting
    slot: str = ""
    gap: float = 0.36
    length: float = 0.9
    thickness: float = 0.075

    def extent(self, s: float, room: float) -> Extent | None:
        return s * self.length, s * self.thickness

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        x = left + self.setting.offset(s * self.length, room)
        box = Box(x, top, x + s * self.length, top + s * self.thickness)
        return [Shape("bar", box, self.setting.surface.accent)]


@dataclass(frozen=True)
class Inline:
    """Selling points in one line with dots between; in two lines where one would be too long."""

    texts: tuple[str, ...]
    setting: Setting
    slot: str = "points"
    gap: float = 0.42
    ratio: float = 0.42
    least: float = 0.34
    between: str = "·"

    def _rows(self, s: float, room: float) -> tuple[float, list[tuple[str, ...]]] | None:
        style, size = self.setting.text, self.setting.size(s, self.ratio)
        rows = [self.texts]
        while True:
            widest = max(self._width(row, style) for row in rows)
            if widest * size <= room:
                return size, rows
            if room / widest >= self.setting.size(s, self.least):
                return room / widest, rows
            if len(rows) == 2 or len(self.texts) < 2:
                return None
            rows = [self.texts[: (len(self.texts) + 1) // 2], self.texts[(len(self.texts) + 1) // 2 :]]

    def _width(self, row: Sequence[str], style: TypeStyle) -> float:
        return sum(width(text, style) for text in row) + (len(row) - 1) * self._space(style)

    def _space(self, style: TypeStyle) -> float:
        return 1.1

    def extent(self, s: float, room: float) -> Extent | None:
        rows = self._rows(s, room)
        if rows is None:
            return None
        size, found = rows
        return max(self._width(row, self.setting.text) for row in found) * size, size * (
            1 + (len(found) - 1) * _TEXT_LEADING
        )

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        rows = self._rows(s, room)
        if rows is None:
            return []
        size, found = rows
        style, placed = self.setting.text, list[Element]()
        for index, row in enumerate(found):
            x = left + self.setting.offset(self._width(row, style) * size, room)
            y = top + index * size * _TEXT_LEADING
            for number, text in enumerate(row):
                if number:
                    radius, middle = size * 0.075, x + self._space(style) * size / 2
                    dot = Box(middle - radius, y + size * 0.5 - radius, middle + radius, y + size * 0.5 + radius)
                    placed.append(Shape("dot", dot, self.setting.surface.accent))
                    x += self._space(style) * size
                placed.append(line(text, "points", style, size, x, y, self.setting.surface, group=self.setting.group))
                x += line_width(text, style, size)
        return placed


@dataclass(frozen=True)
class Listed:
    """Selling points one below the other with a mark before each: "tick", "dot", "bar" or "number"."""

    texts: tuple[str, ...]
    setting: Setting
    mark: str = "tick"
    slot: str = "points"
    gap: float = 0.5
    ratio: float = 0.44
    least: float = 0.34
    leading: float = 1.62

    def _size(self, s: float, room: float) -> float | None:
        size = self.setting.size(s, self.ratio)
        widest = max(width(text, self.setting.text) for text in self.texts) + self._indent
        if widest * size <= room:
            return size
        return room / widest if room / widest >= self.setting.size(s, self.least) else None

    @property
    def _indent(self) -> float:
        return {"tick": 1.45, "dot": 0.85, "bar": 0.7, "number": 1.75}[self.mark]

    def extent(self, s: float, room: float) -> Extent | None:
        size = self._size(s, room)
        if size is None:
            return None
        widest = max(width(text, self.setting.text) for text in self.texts) + self._indent
        return widest * size, size * (1 + (len(self.texts) - 1) * self.leading)

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        size = self._size(s, room) or self.setting.smallest
        surface, placed = self.setting.surface, list[Element]()
        taken = (self.extent(s, room) or (room, 0.0))[0]
        x = left + self.setting.offset(taken, room)
        for index, text in enumerate(self.texts):
            y = top + index * size * self.leading
            placed += self._marked(index, x, y, size)
            placed.append(
                line(
                    text,
                    "points",
                    self.setting.text,
                    size,
                    x + self._indent * size,
                    y,
                    surface,
                    group=self.setting.group,
                )
            )
        return placed

    def _marked(self, index: int, x: float, y: float, size: float) -> list[Element]:
        surface = self.setting.surface
        if self.mark == "bar":
            return [Shape("bar", Box(x, y + size * 0.08, x + size * 0.12, y + size * 0.96), surface.accent)]
        if self.mark == "dot":
            return [Shape("dot", Box(x, y + size * 0.36, x + size * 0.3, y + size * 0.66), surface.accent)]
        circle = Box(x, y - size * 0.02, x + size * 1.06, y + size * 1.04)
        if self.mark == "tick":
            return [Shape("tick", circle, surface.accent)]
        number, style = str(index + 1), self.setting.number
        ink = best_on(surface.accent, WHITE)
        inner = Surface(surface.accent, ink, ink, ink, "mark")
        small = size * 0.62
        at = circle.left + (circle.width - line_width(number, style, small)) / 2
        return [
            Shape("dot", circle, surface.accent),
            line(number, "mark", style, small, at, circle.top + (circle.height - small) / 2 - small * 0.02, inner),
        ]


@dataclass(frozen=True)
class Pills:
    """Selling points each in an outlined or filled pill, in rows."""

    texts: tuple[str, ...]
    setting: Setting
    filled: bool = False
    slot: str = "points"
    gap: float = 0.5
    ratio: float = 0.36
    least: float = 0.28

    def _rows(self, s: float, room: float) -> tuple[float, list[list[str]]] | None:
        for ratio in (self.ratio, (self.ratio + self.least) / 2, self.least):
            size = self.setting.size(s, ratio)
            rows: list[list[str]] = [[]]
            for text in self.texts:
                if rows[-1] and self._width([*rows[-1], text]) * size > room:
                    rows.append([])
                rows[-1].append(text)
            if len(rows) <= 2 and all(self._width(row) * size <= room for row in rows):
                return size, rows
        return None

    def _width(self, row: Sequence[str]) -> float:
        return sum(width(text, self.setting.text) + 1.3 for text in row) + 0.45 * (len(row) - 1)

    def extent(self, s: float, room: float) -> Extent | None:
        found = self._rows(s, room)
        if found is None:
            return None
        size, rows = found
        return max(map(self._width, rows)) * size, size * (1.8 * len(rows) + 0.45 * (len(rows) - 1))

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        found = self._rows(s, room)
        if found is None:
            return []
        size, rows = found
        surface, placed = self.setting.surface, list[Element]()
        ink = best_on(surface.accent, WHITE)
        inner = Surface(surface.accent, ink, ink, ink, "pill") if self.filled else surface
        for number, row in enumerate(rows):
            x, y = left + self.setting.offset(self._width(row) * size, room), top + number * 2.25 * size
            for text in row:
                taken = line_width(text, self.setting.text, size)
                box = Box(x, y, x + taken + 1.3 * size, y + 1.8 * size)
                options = {"radius": 0.9 * size} | ({} if self.filled else {"outline": max(1.5, size * 0.06)})
                placed.append(Shape("round", box, surface.accent, "points", options))
                placed.append(
                    line(
                        text,
                        "points",
                        self.setting.text,
                        size,
                        x + 0.65 * size,
                        y + 0.4 * size,
                        inner,
                        group=self.setting.group,
                    )
                )
                x = box.right + 0.45 * size
        return placed


@dataclass(frozen=True)
class Button:
    """The call to act: a pill of the accent colour with an arrow's angle after the words."""

    text: str
    setting: Setting
    fill: Any
    ink: Any
    slot: str = "cta"
    gap: float = 0.55
    ratio: float = 0.4

    def extent(self, s: float, room: float) -> Extent | None:
        size = self.setting.size(s, self.ratio)
        taken = width(self.text, self.setting.text) * size + size * 2.5
        return (taken, size * 2.15) if taken <= room else None

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        size = self.setting.size(s, self.ratio)
        taken, height = self.extent(s, room) or (room, size * 2.15)
        x = left + self.setting.offset(taken, room)
        box = Box(x, top, x + taken, top + height)
        bold = TypeStyle(self.setting.text.family, max(self.setting.text.weight, 700), 0.0)
        surface = Surface(self.fill, self.ink, self.ink, self.ink, "cta")
        text = line(self.text, "cta", bold, size, x + size * 0.95, top + (height - size) / 2, surface)
        chevron = Box(
            box.right - size * 1.25,
            top + height / 2 - size * 0.27,
            box.right - size * 0.98,
            top + height / 2 + size * 0.27,
        )
        return [
            Shape("round", box, self.fill, "cta", {"radius": height / 2}),
            text,
            Shape("chevron", chevron, self.ink, "", {"width": max(2.0, size * 0.1)}),
        ]


@dataclass(frozen=True)
class Tag:
    """A word on a small plate: a badge set in the stack, a price's name."""

    text: str
    setting: Setting
    fill: Any
    ink: Any
    slot: str = "badge"
    gap: float = 0.3
    ratio: float = 0.36
    shape: str = "round"
    options: dict[str, Any] = field(default_factory=dict)

    def extent(self, s: float, room: float) -> Extent | None:
        size = self.setting.size(s, self.ratio)
        taken = (width(self.text, self.setting.text) + 1.1) * size
        return (taken, size * 1.62) if taken <= room else None

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        size = self.setting.size(s, self.ratio)
        taken, height = self.extent(s, room) or (room, size * 1.62)
        x = left + self.setting.offset(taken, room)
        box = Box(x, top, x + taken, top + height)
        bold = TypeStyle(self.setting.text.family, max(self.setting.text.weight, 600), 0.0)
        surface = Surface(self.fill, self.ink, self.ink, self.ink, self.slot)
        at = x + (taken - line_width(self.text, bold, size)) / 2
        options = {"radius": height * 0.22} | self.options
        return [
            Shape(self.shape, box, self.fill, self.slot, options),
            line(self.text, self.slot, bold, size, at, top + (height - size) / 2, surface),
        ]


@dataclass(frozen=True)
class Row:
    """Two parts side by side, the second at the right end (or close to the first); middles on one line."""

    first: Item
    second: Item
    spread: bool = False
    gap: float = 0.6
    slot: str = ""
    between: float = 0.6

    def extent(self, s: float, room: float) -> Extent | None:
        one = self.first.extent(s, room)
        if one is None:
            return None
        two = self.second.extent(s, room - one[0] - self.between * s)
        if two is None:
            return None
        taken = room if self.spread else one[0] + self.between * s + two[0]
        return taken, max(one[1], two[1])

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        one, two = self.first.extent(s, room), None
        if one is not None:
            two = self.second.extent(s, room - one[0] - self.between * s)
        if one is None or two is None:
            return []
        height = max(one[1], two[1])
        taken = one[0] + self.between * s + two[0]
        setting: Setting = self.first.setting  # type: ignore[attr-defined]
        start = left if self.spread else left + setting.offset(taken, room)
        second = left + room - two[0] if self.spread else start + one[0] + self.between * s
        placed = self.first.place(s, one[0], start, top + (height - one[1]) / 2)
        return placed + self.second.place(s, two[0], second, top + (height - two[1]) / 2)


def baseline_of(top: float, size: float) -> float:
    """The baseline of a line whose em box begins at `top`."""
    return top + ASCENT * size


def is_text(element: Element) -> bool:
    """Whether an element is type."""
    return isinstance(element, Text)
