"""The badge: an offer or a date on a circle, a burst, a seal or a flag, where it covers neither product nor type."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from lib_adcopy.creative.canvas import Arrangement, mean_in
from lib_adcopy.creative.elements import Box, Shape, Surface, hull, line
from lib_adcopy.creative.glyphs import TypeStyle, width
from lib_adcopy.creative.header import edges
from lib_adcopy.creative.lines import breaks, weight
from lib_adcopy.creative.roles import Roles

_SHARE = {"tall": 0.26, "square": 0.22, "wide": 0.28}
# Of the badge's area so much may lie on what is salient.
_COVERS_AT_MOST = 0.07
# Type of a pill in the top row, as a share of the shorter side.
_PILL = 0.046
_ROUND = ("circle", "burst", "seal")
# Of a round badge's side, how far from its middle type may reach, and between two lines from one to the next.
_REACH, _LEADING = {"circle": 0.4, "burst": 0.385, "seal": 0.5}, 1.14
_OFFER = re.compile(
    r"(第.{1,2}件|满\d+元?|买.{1,2}|首单|下单|领券|拍下|限时|两件|两罐装|\d支|新品|新年满?\d*)((?:[减送赠]|立减|再?打?)?.{2,5})"
)


def place_badge(made: Arrangement, roles: Roles) -> None:
    """Adds the badge to an arrangement; where no spot is free, or the layout has it in a stack, nothing."""
    order = made.order
    text, kind = order.content.badge, order.layout.badge
    if not text or kind == "none" or any(element.slot == "badge" for element in made.elements):
        return
    lines = _lines(text, kind)
    style = TypeStyle(roles.display.family, max(roles.display.weight, 700))
    if made.reserved is not None:
        _place_in_top_row(made, text, style)
        return
    long = kind in _ROUND and max(weight(each) for each in lines) > 3.4
    for share in (1.2, 1.0, 0.9) if long else (1.0, 0.9, 0.8):
        size, box = _measure(lines, kind, style, made, share)
        if size < order.format.smallest * 0.95:
            break
        spot = _spot(made, box)
        if spot is not None:
            made.elements += _drawn(made, lines, kind, style, size, spot)
            return
    _place_in_top_row(made, text, style)


def _place_in_top_row(made: Arrangement, text: str, style: TypeStyle) -> None:
    """Adds the badge as a pill at the top left, beside the label, where no brand stands there."""
    canvas, safe = made.order.format.size, made.order.format.safe_box
    margin = made.order.layout.margin * min(canvas)
    left, top = edges(made)[0], max(margin * 0.8, safe.top)
    beside = [text.box for text in made.texts if text.slot == "label" and text.box.top < 2 * top]
    for size in (max(made.order.format.smallest * 1.1, _PILL * min(canvas)), made.order.format.smallest):
        if beside:
            top = max((beside[0].top + beside[0].bottom - 1.7 * size) / 2, 0.6 * margin, safe.top)
        pill = Box(left, top, left + (width(text, style) + 1.2) * size, top + 1.7 * size)
        taken = [element.box.grown(0.3 * size) for element in made.elements]
        # A sheet has lines along its edge.
        inner = {"paper": -0.035 * min(canvas)}
        taken += [panel.box for panel in made.panels if not pill.inside(panel.box.grown(inner.get(panel.kind, 0.0)))]
        taken += [made.logo_box] if made.logo_box else []
        fits = pill.right < safe.right - margin and not any(pill.overlap(other) > 0 for other in taken)
        if fits and mean_in(made.saliency, pill, canvas) <= _COVERS_AT_MOST and not _touches(made, pill):
            made.elements += _drawn(made, (text,), "round", style, size, pill)
            made.reserved = pill
            return


def _lines(text: str, kind: str) -> tuple[str, ...]:
    """Return the badge's text in one line or two, an offer parted between its condition and what it gives."""
    if weight(text) <= (3.2 if kind in _ROUND else 7):
        return (text,)
    parted = _OFFER.fullmatch(text)
    if parted:
        return parted[1], parted[2]
    return (breaks(text, 2) or breaks(text, 1))[0]


def _measure(
    lines: tuple[str, ...], kind: str, style: TypeStyle, made: Arrangement, share: float
) -> tuple[float, tuple[float, float]]:
    width_, height_ = made.order.format.size
    form = "tall" if height_ > 1.5 * width_ else "wide" if width_ > 1.2 * height_ else "square"
    side = _SHARE[form] * min(width_, height_) * share
    widest = max(width(text, style) for text in lines)
    if kind in _ROUND:
        half = (_LEADING * (len(lines) - 1) + 0.86) / 2
        reach = max(math.hypot(width(text, style) / 2, half) for text in lines)
        return side * min(_REACH[kind] / reach, 0.74 / max(widest, 1.9), 0.31), (side, side)
    size = side * 0.27
    return size, (size * (widest + 1.2), size * (0.9 + 1.12 * len(lines)))


