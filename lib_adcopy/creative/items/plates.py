"""Words on a plate: a button, and a tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lib_adcopy.creative.elements import Box, Element, Shape, Surface, line, line_width
from lib_adcopy.creative.glyphs import TypeStyle, width
from lib_adcopy.creative.items.setting import Extent, Setting


@dataclass(frozen=True)
class Plate:
    """Words on a plate with round corners: `tall`, `blank` (beside the words) in type sizes, `radius` in heights.

    `ratio` is the type's size to the headline's; `chevron` sets an arrow's angle after the words.
    """

    text: str
    setting: Setting
    fill: Any
    ink: Any
    slot: str
    gap: float
    ratio: float
    tall: float
    blank: float
    radius: float
    weight: int
    chevron: bool = False

    def extent(self, s: float, room: float) -> Extent | None:
        size = self.setting.size(s, self.ratio)
        taken = (width(self.text, self.setting.text) + self.blank) * size
        return (taken, size * self.tall) if taken <= room else None

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        size = self.setting.size(s, self.ratio)
        taken, height = self.extent(s, room) or (room, size * self.tall)
        x = left + self.setting.offset(taken, room)
        box = Box(x, top, x + taken, top + height)
        style = TypeStyle(self.setting.text.family, max(self.setting.text.weight, self.weight), 0.0)
        surface = Surface(self.fill, self.ink, self.ink, self.ink, self.slot)
        beside = 0.6 * size if self.chevron else 0.0
        at = x + (taken - beside - line_width(self.text, style, size)) / 2
        placed: list[Element] = [
            Shape("round", box, self.fill, self.slot, {"radius": height * self.radius}),
            line(self.text, self.slot, style, size, at, top + (height - size) / 2, surface),
        ]
        if self.chevron:
            middle, right = top + height / 2, box.right - size * 0.98
            angle = Box(right - size * 0.27, middle - size * 0.27, right, middle + size * 0.27)
            placed.append(Shape("chevron", angle, self.ink, "", {"width": max(2.0, size * 0.1)}))
        return placed


def button(text: str, setting: Setting, fill: Any, ink: Any) -> Plate:
    """Return the call to act: a pill with an arrow's angle after the words."""
    return Plate(text, setting, fill, ink, "cta", 0.6, 0.4, 2.15, 2.5, 0.5, 700, chevron=True)


def tag(text: str, setting: Setting, fill: Any, ink: Any) -> Plate:
    """Return a badge set in the stack, on a small plate."""
    return Plate(text, setting, fill, ink, "badge", 0.3, 0.33, 1.7, 1.1, 0.22, 600)
