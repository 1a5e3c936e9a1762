"""Selling points in one line, listed one below the other, or each in a pill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_adcopy.creative.colour import WHITE, best_on
from lib_adcopy.creative.elements import Box, Element, Shape, Surface, line, line_width
from lib_adcopy.creative.glyphs import TypeStyle, width
from lib_adcopy.creative.items.setting import Extent, Setting

_TEXT_LEADING = 1.42


@dataclass(frozen=True)
class InlinePoints:
    """Selling points in one line with dots between; each on a line of its own where one would be too long."""

    texts: tuple[str, ...]
    setting: Setting
    slot: str = "points"
    gap: float = 0.42
    ratio: float = 0.42
    least: float = 0.34

    def _rows(self, s: float, room: float) -> tuple[float, list[tuple[str, ...]]] | None:
        style, size = self.setting.text, self.setting.size(s, self.ratio)
        rows = [self.texts]
        while True:
            widest = max(self._width(row, style) for row in rows)
            if widest * size <= room:
                return size, rows
            # Rows are read better than one that is small; two and one would leave the last an orphan.
            if room / widest >= self.setting.size(s, self.least if len(rows) > 1 else self.ratio * 0.86):
                return room / widest, rows
            if len(rows) > 1 or len(self.texts) < 2:
                return None
            rows = [self.texts[:2], self.texts[2:]] if len(self.texts) == 4 else [(text,) for text in self.texts]

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
class ListedPoints:
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
class PillPoints:
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
