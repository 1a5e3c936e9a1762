"""Words on a plate (a button, a tag), and two parts side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lib_adcopy.creative.elements import Box, Element, Shape, Surface, line, line_width
from lib_adcopy.creative.glyphs import TypeStyle, width
from lib_adcopy.creative.items.setting import Extent, Item, Setting


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
class SideBySide:
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
