"""Ornament by code: corner marks, frames, sparkles, confetti, blobs, stripes. Drawn under the type, clear of it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative.canvas import Arrangement, mean_in
from lib_adcopy.creative.colour import mix
from lib_adcopy.creative.elements import Box, Shape
from lib_adcopy.creative.layout import FORMS, PORTRAIT, form_of
from lib_adcopy.creative.paint.shapes import mask_of

if TYPE_CHECKING:
    from PIL.Image import Image


def paint_ornaments(canvas: Image, made: Arrangement) -> None:
    """Draws a layout's ornaments."""
    shape = form_of(*made.order.format.size)
    shape = "square" if shape == PORTRAIT else shape
    for ornament in made.order.layout.ornaments:
        if shape in ornament.get("forms", FORMS):
            _KINDS[ornament["kind"]](canvas, made, ornament)


def _put(canvas: Image, shape: Shape, alpha: float = 1.0) -> None:
    mask = mask_of(shape)
    if alpha < 1:
        mask = mask.point(lambda value: round(value * alpha))
    canvas.paste(shape.fill, (math.floor(shape.box.left), math.floor(shape.box.top)), mask)


def _colour(made: Arrangement, ornament: Mapping[str, Any]) -> Any:
    palette = made.order.palette
    return mix(palette.ground, getattr(palette, ornament.get("colour", "accent")), ornament.get("strength", 1.0))


