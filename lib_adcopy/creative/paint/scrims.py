"""A scrim over a full-bleed picture: one edge darkened or lightened smoothly in a hue of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_adcopy.creative.canvas import Arrangement
from lib_adcopy.creative.colour import from_oklch, to_oklch

if TYPE_CHECKING:
    from PIL.Image import Image


def paint_scrim(canvas: Image, made: Arrangement) -> None:
    """Paints the form's scrim: a letter for the edge ("v" foot, "^" head, "<" left, ">" right), where it begins in
    percent, a colon and its opacity: "v38:.7". A picture with a plain ground needs none."""
    import numpy as np
    from PIL import Image

    scrim = made.form.scrim
    if not scrim or made.pictures[0].picture.analysis.plain:
        return
    edge, (start, opacity) = scrim[0], (float(part) for part in scrim[1:].split(":"))
    if made.order.mirrored and edge in "<>":
        edge = ">" if edge == "<" else "<"
    along = canvas.height if edge in "v^" else canvas.width
    place = (np.arange(along, dtype=np.float32) + 0.5) / along
    if edge in "^<":
        place = 1 - place
        start = 100 - start
    share = np.clip((place - start / 100) / max(1 - start / 100, 0.01) * 1.25, 0, 1)
    smooth = (share * share * (3 - 2 * share) * opacity * 255).astype(np.uint8)
    mask = Image.fromarray(smooth[:, None] if edge in "v^" else smooth[None, :]).resize(canvas.size)
    canvas.paste(scrim_colour(made), (0, 0), mask)


def scrim_colour(made: Arrangement) -> tuple[int, int, int]:
    """Return the darkest hue of the picture for a dark palette's light type, else its lightest."""
    colours = [colour for colour, _ in made.pictures[0].picture.analysis.colours]
    if made.order.palette.is_dark:
        darkest = min(colours, key=lambda colour: to_oklch(colour)[0])
        return from_oklch(0.17, min(to_oklch(darkest)[1], 0.04), to_oklch(darkest)[2])
    lightest = max(colours, key=lambda colour: to_oklch(colour)[0])
    return from_oklch(0.965, min(to_oklch(lightest)[1], 0.02), to_oklch(lightest)[2])
