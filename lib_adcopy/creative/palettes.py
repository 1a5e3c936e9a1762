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
from lib_adcopy.creative.picture import AnalysedPicture, Analysis

_FILE = Path(__file__).parent / "data" / "palettes.json"
# Chroma under which a colour counts as grey.
_GREY = 0.03
# Of a badge that stands out from any deep colour.
_AMBER: RGB = (255, 200, 87)
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

    def beside_panel(self) -> tuple[RGB, RGB]:
        """Fill and ink of a badge near a large area of the panel's colour: of another hue than that."""
        panel = self.panel or self.accent
        if self.panel is None or _turn(to_oklch(self.accent)[2], to_oklch(panel)[2]) >= _OTHER:
            return self.buttons("ground")
        return _AMBER, from_oklch(0.27, 0.06, to_oklch(panel)[2])


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
        # A season's own colours are worn in that season alone.
        season = (5.0 if any(word in text for word in palette.seasons) else -6.0) if palette.seasons else 0.0
        season = max(season, 0.0) if palette.categories else season
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


def from_picture(
    picture: AnalysedPicture, *, dark: bool = False, cool: bool = False, fallback: RGB = (160, 84, 45)
) -> Palette:
    """Ground and ink in the product's leading hue, the accent of its second (or of the opposite side).

    `cool` sets a warm product on an icy ground, its own hue the accent: for what is sold as cold.
    """
    analysis = picture.analysis
    coloured = leading_colours(picture)
    if cool and not dark and coloured and _turn(to_oklch(coloured[0])[2], _ICE) > _OTHER:
        return _on_ice(coloured[0])
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
    panel = None if dark else _panel(analysis, coloured)
    return Palette(
        "picture-dark" if dark else "picture", ground, ink, accent, accent_ink, "dark" if dark else "calm", panel=panel
    )


def leading_colours(picture: AnalysedPicture) -> list[RGB]:
    """Return the product's colours that are no greys, else the picture's, the leading one first."""
    return _coloured(picture.colours) or _coloured(picture.analysis.colours)


def _coloured(colours: Sequence[tuple[RGB, float]]) -> list[RGB]:
    """Return the colours that are no greys, the largest and strongest first."""
    ranked = sorted(
        (
            (share * (0.3 + to_oklch(colour)[1] / 0.2), colour)
            for colour, share in colours
            if 0.12 < to_oklch(colour)[0] < 0.96
        ),
        reverse=True,
    )
    return [colour for _, colour in ranked if to_oklch(colour)[1] > _GREY]


def _on_ice(lead: RGB) -> Palette:
    ground, hue = from_oklch(0.945, 0.03, _ICE), _clear_of_mud(to_oklch(lead)[2], _ICE)
    accent = readable(from_oklch(0.53, min(max(to_oklch(lead)[1], 0.12), 0.17), hue), ground, 4.6)
    ink, panel = from_oklch(0.27, 0.07, 250.0), from_oklch(0.4, 0.1, 240.0)
    return Palette("picture-cool", ground, ink, accent, best_on(accent, WHITE), "bright", panel=panel)


def _turn(first: float, second: float) -> float:
    """Return the angle between two hues, 0-180."""
    return abs((first - second + 180) % 360 - 180)


def _agree(first: float, second: float) -> bool:
    return _turn(first, second) <= _BESIDE or _turn(first, second) >= _OPPOSITE


def _panel(analysis: Analysis, coloured: Sequence[RGB]) -> RGB:
    """Return a deep fill for large areas: of the first of the product's three leading hues that is no mud when deep,
    else of its ground's."""
    ground_lightness, ground_chroma, ground_hue = to_oklch(analysis.ground)
    hues = [to_oklch(colour)[2] for colour in coloured[:3]]
    if ground_chroma > _GREY and 0.25 < ground_lightness < 0.8:
        hues.append(ground_hue)
    if not hues:
        return from_oklch(0.3, 0.02, 260.0)
    hue = next((each for each in hues if not _MUD[0] <= each < _MUD[1]), hues[0])
    if _MUD[0] <= hue < _MUD[1]:
        # Espresso: browns and olives of a middle depth look like mud.
        return from_oklch(0.3, 0.045, 55.0)
    warm = hue < _MUD[0] or hue >= 330
    return from_oklch(0.43, 0.145, hue) if warm else from_oklch(0.38, 0.09, hue)


def _clear_of_mud(hue: float, lead: float) -> float:
    """Return a hue that is no brown or olive where it is dark enough for type on a light ground: orange-red, or green
    where the picture leads with one."""
    if 48 <= hue < 98:
        return 42.0
    return (146.0 if 110 <= lead < 200 else 42.0) if 98 <= hue < 138 else hue


# The hue of ice; between these hues a deep colour is brown or olive.
_ICE = 225.0
_MUD = (38.0, 115.0)
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
