"""Describe what is measured on a creative, by the formulas of the published layout metrics in floats.

occlusion: sum(S M) / sum(M), saliency under type and plates; unreadability: the bare ground's gradient under type
without a plate; overlap: sum of IoU over pairs / n; alignment: the mean distance of a box to its nearest aligned
neighbour; contrast: the least of the lines' 5th percentiles (WCAG 2.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative.canvas import Arrangement, PlacedPicture, mean_in
from lib_adcopy.creative.colour import contrast, contrast_on
from lib_adcopy.creative.elements import Box, Shape, Text, hull
from lib_adcopy.creative.paint.lettering import ground_under

if TYPE_CHECKING:
    from PIL.Image import Image

_SIDE = 160
# A subject that covers so much of its picture is a scene.
_ALL = 0.72
# What such a scene costs an arrangement in a round frame.
_ROUND = 0.6
# So much of it has to be seen.
_SEEN = 0.78
# So much of a line of type may lie on the product.
_ON_PRODUCT, _IS_PRODUCT = 0.06, 0.35
# So much of a framed picture's salient part may lie under panels.
_HIDDEN = 0.04
# What a slot that found no place costs an arrangement.
_LOST = {"headline": 10.0, "price": 3.0, "points": 0.5, "badge": 0.7, "note": 0.7}


@dataclass(frozen=True)
class Measures:
    """`contrasts` is (line, ratio) for every line; `outside` are lines that leave the canvas or the safe area."""

    contrast: float
    occlusion: float
    unreadability: float
    overlap: float
    alignment: float
    contrasts: tuple[tuple[str, float], ...] = ()
    outside: tuple[str, ...] = ()
    empty: float = 0.0


def measure(canvas: Image, made: Arrangement, texts: Sequence[Text]) -> Measures:
    """Measures an arrangement on its canvas before the type is drawn."""
    contrasts = tuple((text.text, _contrast(canvas, text)) for text in texts)
    boxes = [text.box for text in texts]
    return Measures(
        contrast=min((ratio for _, ratio in contrasts), default=21.0),
        occlusion=_under(made.saliency, boxes, made),
        unreadability=_under(
            _bare_gradient(canvas, made), [text.box for text in texts if text.surface.fill is None], made
        ),
        overlap=overlap(made, texts),
        alignment=alignment(_blocks(texts), canvas.size),
        contrasts=contrasts,
        outside=_outside(made, texts),
        empty=1 - _covered(made, texts),
    )


def _contrast(canvas: Image, text: Text) -> float:
    colour = getattr(text.surface, text.colour)
    if text.surface.fill is not None and text.surface.name in ("cta", "pill", "mark", "tag", "badge"):
        return contrast(colour, text.surface.fill)
    return contrast_on(ground_under(canvas, text), colour)


def _bare_gradient(canvas: Image, made: Arrangement) -> Any:
    """Return the gradient of the finished ground (picture, scrims and plates), 160 across: what type has to be read
    on."""
    import numpy as np

    from lib_adcopy.creative import saliency

    small = canvas.convert("L").resize((_SIDE, max(1, round(_SIDE * canvas.height / canvas.width))), reducing_gap=2.0)
    return saliency.gradient(np.asarray(small))


def _under(values: Any, boxes: Sequence[Box], made: Arrangement) -> float:
    import numpy as np

    mask = np.zeros(values.shape, dtype=bool)
    height, across = values.shape
    width_, height_ = made.order.format.size
    for box in boxes:
        left, right = (min(max(round(value / width_ * across), 0), across) for value in (box.left, box.right))
        top, bottom = (min(max(round(value / height_ * height), 0), height) for value in (box.top, box.bottom))
        mask[top:bottom, left:right] = True
    return float(values[mask].mean()) if mask.any() else 0.0


def overlap(made: Arrangement, texts: Sequence[Text]) -> float:
    """Sum of the pairs' intersection over union, divided by the number of boxes: type, the badge, the logo."""
    # A price's parts are set close together on purpose: they count as one.
    prices: dict[int, list[Box]] = {}
    for text in texts:
        if text.slot == "price":
            prices.setdefault(text.group, []).append(text.box)
    boxes = [text.box for text in texts if text.slot not in ("badge", "price")] + [
        hull(each) for each in prices.values()
    ]
    boxes += [element.box for element in made.elements if isinstance(element, Shape) and element.slot == "badge"]
    if made.logo_box is not None:
        boxes.append(made.logo_box)
    total = 0.0
    for index, first in enumerate(boxes):
        for second in boxes[index + 1 :]:
            both = first.overlap(second)
            if both > 0.5:
                total += both / (first.area + second.area - both)
    return total / len(boxes) if boxes else 0.0


def _blocks(texts: Sequence[Text]) -> list[Box]:
    """Return one box for the lines of each slot in each group, so that a paragraph counts once."""
    joined: dict[tuple[int, str], list[Box]] = {}
    for text in texts:
        if text.slot in ("headline", "subline", "points", "price", "note", "specs"):
            joined.setdefault((text.group, text.slot), []).append(text.box)
    return [hull(boxes) for boxes in joined.values()]


