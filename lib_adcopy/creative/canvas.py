"""Describe what one creative is made of, and where everything lies on its canvas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lib_adcopy.creative.content import Content
from lib_adcopy.creative.elements import Box, Element, Shape, Surface, Text
from lib_adcopy.creative.formats import Format
from lib_adcopy.creative.layout import Form, Layout, Percent
from lib_adcopy.creative.palettes import Palette
from lib_adcopy.creative.picture import AnalysedPicture, Fraction
from lib_adcopy.creative.placing import on_canvas


@dataclass(frozen=True)
class Order:
    """Describe what one creative is made of. `label` is the visible AI label's wording, "" for none; `seed` varies the
    setting.

    `nudges` move or size the group of a slot: {"headline": "left"}; `backed` puts a plate under type on pictures.
    `emblem` names the drawing of the goods that layouts without a picture show.
    """

    content: Content
    layout: Layout
    format: Format
    palette: Palette
    pictures: tuple[AnalysedPicture, ...] = ()
    label: str = ""
    label_corner: str = ""
    logo: Any = None
    seed: int = 0
    mirrored: bool = False
    nudges: Mapping[str, str] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    backed: bool = False
    emblem: str = ""


@dataclass(frozen=True)
class PlacedPicture:
    """A picture's box on the canvas, its frame, and the window of the picture that it shows."""

    picture: AnalysedPicture
    box: Box
    frame: str
    window: Fraction


@dataclass
class Arrangement:
    """All that will be painted, in pixels. `dropped` are slots with content that found no place,
    `reserved` is the place of a badge in the top row."""

    order: Order
    form: Form
    pictures: list[PlacedPicture] = field(default_factory=list)
    panels: list[Shape] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    headline: float = 0.0
    logo_box: Box | None = None
    reserved: Box | None = None

    @property
    def texts(self) -> list[Text]:
        """The lines of type, in the order they are drawn."""
        return [element for element in self.elements if isinstance(element, Text)]

    @cached_property
    def saliency(self) -> Any:
        """Saliency on the canvas, at 160 pixels across."""
        return self._laid("saliency")

    @cached_property
    def gradient(self) -> Any:
        """The bare pictures' gradient on the canvas, at 160 pixels across."""
        return self._laid("gradient")

    @cached_property
    def subject(self) -> Any:
        """Return where products are on the canvas (0-1, 160 pixels across): by their masks where they have one."""
        return self._laid("subject")

    @cached_property
    def view(self) -> Any:
        """The pictures on the canvas, (h, 160, 3) bytes, and where they are, (h, 160): for what is laid over them."""
        import numpy as np

        from lib_adcopy.creative.placing import paint_window

        canvas = self.order.format.size
        seen = np.zeros((max(1, round(160 * canvas[1] / canvas[0])), 160, 3), dtype=np.uint8)
        there = np.zeros(seen.shape[:2], dtype=bool)
        for placed in self.pictures:
            if placed.frame == "product":
                continue
            left, top, right, bottom = (round(value * 160 / canvas[0]) for value in placed.box)
            part = np.asarray(paint_window(placed.picture, placed.window, (max(1, right - left), max(1, bottom - top))))
            x, y = max(left, 0), max(top, 0)
            part = part[y - top : seen.shape[0] - top, x - left : 160 - left]
            seen[y : y + part.shape[0], x : x + part.shape[1]] = part
            there[y : y + part.shape[0], x : x + part.shape[1]] = True
        return seen, there

    def _laid(self, name: str) -> Any:
        import numpy as np

        canvas = self.order.format.size
        total = np.zeros((max(1, round(160 * canvas[1] / canvas[0])), 160), dtype=np.float32)
        for placed in self.pictures:
            picture, box = placed.picture, placed.box
            values = picture.covered if name == "subject" else getattr(picture.analysis, name)
            if placed.frame == "product" and placed.picture.cutout is not None:
                # What is drawn is the cut-out alone, where it stands.
                box = product_box(placed, self.order.layout)
                values = placed.picture.silhouette if name != "gradient" else values
            total = np.maximum(total, on_canvas(values, placed.window, box, canvas))
        return total


# From a round picture to the ring around it, of the canvas's shorter side.
RING = 0.022
# Of a product's box, what its plinth takes.
PLINTH = 0.12


def product_box(placed: PlacedPicture, layout: Layout) -> Box:
    """Return where a cut-out stands in its place: as large as fits, its foot near the lower edge or on the plinth."""
    cutout, box = placed.picture.cutout, placed.box
    if cutout is None:
        return box
    plinth = bool(layout.ground.get("plinth", False))
    room = (box.width * (0.8 if plinth else 0.94), box.height * ((1 - PLINTH) if plinth else 0.96))
    scale = min(room[0] / cutout.width, room[1] / cutout.height)
    foot = box.bottom - box.height * (PLINTH if plinth else 0.03)
    half = cutout.width * scale / 2
    middle = (box.left + box.right) / 2
    return Box(middle - half, foot - cutout.height * scale, middle + half, foot)


def pixels(box: Percent, size: tuple[int, int], mirrored: bool = False) -> Box:
    """Return a layout's percentages in pixels; `mirrored` swaps left and right."""
    x, y, across, down = box
    if mirrored:
        x = 100 - x - across
    return Box(x / 100 * size[0], y / 100 * size[1], (x + across) / 100 * size[0], (y + down) / 100 * size[1])


def mean_in(values: Any, box: Box, canvas: tuple[int, int]) -> float:
    """Return the mean of a canvas array (160 across) in a box; 0.0 for a box outside."""
    height, across = values.shape
    left, right = (
        min(max(int(value / canvas[0] * across), 0), across) for value in (box.left, box.right + canvas[0] / across)
    )
    top, bottom = (
        min(max(int(value / canvas[1] * height), 0), height) for value in (box.top, box.bottom + canvas[1] / height)
    )
    part = values[top:bottom, left:right]
    return float(part.mean()) if part.size else 0.0


def surface_at(made: Arrangement, box: Box) -> Surface:
    """Return the surface a line stands on: a panel's, or the ground where that or a picture lies there."""
    if any(box.overlap(placed.box) > 0 for placed in made.pictures if placed.frame != "product"):
        return made.order.palette.surface("ground")
    for panel in reversed(made.panels):
        if box.inside(panel.box):
            return made.order.palette.surface(panel.options["surface"])
    return made.order.palette.surface("ground")
