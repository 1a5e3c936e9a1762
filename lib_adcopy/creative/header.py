"""Brand and AI label: placed first, so that the type keeps clear of them."""

from __future__ import annotations

import math

from lib_adcopy.creative.canvas import Arrangement, mean_in, pixels, surface_at
from lib_adcopy.creative.colour import BLACK, WHITE, contrast_on
from lib_adcopy.creative.elements import Box, Text, line
from lib_adcopy.creative.glyphs import TypeStyle, ink_box, width
from lib_adcopy.creative.roles import Roles

# The AI label's ink is this share of the shorter side (GB 45438-2025), capitals of "AI" included, and no more.
_LABEL = 0.05
# "AI" is set larger than the Han beside it, so that both have the same ink.
_STYLE = TypeStyle("sans", 300, latin=1.2)
# Ink of a capital letter in Noto and Source Han, in em.
_CAPITAL = 0.733
_CORNERS = ("top-right", "bottom-left", "bottom-right", "top-left")
# From a sheet's edge to its label, of the canvas's shorter side; the lines there end at 0.031.
_SHEET = 0.085
# Of the canvas's height in percent, a group of type lower than this has no room for the label.
_LOW = 36
# The label lines up with type that begins or ends no further from the canvas's side than this share of it.
_NEAR = 0.16
# What a corner costs that takes a group's room, and that takes it under a price.
_TAKES_ROOM, _UNDER_PRICE = 0.3, 0.7
# Contrast that neither white nor black has there is a corner where the label would want a shade.
_SHADELESS = 4.8
# What a shade under the label costs at most.
_SHADED = 0.5
# A corner as salient as this is the product's.
_TAKEN = 0.3


def label_size(size: tuple[int, int], wording: str, style: TypeStyle) -> int:
    """Return the type size in pixels at which every character of the label has the ink the standard asks for."""
    need = math.ceil(_LABEL * min(size))
    pixels_ = math.floor(need / (_CAPITAL * style.latin) * 0.9)
    while min(_ink_heights(wording, style, pixels_)) < need:
        pixels_ += 1
    return pixels_


def _ink_heights(wording: str, style: TypeStyle, size: int) -> list[float]:
    boxes = (ink_box(character, style, size) for character in wording if character.isupper() or character > "\u2e80")
    return [bottom - top for _, top, _, bottom in boxes] or [size]


def place_header(made: Arrangement, roles: Roles) -> None:
    """Adds the AI label, the logo and the brand's name to an arrangement."""
    order = made.order
    size = label_size(order.format.size, order.label, _STYLE) if order.label else 0
    if order.label:
        made.elements.append(_label(made, _STYLE, size))
    if order.content.brand or order.logo is not None:
        _place_brand(made, roles, size)


def _label(made: Arrangement, style: TypeStyle, size: int) -> Text:
    """Return the label in the first corner that is free; where none is, in the one that covers least."""
    order = made.order
    taken = width(order.label, style) * size
    corners = [order.label_corner] if order.label_corner else [*made.form.label, *_CORNERS]
    spots = [_corner(made, corner, taken, size) for corner in dict.fromkeys(corners)]

    def cost(number: int) -> float:
        box = spots[number].grown(size * 0.25)
        framed = [placed.box for placed in made.pictures if placed.frame not in ("bleed", "product")]
        outlines = [*(panel.box for panel in made.panels), *framed]
        crossing = sum(box.overlap(edge) for edge in outlines if not box.inside(edge)) / box.area
        known = bool(made.pictures) and made.pictures[0].picture.shape is not None
        on_product = (4.0 if known else 1.5) * mean_in(made.subject > (0.35 if known else 0.6), box, order.format.size)
        drawn = pixels(made.form.emblem, order.format.size, order.mirrored) if made.form.emblem else None
        crossing += box.overlap(drawn) / box.area if drawn and order.emblem else 0.0
        salient = max(0.0, mean_in(made.saliency, box, order.format.size) - 0.06)
        return 6 * crossing + 1.5 * salient + on_product + _room_taken(made, box) + _unread(made, box) + 0.2 * number

    box = spots[min(range(len(spots)), key=cost)]
    return line(order.label, "label", style, size, box.left, box.top, surface_at(made, box), colour="muted", group=-1)


def _room_taken(made: Arrangement, box: Box) -> float:
    """Return what a label costs the groups of type whose room it takes: most under a price, and of a low group."""
    total = 0.0
    for group in made.form.groups:
        room = pixels(group.box, made.order.format.size, made.order.mirrored)
        if box.overlap(room) <= 0:
            continue
        under = "price" in str(group.stack[-1]) and box.top > (room.top + room.bottom) / 2
        total += _UNDER_PRICE if under else _TAKES_ROOM
        total += 0.1 if group.box[3] < _LOW else 0.0
    return total


def _unread(made: Arrangement, box: Box) -> float:
    """Return how much contrast a picture leaves the label short of, on what is seen of it in a box."""
    view, there = made.view
    scale = 160 / made.order.format.width
    top, bottom, left, right = (round(value * scale) for value in (box.top, box.bottom, box.left, box.right))
    part = view[top : bottom + 1, left : right + 1][there[top : bottom + 1, left : right + 1]]
    if not part.size:
        return 0.0
    return min(_SHADED, 0.5 * max(0.0, _SHADELESS - max(contrast_on(part, WHITE, 2), contrast_on(part, BLACK, 2))))


def edges(made: Arrangement) -> tuple[float, float]:
    """Return the left and right edge that label and brand keep: those of the type, where it is near the canvas's."""
    safe, canvas = made.order.format.safe_box, made.order.format.size
    margin = made.order.layout.margin * min(canvas)
    left, right = max(margin, safe.left), min(canvas[0] - margin, safe.right)
    rooms = [pixels(group.box, canvas, made.order.mirrored) for group in made.form.groups]
    near = _NEAR * canvas[0]
    lefts = [room.left for room in rooms if room.left < near]
    rights = [room.right for room in rooms if room.right > canvas[0] - near]
    return max(left, min(lefts, default=left)), min(right, max(rights, default=right))


def _corner(made: Arrangement, corner: str, taken: float, size: float) -> Box:
    safe, canvas = made.order.format.safe_box, made.order.format.size
    margin = made.order.layout.margin * min(canvas)
    left, right = edges(made)
    top, bottom = max(margin, safe.top), min(canvas[1] - margin, safe.bottom)
    for sheet in _sheets(made):
        left, right = max(left, sheet.left), min(right, sheet.right)
        top, bottom = max(top, sheet.top), min(bottom, sheet.bottom)
    x = left if corner.endswith("left") else right - taken
    if corner in ("top", "bottom"):
        x = (canvas[0] - taken) / 2
    y = top if corner.startswith("top") else bottom - size
    return Box(x, y, x + taken, y + size)


def _sheets(made: Arrangement) -> list[Box]:
    """Return what lies within the lines along the edge of a sheet of paper."""
    inset = _SHEET * min(made.order.format.size)
    return [panel.box.grown(-inset) for panel in made.panels if panel.kind == "paper"]


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
    if not name or name.lower() in order.content.headline.lower():
        # The headline says it; twice in a row is once too often.
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
    tops = [sheet.top for sheet in _sheets(made)]
    top = max(margin, safe.top, *tops) + max(label - height, 0) * 0.6
    left = edges(made)[0]
    return Box(left, top, left + 0.5 * (safe.right - safe.left), top + height)
