"""Shapes painted on a canvas with smooth edges: each is drawn three times as large and reduced."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative.colour import RGB, WHITE, mix, shade
from lib_adcopy.creative.elements import Box, Shape

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_OVER = 3
# The mean grey under glass, in 0-255, below which it is dark glass.
_DARK = 70
_Painter = Callable[["ImageDraw", float, float, "dict[str, Any]"], None]


def paint_shape(canvas: Image, shape: Shape) -> None:
    """Draws one shape; raises KeyError for a kind there is none of."""
    if shape.kind in ("card", "ticket", "paper"):
        _shadow(canvas, shape)
    if shape.kind == "glass":
        _glass(canvas, shape)
        return
    mask = mask_of(shape)
    alpha = shape.options.get("alpha", 1.0)
    if alpha < 1:
        mask = mask.point(lambda value: round(value * alpha))
    canvas.paste(shape.fill, _corner(shape.box), mask)
    decorate = _DECORATIONS.get(shape.kind)
    if decorate:
        decorate(canvas, shape)


def _corner(box: Box) -> tuple[int, int]:
    return math.floor(box.left), math.floor(box.top)


def mask_of(shape: Shape) -> Image:
    """Return the shape's own mask, for its box rounded outwards to whole pixels."""
    from PIL import Image, ImageDraw

    left, top = _corner(shape.box)
    size = max(1, math.ceil(shape.box.right) - left), max(1, math.ceil(shape.box.bottom) - top)
    if shape.kind in ("bar", "hair", "band"):
        return _exact(shape.box, size)
    big = Image.new("L", (size[0] * _OVER, size[1] * _OVER), 0)
    _KINDS[shape.kind](ImageDraw.Draw(big), shape.box.width * _OVER, shape.box.height * _OVER, shape.options)
    return big.resize(size, Image.Resampling.BOX)


def _exact(box: Box, size: tuple[int, int]) -> Image:
    from PIL import Image, ImageDraw

    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rectangle((0, 0, max(0, round(box.width) - 1), max(0, round(box.height) - 1)), fill=255)
    return mask


