"""Palettes: ground, ink and accent that are readable on one another, from the list, the brand or the picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lib_adcopy.creative.colour import (
    RGB,
    WHITE,
    best_on,
    contrast,
    from_oklch,
    luminance,
    mix,
    parse,
    readable,
    to_oklch,
)
from lib_adcopy.creative.elements import Surface
from lib_adcopy.creative.picture import Analysis

_FILE = Path(__file__).parent / "data" / "palettes.json"
# Chroma under which a colour counts as grey.
_GREY = 0.03
# Degrees between hues: from which one is another, up to which two are neighbours, and from which they are opposite.
_OTHER, _BESIDE, _OPPOSITE = 40, 75, 140


@dataclass(frozen=True)
class Palette:
    """`accent_ink` is for type on the accent; `panel` is the fill of large areas in its stead.

    `mood` is calm, warm, bright, dark, sale, festive or chinese."""

    name: str
    ground: RGB
    ink: RGB
    accent: RGB
    accent_ink: RGB = WHITE
    mood: str = "calm"
    categories: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    panel: RGB | None = None

    @property
    def is_dark(self) -> bool:
        """Tell whether its type is lighter than its ground."""
        return luminance(self.ink) > luminance(self.ground)

    def surface(self, name: str) -> Surface:
        """Return the colours for type on a backing of this name; the ground's fill is whatever is painted there."""
        if name in ("ground", "glass"):
            ink = self.ink if name == "ground" else (self._dark_ink if self.is_dark else self.ink)
            return replace(self._on(self.ground, ink, self.accent, name), fill=None)
        if name == "accent":
            fill = self.panel or self.accent
            ink = best_on(fill, self.accent_ink)
            return self._on(fill, ink, ink, name)
        if name == "dark":
            fill = self.ground if self.is_dark and luminance(self.ground) < 0.1 else self._dark_ink
            return self._on(
                fill, WHITE, self.accent if self.is_dark else from_oklch(0.85, 0.1, to_oklch(self.accent)[2]), name
            )
        return self._on(self._light, self._dark_ink, self._strong, name)

    def _on(self, fill: RGB, ink: RGB, accent: RGB, name: str) -> Surface:
        ink = readable(ink, fill)
        return Surface(fill, ink, readable(accent, fill), readable(mix(ink, fill, 0.32), fill), name)

    @property
    def _light(self) -> RGB:
        if not self.is_dark:
            return mix(self.ground, WHITE, 0.72)
        hue = to_oklch(self.accent)[2]
        return from_oklch(0.968, 0.03 if self.mood in ("sale", "festive") else 0.012, hue)

    @property
    def _dark_ink(self) -> RGB:
        if not self.is_dark:
            return self.ink
        lightness, chroma, hue = to_oklch(self.ground)
        return from_oklch(min(lightness, 0.28), min(chroma, 0.09), hue)

    @property
    def _strong(self) -> RGB:
        """The accent for type on a light plate: a sale's ground is its loudest colour."""
        loud = self.is_dark and to_oklch(self.ground)[1] > 0.09
        return self.ground if loud else self.accent

    def buttons(self, surface: str) -> tuple[RGB, RGB]:
        """Fill and ink of buttons and tags on a surface."""
        if surface == "accent":
            ink = best_on(self.panel or self.accent, self.accent_ink)
            return ink, best_on(ink, self.panel or self.accent)
        if surface in ("card", "paper", "glass"):
            return self._strong, best_on(
                self._strong, self.accent_ink if self._strong == self.accent else self.accent, WHITE
            )
        return self.accent, best_on(self.accent, self.accent_ink)


@cache
def palettes() -> tuple[Palette, ...]:
    """Return the list, every pair with at least WCAG's 4.5."""
    stored = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Palette(
            each["name"], parse(each["ground"]), parse(each["ink"]), parse(each["accent"]),
            parse(each.get("accent_ink", "FFFFFF")), each["mood"], tuple(each["categories"]),
            tuple(each.get("seasons", ())),
        )
        for each in stored
    )  # fmt: skip


def suiting(category: str, moods: Sequence[str], text: str = "") -> list[Palette]:
    """Palettes for a category, a layout's moods and a season named in the text, the most fitting first."""

    def score(palette: Palette) -> float:
        season = 3.0 if any(word in text for word in palette.seasons) else 0.0
        own = 2.0 if category in palette.categories else 0.4 if not palette.categories else 0.0
        wanted = (
            4.0
            if palette.mood in moods
            else 0.0
            if moods
            else (-2.0 if palette.mood in ("sale", "festive", "chinese") else 0.5)
        )
        return season + own + wanted

    return sorted(palettes(), key=lambda palette: -score(palette))


