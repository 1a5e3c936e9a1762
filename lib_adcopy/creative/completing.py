"""Gives a layout's form the parts that its content has and its stacks lack: a note, a call to act, a product's name."""

from __future__ import annotations

from dataclasses import replace

from lib_adcopy.creative.content import Content
from lib_adcopy.creative.layout import Form, Group
from lib_adcopy.creative.lines import weight
from lib_adcopy.creative.stack import slots_of

# A second line that is longer stands only where a layout was made for it.
_SUBLINE_AT_MOST = 14.0
# Of a selling point, in full-width characters.
_POINT_AT_MOST = 9.5

Entry = str | tuple[str, ...]


def with_name_as_point(content: Content, form: Form) -> Content:
    """Return the content with its second line (mostly the product's name) as first point where the form has no line
    for it."""
    slots = set[str]().union(*(slots_of(group) for group in form.groups))
    if "subline" in slots or "points" not in slots or not content.subline or weight(content.subline) > _POINT_AT_MOST:
        return content
    points = (content.subline, *content.points)[: max(3, len(content.points))]
    return replace(content, subline="", points=points)


def completed(form: Form, content: Content, *, wide: bool, tag_above: str = "") -> Form:
    """Return the form with a note below its price, and on pages (no `wide` banners) a button beside it.

    The product's name, where it is the second line, stands below the headline. `tag_above`
    is the slot above which the offer stands as a tag ("" for a badge of its own). What finds no room is left out
    as any other part is.
    """
    slots = set[str]().union(*(slots_of(group) for group in form.groups))
    groups = list(form.groups)
    if content.subline and "subline" not in slots and weight(content.subline) <= _SUBLINE_AT_MOST:
        groups = [_after(group, "headline", "subline") for group in groups]
    if content.note and "note" not in slots:
        anchor = "price" if content.price and "price" in slots else "headline"
        groups = [_after(group, anchor, "note") for group in groups]
    if content.cta and content.price and "cta" not in slots and not wide:
        groups = [_beside_price(group) for group in groups]
    if tag_above:
        groups = [_before(group, tag_above, "badge") for group in groups]
    return replace(form, groups=tuple(groups))


def _at(group: Group, slot: str) -> int:
    """Return the place in a group's stack of the entry with this slot; -1 where it has none."""
    parts = [(entry,) if isinstance(entry, str) else entry for entry in group.stack]
    return next((at for at, entry in enumerate(parts) if any(part.partition(":")[0] == slot for part in entry)), -1)


def _after(group: Group, slot: str, added: str) -> Group:
    at = _at(group, slot)
    if at < 0 or group.vertical:
        return group
    return replace(group, stack=(*group.stack[: at + 1], added, *group.stack[at + 1 :]))


def _before(group: Group, slot: str, added: str) -> Group:
    at = _at(group, slot)
    return group if at < 0 or group.vertical else replace(group, stack=(*group.stack[:at], added, *group.stack[at:]))


def _beside_price(group: Group) -> Group:
    """Return the group with a button beside its price, where that stands alone in its line."""
    at = _at(group, "price")
    entry = group.stack[at] if at >= 0 else ()
    if group.vertical or not isinstance(entry, str):
        return group
    return replace(group, stack=(*group.stack[:at], (entry, "cta"), *group.stack[at + 1 :]))
