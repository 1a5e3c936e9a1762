"""Vertical type: the headline in one or two columns from the right, the points in smaller ones beside it."""

from __future__ import annotations

from lib_adcopy.creative.content import Content
from lib_adcopy.creative.elements import Box, Element, Shape, Text
from lib_adcopy.creative.glyphs import TypeStyle, column_height
from lib_adcopy.creative.items.setting import Setting
from lib_adcopy.creative.layout import Group
from lib_adcopy.creative.lines import breaks, weight
from lib_adcopy.creative.stack import Filled, Inks

_COLUMN = 1.42
_POINTS = 0.44
# What one more column of points is worth, in shares of the largest headline.
_WORTH = 0.11


def fill_vertical(
    group: Group, content: Content, setting: Setting, inks: Inks, room: tuple[float, float], limits: tuple[float, float]
) -> Filled | None:
    """Do as fill_group; columns run from the right edge of the room."""
    least, most = limits
    if not content.headline:
        return None
    columns = breaks(content.headline, 1 if weight(content.headline) <= 7 else 2) or breaks(content.headline, 1)
    headline = columns[0]
    points = content.points if any(str(part).startswith("points") for part in group.stack) else ()
    best: tuple[float, Filled] | None = None
    for count in range(len(points), -1, -1):
        size = most
        while size >= least:
            filled = _columns(headline, points[:count], setting, room, size)
            if filled is not None:
                break
            size *= 0.95
        else:
            continue
        value = size / most + _WORTH * count
        if best is None or value > best[0]:
            gone = ("points",) if points and not count else ()
            best = value, Filled(tuple(filled), size, _covered(filled), gone)
    return best[1] if best else None


def _columns(
    headline: tuple[str, ...], points: tuple[str, ...], setting: Setting, room: tuple[float, float], size: float
) -> list[Element] | None:
    display = TypeStyle(setting.display.family, setting.display.weight, 0.1)
    text = TypeStyle(setting.text.family, setting.text.weight, 0.14)
    small = setting.size(size, _POINTS)
    across = size * (1 + (len(headline) - 1) * _COLUMN) + len(points) * small * 1.75 + (0.5 * size if points else 0)
    tallest = max([column_height(column, display) * size for column in headline] + [0.0])
    if across > room[0] or tallest > room[1]:
        return None
    if any(column_height(point, text) * small > room[1] for point in points):
        return None
    placed: list[Element] = []
    x = room[0] - size / 2
    for column in headline:
        placed.append(
            Text(column, "headline", display, size, x, 0.0, setting.surface, vertical=True, group=setting.group)
        )
        x -= size * _COLUMN
    x += size * (_COLUMN - 0.5) - 0.5 * size - small * 0.5
    for point in points:
        bar = Box(x + small * 0.86, 0.0, x + small * 0.86 + max(1.0, small * 0.03), column_height(point, text) * small)
        placed.append(Shape("hair", bar, setting.surface.muted, options={"alpha": 0.45}))
        placed.append(Text(point, "points", text, small, x, 0.0, setting.surface, vertical=True, group=setting.group))
        x -= small * 1.75
    return placed


def _covered(elements: list[Element]) -> Box:
    boxes = [element.box for element in elements]
    return Box(
        min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
    )