def from_picture(analysis: Analysis, *, dark: bool = False, fallback: RGB = (160, 84, 45)) -> Palette:
    """Ground and ink in the picture's leading hue, the accent of its second (or of the opposite side)."""
    ranked = sorted(
        (
            (share * (0.3 + to_oklch(colour)[1] / 0.2), colour)
            for colour, share in analysis.colours
            if 0.12 < to_oklch(colour)[0] < 0.96
        ),
        reverse=True,
    )
    coloured = [colour for _, colour in ranked if to_oklch(colour)[1] > _GREY]
    lead = coloured[0] if coloured else fallback
    hue = to_oklch(lead)[2]
    others = [colour for colour in coloured[1:] if _turn(to_oklch(colour)[2], hue) >= _OTHER]
    # A second hue that is neither beside the first nor opposite it is heard as a false note.
    second = next((each for each in others if _agree(to_oklch(each)[2], hue)), None)
    accent_hue = to_oklch(second)[2] if second and not dark else hue
    accent_hue = accent_hue if dark else _clear_of_mud(accent_hue, hue)
    chroma = min(max(to_oklch(second or lead)[1], 0.1), 0.14 if dark else 0.155)
    tint = 0.022 if coloured else 0.006
    ground = from_oklch(0.2, tint * 1.6, hue) if dark else from_oklch(0.955, tint, hue)
    ink = from_oklch(0.96, 0.01, hue) if dark else from_oklch(0.26, 0.045 if coloured else 0.008, hue)
    accent = (
        from_oklch(0.8, chroma, accent_hue) if dark else readable(from_oklch(0.53, chroma, accent_hue), ground, 4.6)
    )
    accent_ink = best_on(accent, ground if dark else WHITE)
    panel = None if dark else _panel(analysis, hue if coloured else None)
    return Palette(
        "picture-dark" if dark else "picture", ground, ink, accent, accent_ink, "dark" if dark else "calm", panel=panel
    )


def _turn(first: float, second: float) -> float:
    """Return the angle between two hues, 0-180."""
    return abs((first - second + 180) % 360 - 180)


def _agree(first: float, second: float) -> bool:
    return _turn(first, second) <= _BESIDE or _turn(first, second) >= _OPPOSITE


def _panel(analysis: Analysis, lead: float | None) -> RGB:
    """Return a deep, restrained fill for large areas: of the hue of the picture's ground, else of its leading one."""
    ground_lightness, ground_chroma, ground_hue = to_oklch(analysis.ground)
    hue = ground_hue if ground_chroma > _GREY and 0.25 < ground_lightness < 0.8 else lead
    if hue is None:
        return from_oklch(0.33, 0.02, 60.0)
    return from_oklch(0.37, 0.075, hue)


def _clear_of_mud(hue: float, lead: float) -> float:
    """Return a hue that is no brown or olive where it is dark enough for type on a light ground: orange-red, or green
    where the picture leads with one."""
    if 48 <= hue < 98:
        return 42.0
    return (146.0 if 110 <= lead < 200 else 42.0) if 98 <= hue < 138 else hue


PURE_WHITE = Palette("white", WHITE, (17, 17, 17), (17, 17, 17))


def with_brand(palette: Palette, colours: Sequence[RGB]) -> Palette:
    """Return the palette with a brand's first colour as its accent; ground and ink take its hue where they are
    quiet."""
    if not colours:
        return palette
    accent = colours[0]
    hue, chroma = to_oklch(accent)[2], to_oklch(accent)[1]
    ground, ink = palette.ground, palette.ink
    if chroma > _GREY:
        # A loud ground (a sale's red) gives way to a light one of the brand's hue.
        loud = to_oklch(ground)[1] >= 0.05
        ground = from_oklch(0.955 if loud else to_oklch(ground)[0], min(chroma, 0.02), hue)
        ink = from_oklch(0.26 if loud else to_oklch(ink)[0], min(chroma, 0.04), hue)
    if len(colours) > 1 and contrast(colours[1], ink) >= 4.5:
        ground = colours[1]
    return replace(
        palette,
        name="brand",
        ground=ground,
        ink=readable(ink, ground),
        accent=accent,
        accent_ink=best_on(accent, WHITE),
    )