def _frame(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    short = min(canvas.size)
    inset = ornament.get("inset", 0.03) * short
    options = {"width": max(1.0, ornament.get("width", 0.002) * short)}
    if ornament.get("double"):
        options["second"] = 0.012 * short
    box = Box(inset, inset, canvas.width - inset, canvas.height - inset)
    _put(canvas, Shape("frame", box, _colour(made, ornament), options=options))


def _corners(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    short = min(canvas.size)
    inset = ornament.get("inset", 0.035) * short
    options = {"length": 0.05 * short, "width": max(1.5, 0.004 * short)}
    box = Box(inset, inset, canvas.width - inset, canvas.height - inset)
    _put(canvas, Shape("corners", box, _colour(made, ornament), options=options))


def _scattered(
    canvas: Image, made: Arrangement, count: int, low: float, high: float
) -> list[tuple[float, float, float, random.Random]]:
    """Places clear of type and, mostly, of the subject: (x, y, size, chance)."""
    chance, short = random.Random(made.order.seed * 31 + 5), min(canvas.size)
    taken = [element.box.grown(0.02 * short) for element in made.elements] + [
        panel.box.grown(0.01 * short) for panel in made.panels
    ]
    found: list[tuple[float, float, float, random.Random]] = []
    for _ in range(count * 12):
        size = chance.uniform(low, high) * short
        x, y = chance.uniform(0.02, 0.98) * canvas.width, chance.uniform(0.02, 0.98) * canvas.height
        spot = Box(x - size, y - size, x + size, y + size)
        if any(spot.overlap(box) for box in taken) or mean_in(made.saliency, spot, canvas.size) > 0.25:
            continue
        taken.append(spot.grown(0.03 * short))
        found.append((x, y, size, chance))
        if len(found) == count:
            break
    return found


def _sparkles(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    for x, y, size, _ in _scattered(canvas, made, ornament.get("count", 5), 0.008, 0.026):
        _put(canvas, Shape("sparkle", Box(x - size, y - size, x + size, y + size), _colour(made, ornament)), 0.9)


def _confetti(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    from PIL import Image

    palette = made.order.palette
    colours = (palette.accent, palette.ink, mix(palette.accent, palette.ground, 0.45))
    for x, y, size, chance in _scattered(canvas, made, ornament.get("count", 26), 0.006, 0.014):
        colour = chance.choice(colours)
        if chance.random() < 0.4:
            _put(canvas, Shape("dot", Box(x - size * 0.6, y - size * 0.6, x + size * 0.6, y + size * 0.6), colour), 0.9)
            continue
        strip = Image.new("L", (max(2, round(size * 2.6)), max(2, round(size))), 230)
        turned = strip.rotate(chance.uniform(0, 180), Image.Resampling.BICUBIC, expand=True)
        canvas.paste(colour, (round(x - turned.width / 2), round(y - turned.height / 2)), turned)


def _blob(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    """A large disc behind the first picture, of the accent's tint."""
    if not made.pictures or made.pictures[0].frame == "bleed":
        return
    box, share = made.pictures[0].box, ornament.get("size", 0.9)
    side = min(box.width, box.height) * share
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    disc = Box(middle[0] - side / 2, middle[1] - side / 2, middle[0] + side / 2, middle[1] + side / 2)
    _put(canvas, Shape("dot", disc, _colour(made, {"strength": 0.16, **ornament})))


def _stripes(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    """Three slanted strokes at a corner, left out where type stands there."""
    from PIL import ImageDraw

    draw, short = ImageDraw.Draw(canvas), min(canvas.size)
    x, y = ornament.get("x", 0.93) * canvas.width, ornament.get("y", 0.05) * canvas.height
    taken = Box(x - 0.1 * short, y, x, y + 0.06 * short).grown(0.03 * short)
    if any(taken.overlap(element.box) > 0 for element in made.elements):
        return
    for number in range(3):
        start = x - number * 0.028 * short
        draw.line(
            (start, y, start - 0.035 * short, y + 0.06 * short),
            fill=_colour(made, ornament),
            width=max(2, round(0.009 * short)),
        )


def _discs(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    """Two large discs that leave the canvas at opposite corners."""
    short = min(canvas.size)
    for x, y, radius, strength in ((1.0, 0.0, 0.38, 0.16), (0.0, 1.0, 0.26, 0.1)):
        middle, reach = (x * canvas.width, y * canvas.height), radius * short
        disc = Box(middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)
        _put(canvas, Shape("dot", disc, _colour(made, {**ornament, "strength": strength})))


def _bars(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    """Bars along two opposite edges."""
    thick = ornament.get("width", 0.018) * min(canvas.size)
    for top in (0.0, canvas.height - thick):
        _put(canvas, Shape("bar", Box(0, top, canvas.width, top + thick), _colour(made, ornament)))


def _quote(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    """Opening quotation marks above the headline."""
    heads = [text for text in made.texts if text.slot == "headline"]
    if not heads:
        return
    side, first = 0.09 * min(canvas.size), heads[0].box
    x = first.left if made.form.groups[0].align == "left" else (first.left + first.right - side) / 2
    box = Box(x, first.top - side * 1.25, x + side, first.top - side * 0.55)
    _put(canvas, Shape("quote", box, _colour(made, ornament)))


def _hills(canvas: Image, made: Arrangement, ornament: Mapping[str, Any]) -> None:
    """Layered hills or waves along the foot, the nearer the stronger, clear of what lies above `top`."""
    import numpy as np
    from PIL import Image

    width, height = canvas.size
    small = max(2, width // 3)
    x = np.linspace(0, 2 * math.pi, small, dtype=np.float32)
    top, chance = ornament.get("top", 0.8), random.Random(made.order.seed + 3)
    palette = made.order.palette
    for layer in range(3):
        turn, waves = chance.uniform(0, 6), chance.uniform(0.8, 1.5) + 0.35 * layer
        curve = 0.55 * np.sin(waves * x + turn) + 0.25 * np.sin(2.3 * waves * x + 2 * turn)
        edge = (top + 0.052 * layer + 0.024 * curve) * height
        rows = np.arange(int(top * height * 0.9), height, dtype=np.float32)[:, None]
        mask = Image.fromarray((np.clip((rows - edge[None, :]) / 3, 0, 1) * 255).astype(np.uint8))
        colour = mix(palette.ground, palette.accent, 0.08 + 0.08 * layer)
        whole = mask.resize((width, mask.height), Image.Resampling.BICUBIC)
        canvas.paste(colour, (0, height - mask.height), whole)


_KINDS: dict[str, Callable[[Any, Arrangement, Mapping[str, Any]], None]] = {
    "frame": _frame, "corners": _corners, "sparkles": _sparkles, "confetti": _confetti, "blob": _blob, "hills": _hills,
    "stripes": _stripes, "discs": _discs, "bars": _bars, "quote": _quote,
}  # fmt: skip
KINDS = tuple(_KINDS)
