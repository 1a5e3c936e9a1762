"""A layout, content and pictures put on one canvas: every box decided, nothing painted yet."""

from __future__ import annotations

from dataclasses import replace

from lib_adcopy.creative.badges import place_badge
from lib_adcopy.creative.canvas import RING, Arrangement, Order, PlacedPicture, pixels
from lib_adcopy.creative.completing import completed, with_name_as_point
from lib_adcopy.creative.elements import Box, Shape, moved
from lib_adcopy.creative.header import place_header
from lib_adcopy.creative.items.setting import Setting
from lib_adcopy.creative.layout import Form, Group, Panel, Percent, form_of
from lib_adcopy.creative.phrases import limits
from lib_adcopy.creative.picture import AnalysedPicture, Fraction
from lib_adcopy.creative.placing import Wish, choose_window, visible
from lib_adcopy.creative.roles import SCALES, Roles
from lib_adcopy.creative.stack import Filled, Inks, fill_group, slots_of
from lib_adcopy.creative.vertical import fill_vertical

# Between a ring or an arch and type, of the shorter side.
_AIR = 0.036
_LARGER, _SMALLER = 1.2, 0.8
_WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
# A ground of which less is a photograph, and the rest drawn on, looks muddy: the product stands on the layout's.
# Grounds that a picture on plain paper may take the place of.
_DRAWN_ON = 0.62
# So much of its size a headline keeps for an offer set above it.
_KEPT = 0.85
# An arch is so many times as high as wide, the more where its ground can be extended.
_ARCH, _HIGH_ARCH = (1.06, 1.22), 1.4
_QUIET = ("seamless", "plain", "gradient", "blobs", "grid")


def arrange(order: Order) -> Arrangement:
    """Decides every box of a creative; where its badge stands in the top row, the type keeps clear of that."""
    made = _arranged(order)
    if "badge" in made.dropped:
        made = _with_offer_in_type(made)
    if "note" in made.dropped and limits(order.content.note):
        made = _with_limit_as_point(made)
    if made.reserved is None:
        return made
    clear = _arranged(order, made.reserved)
    return clear if {text.slot for text in clear.texts} >= {text.slot for text in made.texts} else made


def _with_offer_in_type(made: Arrangement) -> Arrangement:
    """Return an arrangement whose badge finds no spot with the offer as a tag among the type, or else in its note."""
    order, told = made.order, {text.slot for text in made.texts}
    for slot in ("headline", "price"):
        tagged = _arranged(order, tag_above=slot)
        if {text.slot for text in tagged.texts} >= told | {"badge"} and tagged.headline >= _KEPT * made.headline:
            return tagged
    between = "，" if order.content.language == "zh" else " · "
    note = between.join(filter(None, (order.content.badge, order.content.note)))
    said = _arranged(replace(order, content=replace(order.content.without("badge"), note=note)))
    return said if {text.slot for text in said.texts} >= told | {"note"} else made


def _with_limit_as_point(made: Arrangement) -> Arrangement:
    """Return an arrangement whose note finds no room with the note, which limits the price, as its first point."""
    content = made.order.content
    points = (content.note, *content.points)[: max(2, len(content.points))]
    limited = _arranged(replace(made.order, content=replace(content.without("note"), points=points)))
    told = {text.slot for text in made.texts}
    kept = any(text.text == content.note for text in limited.texts)
    return limited if kept and {text.slot for text in limited.texts} >= told else made


def _arranged(order: Order, reserved: Box | None = None, tag_above: str = "") -> Arrangement:
    form = _form(order)
    order = replace(order, content=with_name_as_point(order.content, form))
    form = completed(form, order.content, wide=form_of(*order.format.size) == "wide", tag_above=tag_above)
    made = Arrangement(order, form, reserved=reserved)
    roles = _roles(order)
    _place_pictures(made)
    for panel in form.panels:
        if panel.kind != "none":
            made.panels.append(_panel(panel, order))
    place_header(made, roles)
    for number, group in enumerate(form.groups):
        _place_group(made, group, roles, number)
    place_badge(made, roles)
    missing = [slot for slot in ("price", "badge", "cta", "note", "points", "subline") if getattr(order.content, slot)]
    drawn = {element.slot for element in made.elements}
    made.dropped += [slot for slot in missing if slot not in drawn and slot not in made.dropped]
    return made


