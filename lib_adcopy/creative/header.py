"""Brand and AI label: placed first, so that the type keeps clear of them."""

from __future__ import annotations

import math

from lib_adcopy.creative.canvas import Arrangement, mean_in, pixels, surface_at
from lib_adcopy.creative.elements import Box, Text, line
from lib_adcopy.creative.glyphs import TypeStyle, ink_box, width
from lib_adcopy.creative.roles import Roles

# The AI label's ink is at least this share of the shorter side (GB 45438-2025), capitals of "AI" included.
_LABEL = 0.05
# Ink of a capital letter in Noto and Source Han, in em.
_CAPITAL = 0.733
_CORNERS = ("top-right", "bottom-left", "bottom-right", "top-left")
# From a sheet's edge to its label, of the canvas's shorter side; the lines there end at 0.031.
_SHEET = 0.045
# Of the canvas's height in percent, a group of type lower than this has no room for the label.
_LOW = 36
# A corner as salient as this is the product's.
_TAKEN = 0.3


def label_size(size: tuple[int, int], wording: str, style: TypeStyle) -> int:
    """Return the type size in pixels at which every character of the label has the ink the standard asks for."""
    need = math.ceil(_LABEL * min(size))
    pixels_ = math.ceil(need / _CAPITAL)
    while min(_ink_heights(wording, style, pixels_)) < need:
        pixels_ += 1
    return pixels_


def _ink_heights(wording: str, style: TypeStyle, size: int) -> list[float]:
    boxes = (ink_box(character, style, size) for character in wording if character.isupper() or character > "\u2e80")
    return [bottom - top for _, top, _, bottom in boxes] or [size]


def place_header(made: Arrangement, roles: Roles) -> None:
    """Adds the AI label, the logo and the brand's name to an arrangement."""
    order = made.order
    style = TypeStyle("sans", 400)
    size = label_size(order.format.size, order.label, style) if order.label else 0
    if order.label:
        made.elements.append(_label(made, style, size))
    if order.content.brand or order.logo is not None:
        _place_brand(made, roles, size)


def _label(made: Arrangement, style: TypeStyle, size: int) -> Text:
    """Return the label in the first corner that is free; where none is, in the one that covers least."""
    order = made.order
    taken = width(order.label, style) * size
    # Two corners of a form's own are all that leave its type the room.
    own = made.form.label
    corners = [order.label_corner] if order.label_corner else own if len(own) > 1 else [*own, *_CORNERS]
    spots = [_corner(made, corner, taken, size) for corner in dict.fromkeys(corners)]

    def cost(number: int) -> float:
        box = spots[number].grown(size * 0.12)
        framed = [placed.box for placed in made.pictures if placed.frame not in ("bleed", "product")]
        edges = [*(panel.box for panel in made.panels), *framed]
        crossing = sum(box.overlap(edge) for edge in edges if not box.inside(edge)) / box.area
        # A label in a low group's box takes its type the room.
        short = [group for group in made.form.groups if group.box[3] < _LOW]
        taken_from = sum(box.overlap(pixels(each.box, order.format.size, order.mirrored)) for each in short)
        crossing += 0.06 * taken_from / box.area
        return 3 * crossing + 3 * max(0.0, mean_in(made.saliency, box, order.format.size) - 0.06) + 0.25 * number

    box = spots[min(range(len(spots)), key=cost)]
    return line(order.label, "label", style, size, box.left, box.top, surface_at(made, box), colour="muted", group=-1)


def _corner(made: Arrangement, corner: str, taken: float, size: float) -> Box:
    safe, canvas = made.order.format.safe_box, made.order.format.size
    margin = made.order.layout.margin * min(canvas)
    left, right = max(margin, safe.left), min(canvas[0] - margin, safe.right)
    top, bottom = max(margin * 0.8, safe.top), min(canvas[1] - margin * 0.8, safe.bottom)
    for panel in (panel.box for panel in made.panels if panel.kind == "paper"):
        # Within the lines along a sheet's edge.
        inset = _SHEET * min(canvas)
        left, right = max(left, panel.left + inset), min(right, panel.right - inset)
        top, bottom = max(top, panel.top + inset), min(bottom, panel.bottom - inset)
    x = left if corner.endswith("left") else right - taken
    y = top if corner.startswith("top") else bottom - size
    return Box(x, y, x + taken, y + size)


def _place_brand(made: Arrangement, roles: Roles, label: int) -> None:
    """Logo and name at the top left, or in the form's own box; left out where both would cover the product."""
    order = made.order
    if any("brand" in str(part) for group in made.form.groups for part in group.stack):
        return
    height = max(label * 0.92, order.format.smallest * 1.25)
    room = _brand_room(made, height, label)
    style = TypeStyle(roles.text.family, 700, 0.02)
    left = room.left
    if order.logo is not None:
        ratio = order.logo.width / order.logo.height
        across = min(height * 1.15 * ratio, room.width)
        top = room.top + (height - across / ratio) / 2
        made.logo_box = Box(left, top, left + across, top + across / ratio)
        left += across + height * 0.4
    name = order.content.brand
    if not name:
        return
    size = min(height, (room.right - left) / max(width(name, style), 1e-6))
    top = room.top + (height - size) / 2
    box = Box(left, top, left + width(name, style) * size, top + size)
    text = line(name, "brand", style, size, left, top, surface_at(made, box), group=-2)
    covers = mean_in(made.saliency, box, order.format.size) > _TAKEN
    if size < order.format.smallest * 0.8 or covers or any(text.box.grown(2).overlap(each.box) for each in made.texts):
        made.dropped.append("brand")
    else:
        made.elements.append(text)


def _brand_room(made: Arrangement, height: float, label: float) -> Box:
    if made.form.brand:
        return pixels(made.form.brand, made.order.format.size, made.order.mirrored)
    safe, canvas = made.order.format.safe_box, made.order.format.size
    margin = made.order.layout.margin * min(canvas)
    top = max(margin * 0.8, safe.top) + max(label - height, 0) * 0.6
    left = max(margin, safe.left)
    return Box(left, top, left + 0.5 * (safe.right - safe.left), top + height)
