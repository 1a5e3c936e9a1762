"""Describe what one press mends: a check's suggestion applied to the request, to be rendered anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative.content import SLOTS

if TYPE_CHECKING:
    from lib_adcopy.creative.maker import Request


def mend(request: Request, suggestion: Mapping[str, Any]) -> Request:
    """Return the request changed as a Check.mend says; raises KeyError for a suggestion there is none of.

    "layout": "next" takes the next layout that suits; "backed": True puts plates under type on pictures; "slots" are
    edits; "nudge" sizes a group; "replace" changes words in every slot; "label": True draws the AI label.
    """
    for kind, value in suggestion.items():
        request = _MENDS[kind](request, value)
    return request


def _next_layout(request: Request, value: Any) -> Request:
    from lib_adcopy.creative.maker import AUTO, chosen_layout, layouts_for

    names = [layout.name for layout in layouts_for(request)]
    now = chosen_layout(request).name if request.layout == AUTO else request.layout
    at = names.index(now) if now in names else -1
    return replace(request, layout=names[(at + 1) % len(names)]) if names else request


def _replaced(request: Request, words: Mapping[str, str]) -> Request:
    """Return the words of every slot replaced; a slot left with nothing is switched off."""
    content = request.filled

    def clean(text: str) -> str:
        for term, replacement in words.items():
            text = text.replace(term, replacement)
        return text.strip()

    plain: dict[str, Any] = {
        slot: clean(getattr(content, slot)) for slot in SLOTS if isinstance(getattr(content, slot), str)
    }
    points = tuple(point for point in map(clean, content.points) if point)
    return replace(request, content=replace(content, points=points, **plain), edits={})


def _label(request: Request, value: Any) -> Request:
    from lib_adcopy.creative.label import wordings

    return replace(request, label=wordings(request.content.language)[0])


_MENDS = {
    "layout": _next_layout,
    "backed": lambda request, value: replace(request, backed=bool(value)),
    "slots": lambda request, edits: replace(request, edits={**request.edits, **edits}),
    "nudge": lambda request, nudges: replace(request, nudges={**request.nudges, **nudges}),
    "replace": _replaced,
    "label": _label,
}
