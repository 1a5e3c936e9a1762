"""The price as shops set it: a small sign, large digits, small decimals and unit, the price before struck through.

[tag][sign][whole][.rest][unit][was]: sign .5, decimals .5, unit .35, tag .3 and the price before .34 of the digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lib_adcopy.creative.content import Price
from lib_adcopy.creative.elements import Box, Element, Shape, Surface, Text, line, line_width
from lib_adcopy.creative.glyphs import ASCENT, TypeStyle, width
from lib_adcopy.creative.items.setting import Extent, Setting

_SIGN, _REST, _UNIT, _TAG, _WAS = 0.5, 0.5, 0.34, 0.27, 0.3
_DIGIT_HEIGHT = 0.733
# Blank between the digits and what stands above and beside them, in digit sizes.
_ABOVE, _BETWEEN = 0.26, 0.26


@dataclass(frozen=True)
class PriceBlock:
    """A price; `ratio` is the digits' size to the headline's."""

    price: Price
    setting: Setting
    fill: Any
    ink: Any
    was_label: str = "原价"
    slot: str = "price"
    gap: float = 0.62
    ratio: float = 1.25
    stacked: bool | None = None

    def _digits(self, digits: float) -> list[tuple[str, TypeStyle, float, float]]:
        """(text, style, size, gap before) of the parts on the baseline, in digit sizes."""
        price, number, text = self.price, self.setting.number, self.setting.text
        parts = [(price.sign, number, _SIGN, 0.0), (price.whole, number, 1.0, 0.05)]
        if price.rest:
            parts.append((f".{price.rest}", number, _REST, 0.0))
        if price.unit:
            parts.append((price.unit, text, self._ratio(_UNIT, digits), 0.06))
        return parts

    def _row_width(self, digits: float) -> float:
        return sum(width(text, style) * size + gap for text, style, size, gap in self._digits(digits))

    def _ratio(self, base: float, digits: float) -> float:
        """Return a small part's size to the digits': as the scale has it, or what can be read."""
        return max(base, 0.85 * self.setting.smallest / digits)

    def _tag_width(self, digits: float) -> float:
        return (width(self.price.tag, self._bold) + 0.9) * self._ratio(_TAG, digits) if self.price.tag else 0.0

    def _was_width(self, digits: float) -> float:
        return width(self._was, self.setting.text) * self._ratio(_WAS, digits) if self.price.was else 0.0

    @property
    def _was(self) -> str:
        return f"{self.was_label}{self.price.sign}{self.price.was}"

    @property
    def _bold(self) -> TypeStyle:
        return TypeStyle(self.setting.text.family, 700)

    def _plan(self, s: float, room: float) -> tuple[float, bool] | None:
        """Size of the digits, and whether tag and price before stand above them."""
        digits = s * self.ratio
        has_head = bool(self.price.tag or self.price.was)
        for size in (digits, digits * 0.9, digits * 0.8, digits * 0.7):
            if size * _SIGN < self.setting.smallest * 0.85:
                break
            if self.stacked is not True and self._beside(size) * size <= room:
                return size, False
            above = max(self._row_width(size), self._head_width(size))
            if has_head and self.stacked is not False and above * size <= room:
                return size, True
        return None

    def _beside(self, digits: float) -> float:
        parts = (self._tag_width(digits), self._was_width(digits))
        return self._row_width(digits) + sum(part + _BETWEEN for part in parts if part)

    def _head_width(self, digits: float) -> float:
        parts = [part for part in (self._tag_width(digits), self._was_width(digits)) if part]
        return sum(parts) + 0.15 * (len(parts) - 1) if parts else 0.0

    def extent(self, s: float, room: float) -> Extent | None:
        plan = self._plan(s, room)
        if plan is None:
            return None
        digits, above = plan
        if above:
            head = self._ratio(_TAG, digits) * 1.6
            tall = _DIGIT_HEIGHT + _ABOVE + head + self._below
            return max(self._row_width(digits), self._head_width(digits)) * digits, digits * tall
        return self._beside(digits) * digits, digits * (_DIGIT_HEIGHT + self._below)

    @property
    def _below(self) -> float:
        """Return what a unit in Chinese reaches below the digits' baseline."""
        return 0.15 * _UNIT if self.price.unit else 0.0

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        plan = self._plan(s, room)
        extent = self.extent(s, room)
        if plan is None or extent is None:
            return []
        digits, above = plan
        x = left + self.setting.offset(extent[0], room)
        placed: list[Element] = []
        if above:
            offset = self.setting.offset(self._head_width(digits) * digits, extent[0])
            placed += self._head(x + offset, top, digits)
            shift = self.setting.offset(self._row_width(digits) * digits, extent[0])
            placed += self._row(x + shift, top + extent[1] - self._below * digits, digits)
            return placed
        middle = top + digits * _DIGIT_HEIGHT / 2
        if self.price.tag:
            placed += self._tag(x, middle - self._ratio(_TAG, digits) * 0.8 * digits, digits)
            x += (self._tag_width(digits) + _BETWEEN) * digits
        placed += self._row(x, top + digits * _DIGIT_HEIGHT, digits)
        if self.price.was:
            at = x + (self._row_width(digits) + _BETWEEN) * digits
            placed.append(self._struck(at, top + digits * (_DIGIT_HEIGHT - self._ratio(_WAS, digits) * 0.97), digits))
        return placed

    def _row(self, x: float, baseline: float, digits: float) -> list[Element]:
        placed: list[Element] = []
        for text, style, size, gap in self._digits(digits):
            x += gap * digits
            placed.append(
                Text(
                    text,
                    "price",
                    style,
                    size * digits,
                    x,
                    baseline,
                    self.setting.surface,
                    "accent",
                    group=self.setting.group,
                )
            )
            x += line_width(text, style, size * digits)
        return placed

    def _head(self, x: float, top: float, digits: float) -> list[Element]:
        placed: list[Element] = []
        if self.price.tag:
            placed += self._tag(x, top, digits)
            x += (self._tag_width(digits) + 0.15) * digits
        if self.price.was:
            down = self._ratio(_TAG, digits) * 0.8 - self._ratio(_WAS, digits) / 2
            placed.append(self._struck(x, top + digits * down, digits))
        return placed

    def _tag(self, x: float, top: float, digits: float) -> list[Element]:
        size = self._ratio(_TAG, digits) * digits
        box = Box(x, top, x + self._tag_width(digits) * digits, top + 1.6 * size)
        surface = Surface(self.fill, self.ink, self.ink, self.ink, "tag")
        return [
            Shape("round", box, self.fill, "price", {"radius": box.height * 0.22}),
            line(
                self.price.tag,
                "price",
                self._bold,
                size,
                x + 0.45 * size,
                box.top + 0.3 * size,
                surface,
                group=self.setting.group,
            ),
        ]

    def _struck(self, x: float, top: float, digits: float) -> Text:
        size = self._ratio(_WAS, digits) * digits
        return Text(
            self._was, "price", self.setting.text, size, x, top + ASCENT * size, self.setting.surface, "muted",
            struck=True, group=self.setting.group,
        )  # fmt: skip