def _spot(made: Arrangement, box: tuple[float, float]) -> Box | None:
    """Return the free spot with the least cost, near a corner of the picture; None where there is none."""
    order = made.order
    canvas, safe = order.format.size, order.format.safe_box
    inset = 0.035 * min(canvas)
    prices = [element.box for element in made.texts if element.slot == "price"]
    taken = [element.box.grown(0.026 * min(canvas)) for element in made.elements]
    buttons = [each.box for each in made.elements if isinstance(each, Shape) and each.slot == "cta"]
    taken += [box.grown(0.06 * min(canvas)) for box in buttons]
    taken += [hull(prices).grown(0.02 * min(canvas))] if prices else []
    taken += [panel.box for panel in made.panels if panel.kind not in ("band", "slant")]
    bands = [panel.box for panel in made.panels if panel.kind in ("band", "slant")]
    best, lowest = None, float("inf")
    for preference, spot in enumerate(_candidates(made, box)):
        if not spot.inside(
            Box(
                max(inset, safe.left),
                max(inset, safe.top),
                min(canvas[0] - inset, safe.right),
                min(canvas[1] - inset, safe.bottom),
            )
        ):
            continue
        if any(spot.overlap(other) > 0 for other in taken) or any(
            0 < spot.overlap(band) < spot.area * 0.999 for band in bands
        ):
            continue
        if _touches(made, spot.grown(0.012 * min(canvas))):
            continue
        covered = mean_in(made.saliency, spot, canvas)
        cost = covered + 0.018 * preference
        if covered <= _COVERS_AT_MOST and cost < lowest:
            best, lowest = spot, cost
    return best


def _touches(made: Arrangement, spot: Box) -> bool:
    """Tell whether a spot comes upon a product: at all where its outline is known, else upon what is most salient."""
    known = bool(made.pictures) and made.pictures[0].picture.shape is not None
    return mean_in(made.subject > (0.25 if known else 0.45), spot, made.order.format.size) > (0.004 if known else 0.05)


def _candidates(made: Arrangement, box: tuple[float, float]) -> Iterator[Box]:
    canvas = made.order.format.size
    areas = [placed.box for placed in made.pictures] or [Box(0, 0, *canvas)]
    inset = 0.035 * min(canvas)
    area = Box(
        max(areas[0].left, 0), max(areas[0].top, 0), min(areas[0].right, canvas[0]), min(areas[0].bottom, canvas[1])
    )
    if made.pictures and made.pictures[0].frame not in ("bleed", "product"):
        # Across a corner of a framed picture.
        for x in (area.right - 0.62 * box[0], area.left - 0.38 * box[0]):
            for y in (area.top - 0.3 * box[1], area.bottom - 0.7 * box[1]):
                yield Box(x, y, x + box[0], y + box[1])
    for step in (0.0, 0.06, 0.12, 0.2, 0.3):
        for right, lower in ((True, False), (False, False), (True, True), (False, True)):
            for across, down in ((step, 0.0), (step, step), (0.0, step), (step, 2 * step)):
                x = (
                    area.right - inset - box[0] - across * area.width
                    if right
                    else area.left + inset + across * area.width
                )
                y = (
                    area.bottom - inset - box[1] - down * area.height
                    if lower
                    else area.top + inset + down * area.height
                )
                yield Box(x, y, x + box[0], y + box[1])


def _drawn(made: Arrangement, lines: tuple[str, ...], kind: str, style: TypeStyle, size: float, spot: Box) -> list[Any]:
    palette = made.order.palette
    panelled = any(panel.options.get("surface") == "accent" for panel in made.panels)
    fill, ink = palette.beside_panel() if panelled else palette.buttons("ground")
    if made.order.layout.ground.get("colour") == "accent":
        fill, ink = palette.buttons("accent")
    if made.order.layout.ground.get("second") == "accent":
        # It may stand on either colour of such a ground.
        fill, ink = palette.ink, palette.ground
    surface = Surface(fill, ink, ink, ink, "badge")
    total = size * (1 + _LEADING * (len(lines) - 1))
    top = (spot.top + spot.bottom - total) / 2
    options = {"ink": ink} | ({"radius": spot.height / 2} if kind == "round" else {})
    placed: list[Any] = [Shape(kind, spot, fill, "badge", options)]
    for index, text in enumerate(lines):
        x = (spot.left + spot.right - width(text, style) * size) / 2
        placed.append(line(text, "badge", style, size, x, top + index * size * _LEADING, surface))
    return placed