def _form(order: Order) -> Form:
    wanted = form_of(*order.format.size)
    forms = order.layout.forms
    return forms.get(wanted) or forms.get("square") or next(iter(forms.values()))


def _roles(order: Order) -> Roles:
    roles = SCALES[order.layout.type]
    if not order.families:
        return roles
    changed = {
        role: replace(getattr(roles, role), family=family)
        for role, family in order.families.items()
        if hasattr(roles, role)
    }
    return replace(roles, **changed)


def _place_pictures(made: Arrangement) -> None:
    order, form = made.order, made.form
    size = order.format.size
    if not order.pictures or order.layout.frame == "none":
        return
    if order.layout.frame == "bleed":
        canvas = Box(0, 0, *size)
        zones = tuple(_fractions(group.box, order.mirrored) for group in form.groups)
        subject = _fractions(form.subject, order.mirrored) if form.subject else None
        window = choose_window(order.pictures[0], size, Wish(subject, zones))
        made.pictures.append(PlacedPicture(order.pictures[0], canvas, "bleed", window))
        return
    for number, box in enumerate(form.pictures):
        picture = order.pictures[number % len(order.pictures)]
        place = pixels(box, size, order.mirrored)
        made.pictures.append(_framed(picture, place, order, detail=number // len(order.pictures)))


def _framed(picture: AnalysedPicture, place: Box, order: Order, detail: int) -> PlacedPicture:
    frame = order.layout.frame
    if frame in ("box", "slant") and picture.bare and picture.cutout is not None:
        # A cut-out has no ground to fill a box: it stands on the layout's, with air above it and under its foot.
        within = Box(place.left, place.top + 0.15 * place.height, place.right, place.bottom - 0.08 * place.height)
        return PlacedPicture(picture, within, "product", (0.0, 0.0, 1.0, 1.0))
    if frame == "product":
        # On a quiet ground a photograph keeps its own: its shadow is the true one.
        melts = picture.analysis.plain and picture.mask is None and order.layout.family != "white"
        if melts and order.layout.ground.get("kind") in _QUIET:
            melted = _melted(picture, place, order)
            if picture.cutout is None or visible(melted.window) >= _DRAWN_ON:
                return melted
        if picture.cutout is not None:
            return PlacedPicture(picture, place, "product", (0.0, 0.0, 1.0, 1.0))
        if melts:
            return _melted(picture, place, order)
        frame = "whole" if order.layout.family == "white" else "round"
    if frame in ("circle", "arch"):
        ring = RING * min(order.format.size) if frame == "circle" else 0.0
        side = min(place.width, place.height if frame == "circle" else place.height / _ARCH[0]) - 2 * ring
        most = _HIGH_ARCH if picture.analysis.plain else _ARCH[1]
        down = side if frame == "circle" else min(place.height, side * most)
        middle = ((place.left + place.right) / 2, (place.top + place.bottom) / 2)
        place = Box(middle[0] - side / 2, middle[1] - down / 2, middle[0] + side / 2, middle[1] + down / 2)
    if frame == "whole":
        return PlacedPicture(picture, _contained(picture, place), "box", (0.0, 0.0, 1.0, 1.0))
    if detail:
        return PlacedPicture(picture, place, frame, _detail(picture, (place.width, place.height), detail))
    wish = Wish(_uncovered(place, order)) if frame == "box" else Wish()
    return PlacedPicture(picture, place, frame, choose_window(picture, (place.width, place.height), wish))


def _uncovered(place: Box, order: Order) -> Fraction | None:
    """Return the part of a picture's box beside the slanted panel that lies over it; None where there is none."""
    for panel in _form(order).panels:
        box = pixels(panel.box, order.format.size, order.mirrored)
        if panel.kind == "slant" and 0 < box.overlap(place) < place.area:
            lean = 0.35 * panel.options.get("lean", 0.18) * min(box.width, box.height)
            if box.left <= place.left:
                return (box.right - lean - place.left) / place.width, 0.04, 0.98, 0.98
            return 0.02, 0.04, (box.left + lean - place.left) / place.width, 0.98
    return None


def _contained(picture: AnalysedPicture, place: Box) -> Box:
    """Return the largest box of the picture's shape in the middle of a place."""
    scale = min(place.width / picture.image.width, place.height / picture.image.height)
    across, down = picture.image.width * scale, picture.image.height * scale
    left, top = (place.left + place.right - across) / 2, (place.top + place.bottom - down) / 2
    return Box(left, top, left + across, top + down)


def _melted(picture: AnalysedPicture, place: Box, order: Order) -> PlacedPicture:
    """Return a picture on a plain ground covers the canvas, its subject in the layout's box."""
    size = order.format.size
    subject = (place.left / size[0], place.top / size[1], place.right / size[0], place.bottom / size[1])
    zones = tuple(_fractions(group.box, order.mirrored) for group in _form(order).groups)
    window = choose_window(picture, size, Wish(subject, zones))
    return PlacedPicture(picture, Box(0, 0, *size), "bleed", window)


def _detail(picture: AnalysedPicture, size: tuple[float, float], number: int) -> Fraction:
    """Return a close part of the subject, another for each number."""
    left, top, right, bottom = picture.analysis.subject
    ratio = (size[0] / size[1]) / (picture.image.width / picture.image.height)
    side = 0.46 * max(right - left, bottom - top)
    across, down = (side * ratio, side) if ratio < 1 else (side, side / ratio)
    spots = ((0.5, 0.22), (0.5, 0.75), (0.28, 0.5), (0.72, 0.5))
    u, v = spots[(number - 1) % len(spots)]
    x = min(max(left + (right - left) * u - across / 2, 0.0), 1 - across)
    y = min(max(top + (bottom - top) * v - down / 2, 0.0), 1 - down)
    return x, y, x + across, y + down


def _fractions(box: Percent, mirrored: bool) -> Fraction:
    x, y, across, down = (value / 100 for value in box)
    if mirrored:
        x = 1 - x - across
    return x, y, x + across, y + down


def _panel(panel: Panel, order: Order) -> Shape:
    box = pixels(panel.box, order.format.size, order.mirrored)
    surface = order.palette.surface(panel.surface)
    fill = surface.fill or order.palette.ground
    return Shape(panel.kind, box, fill, "panel", {**panel.options, "surface": panel.surface})


def _place_group(made: Arrangement, group: Group, roles: Roles, number: int) -> None:
    order = made.order
    if order.mirrored and group.align != "center":
        group = replace(group, align="left")
    box = _free(made, _with_emblems_room(made, pixels(group.box, order.format.size, order.mirrored)), group.align)
    short = min(order.format.size)
    outer = box
    if group.backing:
        # The backing's own margin lies within the group's box.
        box = box.grown(-(0.075 if group.backing == "ribbon" else 0.05) * short, -0.045 * short)
    if order.backed and not group.backing and group.surface == "ground" and made.pictures:
        group = replace(group, backing="card", surface="card")
    filled = _filled(made, group, roles, number, box)
    if filled is None:
        made.dropped += [slot for slot in slots_of(group) if getattr(order.content, slot, None)]
        return
    if "headline" in slots_of(group):
        made.headline = filled.size
    made.dropped += list(filled.dropped)
    box = _nudged(made, box, filled.box, group)
    covered = filled.box.moved(box.left, box.top)
    if group.backing:
        made.panels.append(_backing(made, group, outer if group.fills else covered, filled.size))
    made.elements += moved(filled.elements, box.left, box.top)


def _with_emblems_room(made: Arrangement, box: Box) -> Box:
    """Return a group's box with the room beside or above it that a drawing would have, where there is none."""
    if made.order.emblem or made.form.emblem is None:
        return box
    size, mirrored = made.order.format.size, made.order.mirrored
    drawn = pixels(made.form.emblem, size, mirrored)
    wider = box
    if drawn.left >= box.right and min(drawn.bottom, box.bottom) > max(drawn.top, box.top):
        wider = Box(box.left, box.top, drawn.right, box.bottom)
    same_axis = abs(drawn.left + drawn.right - box.left - box.right) < 0.06 * size[0]
    if same_axis and drawn.bottom <= box.top and box.top - drawn.bottom < drawn.height / 2:
        wider = Box(box.left, drawn.top, box.right, box.bottom)
    rooms = [pixels(group.box, size, mirrored) for group in made.form.groups]
    return box if any(wider.overlap(room) > 0 for room in rooms if room != box) else wider


def _nudge_of(group: Group, order: Order) -> str:
    """Return the nudge for any of a group's slots, "" for none."""
    return next((order.nudges[slot] for slot in sorted(slots_of(group)) if slot in order.nudges), "")


def _nudged(made: Arrangement, box: Box, taken: Box, group: Group) -> Box:
    """Return the box moved by a twentieth of the shorter side, as far as margins, safe area and other type allow."""
    order = made.order
    way = _WAYS.get(_nudge_of(group, order))
    if way is None:
        return box
    step = 0.05 * min(order.format.size)
    margin, safe = order.layout.margin * min(order.format.size), order.format.safe_box
    room = Box(
        max(margin, safe.left), max(margin, safe.top),
        min(order.format.width - margin, safe.right), min(order.format.height - margin, safe.bottom),
    )  # fmt: skip
    moved_box = box.moved(way[0] * step, way[1] * step)
    covered = taken.moved(moved_box.left, moved_box.top)
    free = not any(covered.overlap(element.box) > 0 for element in made.elements)
    return moved_box if free and covered.inside(room) else box


def _backing(made: Arrangement, group: Group, covered: Box, size: float) -> Shape:
    """Return the shape under a group's type: as large as the group's box where it fills it, else with a margin."""
    palette, short = made.order.palette, min(made.order.format.size)
    box = covered
    if not group.fills:
        pad = min(max(0.34 * size, 0.03 * short), 0.045 * short)
        box = covered.grown(0.07 * short, pad * 0.8) if group.backing == "ribbon" else covered.grown(pad * 1.1, pad)
    fill = palette.surface(group.surface).fill or palette.ground
    return Shape(group.backing, box, fill, "panel", {"surface": group.surface, "radius": 0.022 * short})


def _free(made: Arrangement, box: Box, align: str) -> Box:
    """Return the part of a group's box within the safe area and clear of brand and label; a centred one keeps its
    axis."""
    safe, short = made.order.format.safe_box, min(made.order.format.size)
    gap, margin = 0.034 * short, made.order.layout.margin * short
    canvas = Box(margin, margin, made.order.format.width - margin, made.order.format.height - margin)
    left, top = max(box.left, safe.left, canvas.left), max(box.top, safe.top, canvas.top)
    right, bottom = min(box.right, safe.right, canvas.right), min(box.bottom, safe.bottom, canvas.bottom)
    if align == "center":
        axis = (box.left + box.right) / 2
        half = min(axis - left, right - axis)
        left, right = axis - half, axis + half
    taken = [text.box for text in made.texts if text.slot in ("label", "brand")]
    for other in [*taken, *(each for each in (made.logo_box, made.reserved) if each)]:
        if other.grown(gap).overlap(Box(left, top, right, bottom)) <= 0:
            continue
        if (other.top + other.bottom) / 2 < (top + bottom) / 2:
            top = max(top, other.bottom + gap)
        else:
            bottom = min(bottom, other.top - 1.6 * gap)
    for placed in made.pictures:
        ring = placed.box.grown(((RING if placed.frame == "circle" else 0.0) + _AIR) * short)
        touches = ring.left <= left and ring.overlap(Box(left, top, right, bottom)) > 0
        if placed.frame not in ("circle", "arch") or not touches:
            continue
        if (placed.box.top + placed.box.bottom) / 2 > (top + bottom) / 2:
            bottom = min(bottom, ring.top)
        else:
            top = max(top, ring.bottom)
    return Box(left, top, max(right, left + 1), max(bottom, top + 1))


def _filled(made: Arrangement, group: Group, roles: Roles, number: int, box: Box) -> Filled | None:
    order = made.order
    surface = order.palette.surface(group.surface)
    setting = Setting(
        roles.display, roles.text, roles.small, roles.number, order.format.smallest, surface, group.align, number
    )
    short = min(order.format.size)
    least = order.format.smallest * 1.1
    headed = "headline" in slots_of(group)
    most = short * group.headline if headed or not made.headline else max(made.headline, least)
    if not headed and group.headline != 0.15:
        most = short * group.headline
    fill = fill_vertical if group.vertical else fill_group
    inks, room = Inks(*order.palette.buttons(group.surface)), (box.width, box.height)
    nudge = _nudge_of(group, order)
    most *= _LARGER if nudge == "larger" else 1.0
    filled = fill(group, order.content, setting, inks, room, (least, max(most, least)))
    if filled is not None and nudge == "smaller":
        # Smaller than what fits, not than what the layout allows.
        return fill(group, order.content, setting, inks, room, (least, max(_SMALLER * filled.size, least)))
    return filled
