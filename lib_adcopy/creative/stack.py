"""A group of a layout filled with content: which parts, how large, and what gives way when it is too much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from lib_adcopy.creative.content import Content
from lib_adcopy.creative.elements import Box, Element
from lib_adcopy.creative.items.plates import button, tag
from lib_adcopy.creative.items.points import InlinePoints, ListedPoints, PillPoints
from lib_adcopy.creative.items.setting import Item, Setting
from lib_adcopy.creative.items.text import AccentBar, Lines
from lib_adcopy.creative.layout import Group
from lib_adcopy.creative.lines import breaks, ranked_breaks, weight
from lib_adcopy.creative.pair import SideBySide
from lib_adcopy.creative.phrases import limits
from lib_adcopy.creative.planning import words
from lib_adcopy.creative.price_block import PriceBlock
from lib_adcopy.creative.specs import SpecTable

# What may give way where everything does not fit, and how much each is missed: "third" is the third point, "was" and
# "tag" are parts of the price.
_MISSED = {
    "note": 0.25, "cta": 0.16, "third": 0.08, "subline": 0.16, "was": 0.5, "tag": 0.15, "points": 0.45, "price": 0.6,
}  # fmt: skip
_WAYS: tuple[tuple[str, ...], ...] = tuple(
    way for count in range(len(_MISSED)) for way in combinations(_MISSED, count) if not {"third", "points"} <= set(way)
)
_STEPS = 26
_SHRINK = 0.94
# Of a gap between parts, what it may gain where the room is not filled.
_LOOSER = 0.75


@dataclass(frozen=True)
class Inks:
    """Colours of filled parts on a surface: buttons, tags, badges."""

    fill: Any
    ink: Any


@dataclass(frozen=True)
class Filled:
    """A group set: its elements, the headline size it came to, the box they cover and the slots left out."""

    elements: tuple[Element, ...]
    size: float
    box: Box
    dropped: tuple[str, ...] = ()


def slots_of(group: Group) -> set[str]:
    """Return the slots a group's stack speaks of."""
    parts = [part for entry in group.stack for part in ((entry,) if isinstance(entry, str) else entry)]
    return {part.partition(":")[0] for part in parts}


def fill_group(
    group: Group, content: Content, setting: Setting, inks: Inks, room: tuple[float, float], sizes: tuple[float, float]
) -> Filled | None:
    """Return the group set in `room` (width, height) from (0, 0); `sizes` are the least and largest headline size.

    None where even the least of it does not fit.
    """
    best: tuple[float, Filled] | None = None
    least, most = sizes
    slots = slots_of(group)
    present = {slot for slot in _MISSED if slot in slots and getattr(content, slot)}
    present |= {"third"} if "points" in slots and len(content.points) > 2 else set()
    if "price" in slots and content.price:
        present |= {part for part in ("was", "tag") if getattr(content.price, part)}
    for left_out in _WAYS:
        if not set(left_out) <= present:
            continue
        reduced = _reduced(content, left_out)
        for lines, cost in _headlines(group, reduced):
            items = list(_items(group, reduced, setting, inks, lines))
            if not items:
                continue
            size = _largest(items, room, least, most)
            if size is None:
                continue
            value = min(size / most, 1.0) * (1 - 0.13 * cost) - sum(_missed(slot, content) for slot in left_out)
            if best is None or value > best[0] + 1e-6:
                best = value, _placed(group, items, size, room, left_out)
    return best[1] if best else None


def _missed(slot: str, content: Content) -> float:
    """Return what leaving a part out costs; a price without its condition ("会员价") would be another price."""
    condition = slot == "tag" and content.price is not None and content.price.tag != "现价"
    condition = condition or (slot == "note" and limits(content.note))
    return 0.5 if condition else _MISSED[slot]


def _reduced(content: Content, left_out: Sequence[str]) -> Content:
    parts = [part for part in ("was", "tag") if part in left_out and content.price]
    reduced = content.without(*(slot for slot in left_out if slot not in ("third", "was", "tag")))
    if parts and reduced.price:
        reduced = replace(reduced, price=replace(reduced.price, **dict.fromkeys(parts, "")))
    return replace(reduced, points=reduced.points[:2]) if "third" in left_out else reduced


def _headlines(group: Group, content: Content) -> Iterator[tuple[tuple[str, ...], float]]:
    """Ways to break the headline, with what each costs: one line, two, and three where it is long."""
    if "headline" not in slots_of(group) or not content.headline:
        yield (), 0.0
        return
    long = weight(content.headline)
    for count in (1, 2, 3):
        if count == 3 and long < 15:
            break
        for way, cost in ranked_breaks(content.headline, count)[:4]:
            yield way, 0.5 * (count - 1) + 0.55 * cost


