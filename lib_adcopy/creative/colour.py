"""Colours: sRGB to OKLCH and back, WCAG contrast, and the nearest readable shade of a colour.

A colour is (r, g, b) with 0-255 integers. OKLab: B. Ottosson, https://bottosson.github.io/posts/oklab/.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

RGB = tuple[int, int, int]
# WCAG 2.2, 1.4.3 for text of normal size.
ENOUGH = 4.5
WHITE: RGB = (255, 255, 255)
BLACK: RGB = (17, 17, 17)


def parse(text: str) -> RGB:
    """Return the colour of "#rrggbb" or "rrggbb"; raises ValueError for anything else."""
    digits = text.strip().lstrip("#")
    if len(digits) != 6:
        raise ValueError(f"not a colour: {text!r}")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def to_hex(colour: RGB) -> str:
    """ "#rrggbb" of a colour."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """`first` with `share` (0-1) of `second` laid over it, in sRGB as Pillow blends."""
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))  # type: ignore[return-value]


def _linear(value: float) -> float:
    value /= 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


_LINEAR = tuple(_linear(value) for value in range(256))


def luminance(colour: RGB) -> float:
    """Relative luminance, 0-1 (WCAG 2.2)."""
    return 0.2126 * _LINEAR[colour[0]] + 0.7152 * _LINEAR[colour[1]] + 0.0722 * _LINEAR[colour[2]]


def contrast(first: RGB, second: RGB) -> float:
    """WCAG contrast ratio, 1-21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def luminances(pixels: Any) -> Any:
    """Relative luminance of an array (..., 3) of uint8."""
    import numpy as np

    table = np.asarray(_LINEAR, dtype=np.float32)
    return table[pixels[..., 0]] * 0.2126 + table[pixels[..., 1]] * 0.7152 + table[pixels[..., 2]] * 0.0722


def contrast_on(pixels: Any, colour: RGB, percentile: float = 5) -> float:
    """Return the `percentile` of the contrast of `colour` with the pixels of an array (h, w, 3): what a reader stumbles
    on."""
    import numpy as np

    ground = luminances(pixels)
    own = luminance(colour)
    ratios = (np.maximum(ground, own) + 0.05) / (np.minimum(ground, own) + 0.05)
    return float(np.percentile(ratios, percentile))


def to_oklch(colour: RGB) -> tuple[float, float, float]:
    """(lightness 0-1, chroma 0-0.4, hue in degrees)."""
    red, green, blue = (_LINEAR[value] for value in colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def distance(first: RGB, second: RGB) -> float:
    """Return the distance of two colours in OKLab: 0.02 is just seen, black and white are 1 apart."""
    points = []
    for colour in (first, second):
        lightness, chroma, hue = to_oklch(colour)
        points.append((lightness, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))))
    return math.dist(*points)


@lru_cache(maxsize=4096)
def from_oklch(lightness: float, chroma: float, hue: float) -> RGB:
    """Return the colour; chroma is lowered until sRGB has it."""
    for step in range(21):
        channels = _channels(lightness, chroma * (1 - step / 20), hue)
        if all(-0.002 <= value <= 1.002 for value in channels):
            break
    return tuple(_to_byte(value) for value in channels)  # type: ignore[return-value]


def _channels(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _to_byte(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    return round(255 * (value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))


def readable(colour: RGB, ground: RGB, ratio: float = ENOUGH) -> RGB:
    """`colour` itself or the nearest darker or lighter shade of it that has `ratio` on `ground`."""
    if contrast(colour, ground) >= ratio:
        return colour
    lightness, chroma, hue = to_oklch(colour)
    darker = luminance(ground) > 0.18
    for step in range(1, 41):
        moved = lightness * (1 - step / 40) if darker else lightness + (1 - lightness) * step / 40
        shade = from_oklch(moved, chroma * (1 - step / 80), hue)
        if contrast(shade, ground) >= ratio:
            return shade
    return BLACK if darker else WHITE


def best_on(ground: RGB, *choices: RGB) -> RGB:
    """Return the first choice readable on `ground`, else the better of white and black."""
    fitting = (choice for choice in choices if contrast(choice, ground) >= ENOUGH)
    return next(fitting, max((WHITE, BLACK), key=lambda each: contrast(each, ground)))


def shade(colour: RGB, lightness: float = 0.0, chroma: float = 1.0, turn: float = 0.0) -> RGB:
    """`colour` with its OKLCH lightness moved by `lightness`, chroma times `chroma`, hue turned by `turn` degrees."""
    old_lightness, old_chroma, hue = to_oklch(colour)
    return from_oklch(min(max(old_lightness + lightness, 0.0), 1.0), old_chroma * chroma, (hue + turn) % 360)