def alignment(boxes: Sequence[Box], size: tuple[int, int]) -> float:
    """Return the mean over boxes of -log10(1 - d), d the least distance to another's left, middle, right, top or
    bottom."""
    if len(boxes) < 2:
        return 0.0
    total = 0.0
    for index, box in enumerate(boxes):
        others = [other for number, other in enumerate(boxes) if number != index]
        total += -math.log10(1 - min(_distance(box, other, size) for other in others))
    return total / len(boxes)


def _distance(first: Box, second: Box, size: tuple[int, int]) -> float:
    across = [(box.left, (box.left + box.right) / 2, box.right) for box in (first, second)]
    down = [(box.top, (box.top + box.bottom) / 2, box.bottom) for box in (first, second)]
    found = [abs(a - b) / size[0] for a, b in zip(*across, strict=True)]
    found += [abs(a - b) / size[1] for a, b in zip(*down, strict=True)]
    return min(min(found), 0.999)


def _outside(made: Arrangement, texts: Sequence[Text]) -> tuple[str, ...]:
    canvas = Box(0, 0, *made.order.format.size)
    safe = made.order.format.safe_box
    return tuple(
        text.text for text in texts if not text.box.inside(canvas, 1) or not text.box.inside(safe, 0.004 * canvas.width)
    )


def _covered(made: Arrangement, texts: Sequence[Text]) -> float:
    area = made.order.format.width * made.order.format.height
    boxes = [text.box.area for text in texts] + [placed.box.area for placed in made.pictures]
    return min(sum(boxes) / area, 1.0)


def salient_in(made: Arrangement, box: Box) -> float:
    """Return the mean saliency in a box of the canvas."""
    return mean_in(made.saliency, box, made.order.format.size)


def _is_scene(placed: PlacedPicture) -> bool:
    analysis = placed.picture.analysis
    return analysis.coverage >= _ALL and not analysis.plain


def visible_of(placed: PlacedPicture) -> float:
    """Return the share of a picture that its window shows."""
    left, top, right, bottom = placed.window
    return max(0.0, min(right, 1.0) - max(left, 0.0)) * max(0.0, min(bottom, 1.0) - max(top, 0.0))


def _shown(placed: PlacedPicture) -> float:
    """The part of a subject that its window shows; 1.0 for a scene that is all subject."""
    analysis, window = placed.picture.analysis, placed.window
    if placed.frame == "product" or _is_scene(placed):
        return 1.0
    left, top, right, bottom = analysis.subject
    across = min(right, window[2]) - max(left, window[0])
    down = min(bottom, window[3]) - max(top, window[1])
    return max(across, 0.0) * max(down, 0.0) / ((right - left) * (bottom - top))


def _hidden(made: Arrangement) -> float:
    """Return the share of what is salient in a framed picture that lies under panels."""
    framed = [placed for placed in made.pictures[:1] if placed.frame in ("box", "round")]
    if not framed:
        return 0.0
    strong = made.saliency > _IS_PRODUCT
    across = strong.shape[1]
    total, under = float(strong.sum()), strong.copy()
    scale = across / made.order.format.width
    for panel in (each for each in made.panels if not each.options.get("under")):
        left, top, right, bottom = (max(0, round(value * scale)) for value in panel.box)
        if panel.kind == "slant":
            # Half of the slanted edge's box is panel.
            lean = panel.options.get("lean", 0.18) * min(panel.box.width, panel.box.height) * scale / 2
            left, right = (left, round(right - lean)) if panel.box.left <= 0 else (round(left + lean), right)
        under[top:bottom, left:right] = False
    return 1 - float(under.sum()) / total if total else 0.0


def cost(made: Arrangement) -> float:
    """Return what is wrong with an arrangement before it is painted: lost slots, overlap, type outside or on the
    subject."""
    slots = {text.slot for text in made.texts}
    content = made.order.content
    lost = sum(missed for slot, missed in _LOST.items() if getattr(content, slot) and slot not in slots)
    for placed in (each for each in made.pictures[:1] if _is_scene(each)):
        # All of such a scene is its subject; a round frame cuts off its corners as well.
        lost += 3 * max(0.0, _SEEN - visible_of(placed)) + (_ROUND if placed.frame == "circle" else 0.0)
    covered = _under(made.saliency, [text.box for text in made.texts], made)
    plates = _under(made.saliency, [panel.box for panel in made.panels if not panel.options.get("under")], made)
    outside = len(_outside(made, made.texts))
    lost += 6 * max(0.0, _hidden(made) - _HIDDEN)
    lost += 8 * max(0.0, 0.98 - min((_shown(placed) for placed in made.pictures[:1]), default=1.0))
    # Where no outline is known, a label on what is salient costs nothing: corners of scenes are that.
    known = any(placed.picture.shape is not None for placed in made.pictures[:1])
    judged = [text for text in made.texts if text.slot != "label" or known]
    on_product = [mean_in(made.subject > _IS_PRODUCT, text.box, made.order.format.size) for text in judged]
    lost += 4 * sum(max(0.0, share - _ON_PRODUCT) for share in on_product)
    return (
        lost + 20 * overlap(made, made.texts) + 2 * outside + 6 * max(0.0, covered - 0.1) + 4 * max(0.0, plates - 0.2)
    )
