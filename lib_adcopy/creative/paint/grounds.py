"""Drawn grounds, made small and enlarged: seamless paper, rays, colour blocks, paper grain, night, waves."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative.colour import RGB, contrast, mix, shade

if TYPE_CHECKING:
    from PIL.Image import Image

    from lib_adcopy.creative.palettes import Palette

_SMALL = 320
# What ink keeps on the lightest part of a ground, over WCAG's 4.5.
_READABLE = 4.9
# Of the texture of paper and plaster, in 0-255.
_GRAIN = 2.2


def paint_ground(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    """Return the ground of a layout: `options` has its "kind" and what that takes."""
    kind = options.get("kind", "plain")
    return _KINDS[kind](size, palette, options, seed)


def _field(size: tuple[int, int]) -> tuple[Any, Any, tuple[int, int]]:
    """x and y in units of the shorter side from the top left, at a small size of the same shape."""
    import numpy as np

    scale = min(1.0, _SMALL / max(size))
    small = max(2, round(size[0] * scale)), max(2, round(size[1] * scale))
    short = min(small)
    x = (np.arange(small[0], dtype=np.float32) + 0.5) / short
    y = (np.arange(small[1], dtype=np.float32) + 0.5) / short
    return x[None, :], y[:, None], small


def _blend(size: tuple[int, int], first: RGB, second: RGB, share: Any) -> Image:
    """`second` over `first` by an array of shares 0-1, enlarged to `size`, with a little noise against banding."""
    import numpy as np
    from PIL import Image

    share = np.clip(share, 0, 1)[..., None]
    pixels = np.asarray(first, dtype=np.float32) * (1 - share) + np.asarray(second, dtype=np.float32) * share
    pixels += np.random.default_rng(1).uniform(-0.5, 0.5, pixels.shape[:2])[..., None]
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)


def _plain(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    from PIL import Image

    return Image.new("RGB", size, _colour(palette, options.get("colour", "ground")))


def _colour(palette: Palette, name: str) -> RGB:
    """Return a colour of the palette: "ground", "ink", "accent", "tint" (ground towards accent), "deep", "light"."""
    if name == "tint":
        return mix(palette.ground, palette.accent, 0.14)
    if name == "soft":
        return mix(palette.ground, palette.accent, 0.07)
    if name == "accent":
        return palette.panel or palette.accent
    if name == "deep":
        return shade(palette.ground, -0.1, 1.2)
    if name == "light":
        return palette.surface("card").fill or palette.ground
    colour: RGB = getattr(palette, name)
    return colour


def _seamless(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    """Paper that sweeps from the wall to the floor: a light spot, and a floor a little darker."""
    import numpy as np

    x, y, _ = _field(size)
    across, down = size[0] / min(size), size[1] / min(size)
    middle = options.get("light", (0.5, 0.42))
    radius = np.sqrt(((x - middle[0] * across) / across) ** 2 + ((y - middle[1] * down) / down) ** 2)
    share = np.clip(radius * 1.15, 0, 1) ** 1.5
    floor = 0.11 * (1 + np.tanh((y / down - options.get("horizon", 0.72)) * 13))
    edge = shade(palette.ground, -0.05, 1.0 if palette.is_dark else 1.5)
    return _blend(size, _lit(palette), edge, share * 0.85 + floor)


def _lit(palette: Palette) -> RGB:
    """Return the ground where the light falls: lighter, as far as the palette's ink stays readable on it."""
    for lift in (0.07, 0.045, 0.02) if palette.is_dark else (0.02,):
        lighter = shade(palette.ground, lift)
        if contrast(palette.ink, lighter) >= _READABLE:
            return lighter
    return palette.ground