def _largest(items: Sequence[Item], room: tuple[float, float], least: float, most: float) -> float | None:
    size = most
    for _ in range(_STEPS):
        if size < least:
            size = least
        height = 0.0
        for index, item in enumerate(items):
            extent = item.extent(size, room[0])
            if extent is None:
                break
            height += extent[1] + (item.gap * size if index else 0.0)
        else:
            if height <= room[1]:
                return size
        if size <= least:
            return None
        size *= _SHRINK
    return None


def _placed(
    group: Group, items: Sequence[Item], size: float, room: tuple[float, float], gone: tuple[str, ...]
) -> Filled:
    heights = [(item.extent(size, room[0]) or (0.0, 0.0)) for item in items]
    gaps = [0.0, *(item.gap * size for item in items[1:])]
    total = sum(height for _, height in heights) + sum(gaps)
    if group.anchor == "middle" and len(items) > 1:
        looser = min(_LOOSER, 0.6 * (room[1] - total) / sum(gaps))
        gaps = [gap * (1 + looser) for gap in gaps]
        total = sum(height for _, height in heights) + sum(gaps)
    free = room[1] - total
    top = {"top": 0.0, "middle": free / 2, "bottom": free}[group.anchor]
    elements: list[Element] = []
    widest, at = max(taken for taken, _ in heights), top
    for index, item in enumerate(items):
        at += gaps[index]
        elements += item.place(size, room[0], 0.0, at)
        at += heights[index][1]
    left = {"left": 0.0, "center": (room[0] - widest) / 2, "right": room[0] - widest}[group.align]
    return Filled(tuple(elements), size, Box(left, top, left + widest, top + total), gone)


def _items(group: Group, content: Content, setting: Setting, inks: Inks, lines: tuple[str, ...]) -> Iterator[Item]:
    pending: list[Item] = []
    for entry in group.stack:
        if isinstance(entry, str):
            made = _item(entry, content, setting, inks, lines)
            if made is not None:
                pending.append(made)
            continue
        parts = [part for part in (_item(name, content, setting, inks, lines) for name in entry) if part is not None]
        if len(parts) == 2:
            pending.append(SideBySide(parts[0], parts[1], spread=group.spread, gap=max(parts[0].gap, parts[1].gap)))
        elif parts:
            pending.append(parts[0])
    # A bar parts something from something.
    while pending and isinstance(pending[-1], AccentBar):
        pending.pop()
    yield from pending


def _item(entry: str, content: Content, setting: Setting, inks: Inks, lines: tuple[str, ...]) -> Item | None:
    slot, _, manner = entry.partition(":")
    if slot == "headline":
        return Lines("headline", lines, setting.display, 1.0, setting, 0.34, last_colour=manner) if lines else None
    if slot == "rule":
        return AccentBar(setting)
    if slot == "price" and content.price:
        was = "原价" if content.language == "zh" else ""
        return PriceBlock(content.price, setting, inks.fill, inks.ink, was, ratio=float(manner or 1.25))
    if slot == "points" and content.points:
        return _points(manner, content.points, setting)
    if slot == "specs" and content.specs:
        return SpecTable(content.specs, setting)
    if slot == "cta" and content.cta:
        return button(content.cta, setting, inks.fill, inks.ink)
    if slot == "badge" and manner == "big" and content.badge:
        big = breaks(content.badge, 1)[0]
        return Lines("badge", big, setting.display, 1.0, setting, colour="accent", shrinks_to=0.5)
    if slot == "badge" and content.badge:
        return tag(content.badge, setting, inks.fill, inks.ink)
    if slot == "subline" and content.subline:
        ratio = float(manner or 0.48)
        way = breaks(content.subline, 1 if weight(content.subline) * ratio < 9 else 2) or breaks(content.subline, 1)
        return Lines("subline", way[0], setting.text, ratio, setting, 0.34, 1.36, shrinks_to=0.72)
    if slot == "note" and content.note:
        way = breaks(content.note, 1)
        return Lines("note", way[0], setting.small, 0.36, setting, 0.42, 1.4, shrinks_to=0.7)
    if slot == "caption":
        return Lines("caption", (words(content.language)["captions"][manner],), setting.text, 0.5, setting)
    if slot == "brand" and manner == "mast" and content.brand:
        return Lines("brand", (content.brand,), setting.display, 1.0, setting, shrinks_to=0.4)
    if slot == "brand" and content.brand:
        return Lines(
            "brand", (content.brand,), setting.text, 0.34, setting, 0.5, colour=manner or "ink", shrinks_to=0.6
        )
    return None


def _points(manner: str, points: tuple[str, ...], setting: Setting) -> Item:
    kind, _, mark = manner.partition("-")
    if kind == "list":
        return ListedPoints(points, setting, mark or "tick")
    if kind in ("pills", "filled"):
        return PillPoints(points, setting, filled=kind == "filled")
    return InlinePoints(points, setting)
