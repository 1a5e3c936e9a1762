"""Type painted in a colour that is readable where it stands: over a photograph a shade is laid under it if need be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative.colour import (
    BLACK,
    ENOUGH,
    RGB,
    WHITE,
    contrast_on,
    from_oklch,
    luminance,
    luminances,
    mix,
    readable,
    to_oklch,
)  # fmt: skip
from lib_adcopy.creative.elements import Box, Shape, Surface, Text, hull
from lib_adcopy.creative.glyphs import draw_column, draw_line
from lib_adcopy.creative.paint.shapes import paint_shape

if TYPE_CHECKING:
    from PIL.Image import Image

# A little over what WCAG asks: JPEG's rounding must not bring it under.
_WANTED = 4.7
_ROOM = 0.1
# Of the ground's colour in the label's, the softest first.
_TONES = tuple(share / 100 for share in range(66, 3, -3))
_STRUCK_AT, _STRIKE = 0.36, 0.05


def ground_under(canvas: Image, text: Text) -> Any:
    """Return the pixels a line stands on, its box grown by a tenth of its size."""
    import numpy as np

    box = text.box.grown(_ROOM * text.size)
    left, top = max(0, math.floor(box.left)), max(0, math.floor(box.top))
    right, bottom = min(canvas.width, math.ceil(box.right)), min(canvas.height, math.ceil(box.bottom))
    if right <= left or bottom <= top:
        return np.zeros((1, 1, 3), dtype=np.uint8)
    part = canvas.crop((left, top, right, bottom))
    part.thumbnail((160, 160), reducing_gap=2.0)
    return np.asarray(part)


def settle(canvas: Image, texts: Sequence[Text]) -> list[Text]:
    """Return the lines with colours that are readable on what is painted; where none is, a shade is laid under the
    group."""
    settled: list[Text] = []
    groups: dict[tuple[int, str], list[Text]] = {}
    for text in texts:
        if text.surface.fill is not None:
            settled.append(text)
        else:
            groups.setdefault((text.group, text.surface.name), []).append(text)
    # Shades and plates first, all of them: one group's may reach under another's lines.
    for lay in (_shade_if_needed, _plate_if_needed):
        for lines in groups.values():
            lay(canvas, lines)
    for lines in groups.values():
        grounds = [ground_under(canvas, text) for text in lines]
        ink = _ink(grounds, lines[0].surface.ink)
        for text, ground in zip(lines, grounds, strict=True):
            settled.append(replace(text, surface=_readable_on(ground, text.surface, ink)))
    return [_toned(text, canvas) if text.slot == "label" else text for text in settled]


def _toned(text: Text, canvas: Image) -> Text:
    """Return the AI label in the softest shade between ink and ground that can still be read."""
    ground = ground_under(canvas, text)
    middle = tuple(int(value) for value in ground.reshape(-1, 3).mean(axis=0))
    for share in _TONES:
        tone = mix(text.surface.ink, middle, share)  # type: ignore[arg-type]
        if contrast_on(ground, tone) >= _WANTED:
            return replace(text, surface=replace(text.surface, muted=tone))
    return text


def _shade_if_needed(canvas: Image, lines: Sequence[Text]) -> None:
    grounds = [ground_under(canvas, text) for text in lines]
    ink = _ink(grounds, lines[0].surface.ink)
    if _least(grounds, ink) < _WANTED:
        _shade(canvas, lines, ink, grounds)


def _plate_if_needed(canvas: Image, lines: Sequence[Text]) -> None:
    grounds = [ground_under(canvas, text) for text in lines]
    ink = _ink(grounds, lines[0].surface.ink)
    if _least(grounds, ink) < ENOUGH:
        _plate(canvas, lines, ink)


def _least(grounds: Sequence[Any], ink: RGB, percentile: float = 5) -> float:
    """Return the contrast of the line that is hardest to read."""
    return min(contrast_on(ground, ink, percentile) for ground in grounds)


def _ink(grounds: Sequence[Any], wanted: RGB) -> RGB:
    """Return the wanted ink where it is readable, else white or near black, whichever reads better."""
    if _least(grounds, wanted) >= _WANTED:
        return wanted
    hue, chroma = to_oklch(wanted)[2], min(to_oklch(wanted)[1], 0.03)
    choices = (from_oklch(0.985, min(chroma, 0.012), hue), from_oklch(0.18, chroma, hue), WHITE, BLACK)

    def value(choice: RGB) -> tuple[float, float]:
        return min(_least(grounds, choice), _WANTED), sum(contrast_on(ground, choice, 30) for ground in grounds)

    return max(choices, key=value)


def _readable_on(ground: Any, surface: Surface, ink: RGB) -> Surface:
    """Return the surface's colours, each made readable on the pixels of one line's ground."""
    import numpy as np

    values = luminances(ground)
    # The pixel that is hardest to tell from the ink stands for all.
    dark_ink = contrast_on(ground, BLACK, 50) > contrast_on(ground, WHITE, 50)
    hardest = np.argsort(values, axis=None)[round((0.05 if dark_ink else 0.95) * (values.size - 1))]
    pixel = tuple(int(value) for value in ground.reshape(-1, 3)[hardest])
    accent = readable(surface.accent, pixel, _WANTED)  # type: ignore[arg-type]
    if contrast_on(ground, accent) < ENOUGH:
        accent = ink
    muted = mix(ink, pixel, 0.22)  # type: ignore[arg-type]
    if contrast_on(ground, muted) < _WANTED:
        muted = ink
    return Surface(None, ink, accent, muted, surface.name)


def _shade(canvas: Image, lines: Sequence[Text], ink: RGB, grounds: Sequence[Any]) -> None:
    """Lays a soft shade under the lines, as strong as the ink needs it and no stronger."""
    from PIL import Image, ImageDraw, ImageFilter

    colour = (16, 14, 14) if luminance(ink) > 0.4 else (255, 255, 255)
    strength = max(_needed(ground, ink, colour) for ground in grounds)
    box = hull([text.box for text in lines])
    pad = max(0.55 * max(text.size for text in lines), 0.03 * min(canvas.size))
    scale = max(1, round(min(canvas.size) / 200))
    outer = box.grown(pad * 2.2)
    size = max(2, math.ceil(outer.width / scale)), max(2, math.ceil(outer.height / scale))
    mask = Image.new("L", size, 0)
    inner = box.grown(pad * 0.9)
    corners = tuple((value - offset) / scale for value, offset in zip(inner, (outer.left, outer.top) * 2, strict=True))
    ImageDraw.Draw(mask).rounded_rectangle(corners, pad / scale, fill=round(255 * strength))
    soft = mask.filter(ImageFilter.GaussianBlur(pad * 0.42 / scale))
    whole = soft.resize((size[0] * scale, size[1] * scale), Image.Resampling.BICUBIC)
    canvas.paste(colour, (math.floor(outer.left), math.floor(outer.top)), whole)


def _plate(canvas: Image, lines: Sequence[Text], ink: RGB) -> None:
    """A flat plate under the lines, for a ground that no shade makes readable."""
    box = hull([text.box for text in lines]).grown(0.35 * max(text.size for text in lines))
    fill = (24, 22, 22) if luminance(ink) > 0.4 else (250, 249, 247)
    paint_shape(canvas, Shape("round", box, fill, options={"radius": 0.02 * min(canvas.size)}))


def _needed(ground: Any, ink: RGB, colour: RGB) -> float:
    """Return the least opacity of a shade at which the ink has the wanted contrast on the hardest pixels of a line."""
    import numpy as np

    if contrast_on(ground, ink, 3) >= _WANTED:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(9):
        middle = (low + high) / 2
        blended = np.round(ground * (1 - middle) + np.asarray(colour) * middle).astype(np.uint8)
        low, high = (low, middle) if contrast_on(blended, ink, 2) >= _WANTED + 0.3 else (middle, high)
    return min(high + 0.03, 1.0)


def draw_text(canvas: Image, text: Text) -> None:
    """Draws one settled line or column."""
    from PIL import ImageDraw

    colour: RGB = getattr(text.surface, text.colour)
    if text.vertical:
        draw_column(canvas, text.x, text.y, text.text, text.style, text.size, colour)
        return
    draw = ImageDraw.Draw(canvas)
    draw_line(draw, text.x, text.y, text.text, text.style, text.size, colour)
    if text.struck:
        box = Box(*text.box)
        y = text.y - _STRUCK_AT * text.size
        draw.line((box.left, y, box.right, y), fill=colour, width=max(1, round(_STRIKE * text.size)))