def _gradient(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    x, y, _ = _field(size)
    across, down = size[0] / min(size), size[1] / min(size)
    angle = math.radians(options.get("angle", 90))
    share = (x / across - 0.5) * math.cos(angle) + (y / down - 0.5) * math.sin(angle) + 0.5
    return _blend(
        size,
        _colour(palette, options.get("from", "ground")),
        _colour(palette, options.get("to", "tint")),
        share + 0 * x * y,
    )


def _rays(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    """Rays from a point, lighter and darker by turns, in the ground's own hue."""
    from PIL import Image, ImageDraw, ImageFilter

    scale = min(1.0, 900 / max(size))
    small = max(2, round(size[0] * scale)), max(2, round(size[1] * scale))
    middle = (options.get("x", 0.5) * small[0], options.get("y", 0.5) * small[1])
    reach, count = math.hypot(*small), int(options.get("rays", 24))
    base = _seamless(small, palette, {"light": (options.get("x", 0.5), options.get("y", 0.5)), "horizon": 9}, seed)
    mask = Image.new("L", small, 0)
    draw = ImageDraw.Draw(mask)
    for ray in range(count):
        start = 2 * math.pi * ray / count
        ends = [
            (middle[0] + reach * math.cos(start + turn), middle[1] + reach * math.sin(start + turn))
            for turn in (0, math.pi / count)
        ]
        draw.polygon([middle, *ends], fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(0.8)).point(lambda value: round(value * options.get("strength", 0.5)))
    # Every other ray is darker: lighter ones would take the type its contrast.
    base.paste(shade(palette.ground, -0.055, 1.0), (0, 0), mask)
    return base.resize(size, Image.Resampling.BICUBIC)


def _split(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    """Return two colours that meet at `at` of a side: "across" (top and bottom), "down" (left and right), slanted or
    waved."""
    from PIL import Image, ImageDraw

    scale = 2 if max(size) < 1200 else 1
    big = size[0] * scale, size[1] * scale
    image = Image.new("RGB", big, _colour(palette, options.get("first", "ground")))
    draw, at = ImageDraw.Draw(image), options.get("at", 0.58)
    slant = math.tan(math.radians(options.get("slant", 0)))
    second = _colour(palette, options.get("second", "tint"))
    if options.get("way", "across") == "across":
        edge = [
            (x, big[1] * at + (x - big[0] / 2) * slant + _wave(options, x / big[0], big))
            for x in range(0, big[0] + 8, 8)
        ]
        draw.polygon([*edge, (big[0], big[1]), (0, big[1])], fill=second)
    else:
        edge = [(big[0] * at + (big[1] / 2 - y) * slant, y) for y in (0, big[1])]
        draw.polygon([*edge, (big[0], big[1]), (big[0], 0)], fill=second)
    return image.resize(size, Image.Resampling.BOX) if scale > 1 else image


def _wave(options: Mapping[str, Any], x: float, size: tuple[int, int]) -> float:
    return options.get("wave", 0) * min(size) * math.sin(2 * math.pi * (1.1 * x + 0.1))


def _paper(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    """Rice paper: noise at three scales over the ground, darker towards the edges."""
    import numpy as np
    from PIL import Image

    _, _, small = _field(size)
    generator = np.random.default_rng(seed)
    noise = np.zeros((small[1], small[0]), dtype=np.float32)
    for cells, strength in ((6, 0.5), (22, 0.3), (90, 0.2)):
        tile = generator.normal(0, 1, (cells, cells)).astype(np.float32)
        noise += strength * np.asarray(Image.fromarray(tile, mode="F").resize(small, Image.Resampling.BICUBIC))
    x, y, _ = _field(size)
    across, down = size[0] / min(size), size[1] / min(size)
    edge = np.maximum(np.abs(x / across - 0.5), np.abs(y / down - 0.5)) * 2
    dark = shade(palette.ground, -0.06, 1.3)
    return _blend(size, palette.ground, dark, 0.25 + 0.2 * noise + 0.5 * np.clip(edge - 0.6, 0, 1))


def _night(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    """Return a dark ground with two soft lights of the accent's hue."""
    import numpy as np

    x, y, _ = _field(size)
    across, down = size[0] / min(size), size[1] / min(size)
    ground = palette.ground if palette.is_dark else shade(palette.ink, -0.1)
    near = np.exp(-(((x - 0.72 * across) / 0.55) ** 2 + ((y - 0.5 * down) / 0.6) ** 2))
    far = np.exp(-(((x - 0.1 * across) / 0.5) ** 2 + ((y - 0.95 * down) / 0.45) ** 2))
    return _blend(size, ground, mix(ground, palette.accent, 0.55), near * 0.6 + far * 0.35)


def _blobs(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    """Return a quiet ground with large soft spots of the accent's tint."""
    import numpy as np

    x, y, _ = _field(size)
    across, down = size[0] / min(size), size[1] / min(size)
    generator, share = np.random.default_rng(seed + 7), 0.0
    for _ in range(4):
        u, v, radius = generator.uniform(0, across), generator.uniform(0, down), generator.uniform(0.28, 0.5)
        share = share + 0.6 * np.exp(-(((x - u) / radius) ** 2 + ((y - v) / radius) ** 2) * 1.6)
    return _blend(size, palette.ground, mix(palette.ground, palette.accent, 0.2), share)


def _dots(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    """Halftone dots that grow towards a corner."""
    from PIL import Image, ImageDraw

    scale = min(1.0, 1000 / max(size)) * 2
    big = round(size[0] * scale), round(size[1] * scale)
    image = Image.new("RGB", big, palette.ground)
    draw, pitch = ImageDraw.Draw(image), min(big) * 0.036
    colour = mix(palette.ground, palette.accent, options.get("strength", 0.22))
    for row in range(int(big[1] / pitch) + 2):
        for column in range(int(big[0] / pitch) + 2):
            x, y = (column + 0.5 * (row % 2)) * pitch, row * pitch
            near = 1 - math.hypot((big[0] - x) / big[0], (big[1] - y) / big[1]) / 1.05
            radius = max(near, 0) * pitch * 0.46
            if radius > 0.6:
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return image.resize(size, Image.Resampling.BOX if scale >= 1 else Image.Resampling.BICUBIC)


def _grid(size: tuple[int, int], palette: Palette, options: Mapping[str, Any], seed: int) -> Image:
    """Fine squares, as on drawing paper."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", size, palette.ground)
    draw, pitch = ImageDraw.Draw(image), min(size) / 18
    colour = mix(palette.ground, palette.ink, 0.07)
    thick = max(1, round(min(size) / 700))
    for at in range(1, int(size[0] / pitch) + 1):
        draw.line((at * pitch, 0, at * pitch, size[1]), fill=colour, width=thick)
    for at in range(1, int(size[1] / pitch) + 1):
        draw.line((0, at * pitch, size[0], at * pitch), fill=colour, width=thick)
    return image


_KINDS: dict[str, Callable[..., Image]] = {
    "plain": _plain, "seamless": _seamless, "gradient": _gradient, "rays": _rays, "split": _split, "paper": _paper,
    "night": _night, "blobs": _blobs, "dots": _dots, "grid": _grid,
}  # fmt: skip
KINDS = tuple(_KINDS)
