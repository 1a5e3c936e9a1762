"""Lines of one role, and the short bar between them."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.creative.elements import Box, Element, Shape, line, line_width
from lib_adcopy.creative.glyphs import TypeStyle, ink_box, width
from lib_adcopy.creative.items.setting import Extent, Setting

_LEADING = 1.16


def optical_left(text: str, style: TypeStyle, size: float) -> float:
    """Return the blank before the first character's ink, taken off where large type is set flush left."""
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
class AccentBar:
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
