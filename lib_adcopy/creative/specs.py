"""A specification sheet: names and values in rows with hairlines between."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.creative.elements import Box, Element, Shape, line, line_width
from lib_adcopy.creative.glyphs import width
from lib_adcopy.creative.items.setting import Extent, Setting

_ROW = 2.1


@dataclass(frozen=True)
class SpecTable:
    """Up to six (name, value) pairs; names muted in a column of their own."""

    pairs: tuple[tuple[str, str], ...]
    setting: Setting
    slot: str = "specs"
    gap: float = 0.55
    ratio: float = 0.42
    least: float = 0.26

    def _size(self, s: float, room: float) -> float | None:
        size = self.setting.size(s, self.ratio)
        widest = self._names() + 1.4 + max(width(value, self.setting.text) for _, value in self.pairs)
        if widest * size <= room:
            return size
        return room / widest if room / widest >= self.setting.size(s, self.least) else None

    def _names(self) -> float:
        return max(width(name, self.setting.text) for name, _ in self.pairs)

    def extent(self, s: float, room: float) -> Extent | None:
        size = self._size(s, room)
        return None if size is None else (room, size * _ROW * len(self.pairs))

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        size = self._size(s, room) or self.setting.smallest
        placed: list[Element] = []
        hair = max(1.0, size * 0.035)
        for index, (name, value) in enumerate(self.pairs):
            y = top + index * size * _ROW
            surface, group = self.setting.surface, self.setting.group
            placed.append(
                line(name, "specs", self.setting.text, size, left, y + size * 0.5, surface, colour="muted", group=group)
            )
            at = left + room - line_width(value, self.setting.text, size)
            if self.setting.align == "left":
                at = left + (self._names() + 1.4) * size
            placed.append(line(value, "specs", self.setting.text, size, at, y + size * 0.5, surface, group=group))
            rule = y + size * _ROW - hair
            placed.append(
                Shape("hair", Box(left, rule, left + room, rule + hair), surface.muted, options={"alpha": 0.35})
            )
        return placed
