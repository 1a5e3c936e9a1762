"""A drawing of the goods in two tones of the palette, for a creative without a picture."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative.canvas import Arrangement, pixels
from lib_adcopy.creative.colour import RGB, contrast, mix
from lib_adcopy.creative.emblems import emblems

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_OVER = 3
# Of a line, in the drawing's hundredths; of the soft tone, how much of the accent.
_WIDTH, _SOFT = 2.6, 0.3
_STEPS = 10


def paint_emblem(canvas: Image, made: Arrangement) -> None:
    """Draws the ad's emblem in its form's box, standing on the box's foot; nothing where the form has none."""
    from PIL import Image as Images
    from PIL import ImageDraw as Draws

    order = made.order
    if made.form.emblem is None or not order.emblem:
        return
    box = pixels(made.form.emblem, order.format.size, order.mirrored)
    side = min(box.width, box.height)
    left, top = (box.left + box.right - side) / 2, box.bottom - side
    colours = _colours(made)
    large = max(8, math.ceil(side) * _OVER)
    drawn = Images.new("RGBA", (large, large), (*colours["line"], 0))
    draw = Draws.Draw(drawn)
    for part in emblems()[order.emblem]["parts"]:
        kind = next(name for name in _KINDS if name in part)
        values = [value * large / 100 for value in part[kind]]
        width = part.get("width", _WIDTH) * large / 100
        _KINDS[kind](draw, values, part, colours, max(1, round(width)))
    small = drawn.resize((math.ceil(side), math.ceil(side)), Images.Resampling.BOX)
    canvas.paste(small, (round(left), round(top)), small)


def _colours(made: Arrangement) -> dict[str, RGB]:
    """Return the tones that parts name."""
    palette = made.order.palette
    ground, accent = palette.ground, palette.accent
    light = palette.surface("card").fill or ground
    return {"full": accent, "soft": mix(ground, accent, _SOFT), "paper": light, "line": _line(palette.ink, accent)}


def _line(ink: RGB, accent: RGB) -> RGB:
    """Return the colour of lines: the ink, where it is seen on the accent."""
    return ink if contrast(ink, accent) > 1.6 else mix(accent, (255, 255, 255), 0.85)


_Colours = Mapping[str, RGB]


def _stroke(draw: ImageDraw, points: Sequence[tuple[float, float]], colour: RGB, width: int) -> None:
    """A line with round joints and ends."""
    draw.line([value for point in points for value in point], fill=colour, width=width, joint="curve")
    for x, y in points:
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=colour)


def _pairs(values: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(values[::2], values[1::2], strict=True))


def _area(
    draw: ImageDraw, points: list[tuple[float, float]], part: Mapping[str, Any], colours: _Colours, width: int
) -> None:
    if part.get("fill", "none") == "none":
        _stroke(draw, points, colours["line"], width)
        return
    draw.polygon(points, fill=colours[part["fill"]])
    _stroke(draw, [*points, points[0]], colours["line"], width)


def _poly(draw: ImageDraw, values: Sequence[float], part: Mapping[str, Any], colours: _Colours, width: int) -> None:
    _area(draw, _pairs(values), part, colours, width)


def _curve(draw: ImageDraw, values: Sequence[float], part: Mapping[str, Any], colours: _Colours, width: int) -> None:
    """A smooth line through the points (Catmull-Rom), closed where it is filled."""
    points = _pairs(values)
    closed = part.get("fill", "none") != "none"
    padded = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    smooth: list[tuple[float, float]] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(_STEPS + 1):
            t = step / _STEPS
            smooth.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    _area(draw, smooth, part, colours, width)


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    """Return the Catmull-Rom spline from b to c at t."""
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _oval(draw: ImageDraw, values: Sequence[float], part: Mapping[str, Any], colours: _Colours, width: int) -> None:
    filled = part.get("fill", "none") != "none"
    draw.ellipse(
        tuple(values), fill=colours[part["fill"]] if filled else None, outline=colours["line"], width=width
    )  # fmt: skip


def _box(draw: ImageDraw, values: Sequence[float], part: Mapping[str, Any], colours: _Colours, width: int) -> None:
    draw.rounded_rectangle(
        tuple(values[:4]), values[4], fill=colours[part["fill"]], outline=colours["line"], width=width
    )


def _line_of(draw: ImageDraw, values: Sequence[float], part: Mapping[str, Any], colours: _Colours, width: int) -> None:
    _stroke(draw, _pairs(values), colours["line"], width)


def _arc(draw: ImageDraw, values: Sequence[float], part: Mapping[str, Any], colours: _Colours, width: int) -> None:
    start, end = part["arc"][4:]
    draw.arc(tuple(values[:4]), start, end, fill=colours["line"], width=width)


_KINDS: dict[str, Callable[..., None]] = {
    "oval": _oval, "box": _box, "poly": _poly, "curve": _curve, "line": _line_of, "arc": _arc,
}  # fmt: skip
