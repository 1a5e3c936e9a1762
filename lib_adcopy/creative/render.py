"""An arrangement painted: the finished picture, and what its checks measured on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib_adcopy.creative.arrange import arrange
from lib_adcopy.creative.canvas import Arrangement, Order
from lib_adcopy.creative.colour import WHITE, contrast_on
from lib_adcopy.creative.elements import Shape, Text
from lib_adcopy.creative.metrics import Measures, measure
from lib_adcopy.creative.paint.emblems import paint_emblem
from lib_adcopy.creative.paint.grounds import paint_ground
from lib_adcopy.creative.paint.lettering import draw_text, settle
from lib_adcopy.creative.paint.ornaments import paint_ornaments
from lib_adcopy.creative.paint.pictures import paint_pictures
from lib_adcopy.creative.paint.scrims import paint_scrim
from lib_adcopy.creative.paint.shapes import paint_shape

if TYPE_CHECKING:
    from PIL.Image import Image

# Against a ground with less contrast than this a logo gets a plate.
_LOGO_SEEN = 1.9


@dataclass(frozen=True)
class Rendered:
    """A painted creative (RGB), where everything lies on it, and what was measured."""

    image: Image
    arrangement: Arrangement
    measures: Measures

    @property
    def rights(self) -> dict[int, str]:
        """The Exif tags that name the author of the pictures shown, by tag number; the first picture's count."""
        shown = reversed(self.arrangement.order.pictures)
        return {tag: text for picture in shown for tag, text in picture.rights.items()}

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line drawn, in the order of reading."""
        return tuple(text.text for text in reading_order(self.arrangement.texts))


def render(order: Order) -> Rendered:
    """Arranges and paints a creative."""
    return paint(arrange(order))


def paint(made: Arrangement) -> Rendered:
    """Paints an arrangement."""
    order = made.order
    canvas = paint_ground(order.format.size, order.palette, made.form.ground or order.layout.ground, order.seed)
    bleeds = any(placed.frame == "bleed" for placed in made.pictures)
    under = [panel for panel in made.panels if panel.options.get("under")]
    for shape in under:
        paint_shape(canvas, shape)
    if not bleeds:
        paint_ornaments(canvas, made)
        paint_emblem(canvas, made)
    canvas = paint_pictures(canvas, made)
    if bleeds:
        paint_scrim(canvas, made)
        paint_ornaments(canvas, made)
    for shape in (panel for panel in made.panels if panel not in under):
        paint_shape(canvas, shape)
    # Shades go under buttons and tags, which have colours of their own.
    settled = settle(canvas, made.texts)
    for shape in (element for element in made.elements if isinstance(element, Shape)):
        paint_shape(canvas, shape)
    if order.logo is not None and made.logo_box is not None:
        _paint_logo(canvas, made)
    measures = measure(canvas, made, settled)
    for text in settled:
        draw_text(canvas, text)
    return Rendered(canvas, made, measures)


def _paint_logo(canvas: Image, made: Arrangement) -> None:
    import numpy as np
    from PIL import Image

    box, logo = made.logo_box, made.order.logo
    if box is None:
        return
    left, top = round(box.left), round(box.top)
    small = logo.convert("RGBA").resize((max(1, round(box.width)), max(1, round(box.height))), Image.Resampling.LANCZOS)
    under = np.asarray(canvas.crop((left, top, left + small.width, top + small.height)))
    ink = np.asarray(small)[np.asarray(small.getchannel("A")) > 128][:, :3]
    if ink.size and contrast_on(under, tuple(int(value) for value in ink.mean(axis=0)), 50) < _LOGO_SEEN:  # type: ignore[arg-type]
        pad = 0.1 * box.height
        fill = made.order.palette.surface("card").fill or WHITE
        paint_shape(canvas, Shape("round", box.grown(pad), fill, options={"radius": pad}))
    canvas.paste(small, (left, top), small)


def reading_order(texts: list[Text]) -> list[Text]:
    """Lines from the top down, those of one height from the left; columns from the right."""
    return sorted(
        texts, key=lambda text: (round(text.box.top / max(text.size, 1) / 0.8), -text.x if text.vertical else text.x)
    )