def _rounded(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    radius = min(options.get("radius", 0.06 * min(width, height) / _OVER) * _OVER, min(width, height) / 2)
    outline = options.get("outline")
    draw.rounded_rectangle((0, 0, width - 1, height - 1), radius, fill=255)
    if outline:
        edge = outline * _OVER
        draw.rounded_rectangle((edge, edge, width - 1 - edge, height - 1 - edge), max(radius - edge, 0), fill=0)


def _circle(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    draw.ellipse((0, 0, width - 1, height - 1), fill=255)
    ring = options.get("ring")
    if ring:
        edge = ring * _OVER
        draw.ellipse((edge, edge, width - 1 - edge, height - 1 - edge), fill=0)


def _burst(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    points, inner = int(options.get("points", 18)), options.get("inner", 0.87)
    corners = []
    for step in range(points * 2):
        radius, angle = (1.0 if step % 2 == 0 else inner), math.pi * step / points
        corners.append((width / 2 * (1 + radius * math.sin(angle)), height / 2 * (1 - radius * math.cos(angle))))
    draw.polygon(corners, fill=255)


def _flag(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    notch = 0.26 * height
    draw.polygon([(0, 0), (width, 0), (width - notch, height / 2), (width, height), (0, height)], fill=255)


def _ribbon(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    notch = 0.32 * height
    draw.polygon(
        [(0, 0), (width, 0), (width - notch, height / 2), (width, height), (0, height), (notch, height / 2)], fill=255
    )


def _down(width: float, height: float, options: dict[str, Any]) -> bool:
    """Tell whether a ticket tears from the top down: as its `way` says, else by its shape."""
    return options.get("way", "down" if width > height * 1.25 else "across") == "down"


def _ticket(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    draw.rounded_rectangle((0, 0, width - 1, height - 1), 0.05 * min(width, height), fill=255)
    radius, at = 0.07 * min(width, height), options.get("notch", 0.7)
    if _down(width, height, options):
        for y in (0, height):
            draw.ellipse((at * width - radius, y - radius, at * width + radius, y + radius), fill=0)
    else:
        for x in (0, width):
            draw.ellipse((x - radius, at * height - radius, x + radius, at * height + radius), fill=0)


def _slant(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    lean = options.get("lean", 0.18) * min(width, height)
    side = options.get("side", "right")
    if side == "right":
        draw.polygon([(0, 0), (width, 0), (width - lean, height), (0, height)], fill=255)
    elif side == "left":
        draw.polygon([(lean, 0), (width, 0), (width, height), (0, height)], fill=255)
    elif side == "top":
        draw.polygon([(0, lean), (width, 0), (width, height), (0, height)], fill=255)
    else:
        draw.polygon([(0, 0), (width, 0), (width, height - lean), (0, height)], fill=255)


def _tick(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    draw.ellipse((0, 0, width - 1, height - 1), fill=255)
    points = [(0.27 * width, 0.52 * height), (0.44 * width, 0.68 * height), (0.74 * width, 0.36 * height)]
    draw.line(points, fill=0, width=max(1, round(0.1 * width)), joint="curve")


def _chevron(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    thick = round(options.get("width", 2.0) * _OVER)
    half = thick / 2
    draw.line([(half, half), (width - half, height / 2), (half, height - half)], fill=255, width=thick, joint="curve")


def _frame(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    thick = options.get("width", 2.0) * _OVER
    draw.rectangle((0, 0, width - 1, height - 1), fill=255)
    draw.rectangle((thick, thick, width - 1 - thick, height - 1 - thick), fill=0)
    gap = options.get("second")
    if gap:
        inner = gap * _OVER
        draw.rectangle((inner, inner, width - 1 - inner, height - 1 - inner), fill=255)
        thin = inner + max(thick * 0.5, _OVER)
        draw.rectangle((thin, thin, width - 1 - thin, height - 1 - thin), fill=0)


def _corners(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    length, thick = options.get("length", 20.0) * _OVER, options.get("width", 2.0) * _OVER
    for x, y, right, down in ((0, 0, 1, 1), (width, 0, -1, 1), (0, height, 1, -1), (width, height, -1, -1)):
        for across, deep in ((length, thick), (thick, length)):
            ends = sorted((x, x + right * across)), sorted((y, y + down * deep))
            draw.rectangle((ends[0][0], ends[1][0], ends[0][1] - 1, ends[1][1] - 1), fill=255)


def _sparkle(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    waist, corners = 0.12, []
    for step in range(8):
        radius, angle = (1.0 if step % 2 == 0 else waist), math.pi * step / 4
        corners.append((width / 2 * (1 + radius * math.sin(angle)), height / 2 * (1 - radius * math.cos(angle))))
    draw.polygon(corners, fill=255)


def _quote(draw: ImageDraw, width: float, height: float, options: dict[str, Any]) -> None:
    for left in (0.0, 0.54):
        x, side = left * width, 0.44 * width
        draw.ellipse((x, height - side, x + side, height), fill=255)
        draw.polygon(
            [
                (x, height - side / 2),
                (x + side * 0.1, height * 0.32),
                (x + side * 0.8, 0),
                (x + side * 0.9, height * 0.12),
                (x + side * 0.52, height * 0.42),
                (x + side * 0.55, height - side * 0.9),
            ],
            fill=255,
        )


_KINDS: dict[str, _Painter] = {
    "round": _rounded, "card": _rounded, "paper": _rounded, "glass": _rounded, "circle": _circle, "dot": _circle,
    "burst": _burst, "flag": _flag, "ribbon": _ribbon, "ticket": _ticket, "slant": _slant, "tick": _tick,
    "chevron": _chevron, "frame": _frame, "corners": _corners, "sparkle": _sparkle, "quote": _quote, "seal": _rounded,
}  # fmt: skip


def _shadow(canvas: Image, shape: Shape) -> None:
    """A soft shadow below a card."""
    from PIL import Image, ImageFilter

    blur = 0.022 * min(canvas.size)
    pad = math.ceil(blur * 2.5)
    left, top = _corner(shape.box)
    mask = mask_of(shape)
    scale = 4
    framed = Image.new("L", ((mask.width + 2 * pad) // scale, (mask.height + 2 * pad) // scale), 0)
    framed.paste(mask.resize((max(1, mask.width // scale), max(1, mask.height // scale))), (pad // scale, pad // scale))
    soft = framed.filter(ImageFilter.GaussianBlur(blur / scale)).resize((framed.width * scale, framed.height * scale))
    canvas.paste((0, 0, 0), (left - pad, top - pad + round(blur * 0.5)), soft.point(lambda value: round(value * 0.2)))


def _glass(canvas: Image, shape: Shape) -> None:
    """Return what lies under the box, blurred and lightened."""
    from PIL import Image, ImageFilter, ImageStat

    left, top = _corner(shape.box)
    mask = mask_of(shape)
    under = canvas.crop((left, top, left + mask.width, top + mask.height))
    small = under.resize((max(1, under.width // 4), max(1, under.height // 4)), Image.Resampling.BOX)
    soft = small.filter(ImageFilter.GaussianBlur(0.03 * min(canvas.size) / 4)).resize(
        under.size, Image.Resampling.BICUBIC
    )
    # Over a dark picture the glass stays dark, for light type.
    dark = ImageStat.Stat(small.convert("L")).mean[0] < _DARK
    lighter = Image.blend(soft, Image.new("RGB", soft.size, WHITE), 0.12 if dark else 0.7)
    canvas.paste(lighter, (left, top), mask)


def _seal_edge(canvas: Image, shape: Shape) -> None:
    inner = 0.06 * min(shape.box.width, shape.box.height)
    _outline(canvas, shape.box.grown(-inner), shape.options.get("ink", WHITE), inner * 0.45)


def _badge_ring(canvas: Image, shape: Shape) -> None:
    if shape.slot != "badge":
        return
    inner = 0.04 * shape.box.width
    ring = Shape(
        "circle",
        shape.box.grown(-inner),
        mix(shape.fill, shape.options.get("ink", WHITE), 0.75),
        options={"ring": max(1.0, inner * 0.28)},
    )
    canvas.paste(ring.fill, _corner(ring.box), mask_of(ring))


def _dashes(canvas: Image, shape: Shape) -> None:
    from PIL import ImageDraw

    draw, at = ImageDraw.Draw(canvas), shape.options.get("notch", 0.7)
    colour, thick = shade(shape.fill, -0.18), max(1, round(min(canvas.size) / 420))
    wide = _down(shape.box.width, shape.box.height, shape.options)
    length = shape.box.height if wide else shape.box.width
    step = max(4.0, 0.022 * min(canvas.size))
    radius = 0.09 * min(shape.box.width, shape.box.height)
    for number in range(int((length - 2 * radius) / step)):
        start = radius + number * step
        if wide:
            x = shape.box.left + at * shape.box.width
            draw.line((x, shape.box.top + start, x, shape.box.top + start + step * 0.55), fill=colour, width=thick)
        else:
            y = shape.box.top + at * shape.box.height
            draw.line((shape.box.left + start, y, shape.box.left + start + step * 0.55, y), fill=colour, width=thick)


def _hairlines(canvas: Image, shape: Shape) -> None:
    inset = 0.022 * min(canvas.size)
    _outline(canvas, shape.box.grown(-inset), shape.options.get("line", (156, 120, 80)), max(1.0, inset * 0.1))
    _outline(canvas, shape.box.grown(-inset * 1.4), shape.options.get("line", (156, 120, 80)), max(1.0, inset * 0.05))


def _outline(canvas: Image, box: Box, colour: RGB, thick: float) -> None:
    from PIL import ImageDraw

    ImageDraw.Draw(canvas).rectangle(tuple(round(value) for value in box), outline=colour, width=max(1, round(thick)))


_DECORATIONS: dict[str, Callable[[Any, Shape], None]] = {
    "seal": _seal_edge, "circle": _badge_ring, "ticket": _dashes, "paper": _hairlines,
}  # fmt: skip
KINDS = (*_KINDS, "bar", "hair", "band")
