"""Sets of pictures that a platform shows together: Taobao's five main pictures of a product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lib_adcopy.creative.content import Content
from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from lib_adcopy.creative.maker import Request
    from lib_adcopy.creative.render import Rendered

# Layouts with a list of points, for a cut-out, a plain ground or a scene.
_LISTS = ("text-left", "slant-cut")
FIVE = ("hero", "points", "detail", "size", "white")


def taobao_five(request: Request) -> Iterator[tuple[str, Rendered]]:
    """(name, creative) of the five main pictures: hero with price, points, detail, specifications, white ground.

    All in one palette. Raises AdCopyError without a picture of the product.
    """
    from lib_adcopy.creative.maker import make

    if not request.pictures:
        raise AdCopyError("creative.needs_picture", name="taobao-white")
    for name, layout, content, format_name in _plan(request):
        changed = replace(request, content=content, edits={}, layout=layout, seed=request.seed)
        yield name, make(changed, format_name)


def _plan(request: Request) -> list[tuple[str, str, Content, str]]:
    """(name, layout, content, format) of each picture of the set."""
    from lib_adcopy.creative.layout import get_layout

    content, kind = request.filled, request.subject.kind
    listed = next(name for name in _LISTS if kind in get_layout(name).pictures)
    points = content.without("price", "badge", "note", "cta", "subline")
    detail = points.without("points")
    if content.points:
        detail = replace(detail, headline=content.points[0])
    size = content.without("badge", "note", "cta", "points")
    sheet = "spec-sheet" if len(content.specs) >= 2 else listed
    return [
        ("hero", request.layout, content, "taobao-main"),
        ("points", listed, points, "taobao-main"),
        ("detail", "detail-close", detail, "taobao-main"),
        ("size", sheet, size, "taobao-main"),
        ("white", "white-ground", content, "taobao-white"),
    ]
