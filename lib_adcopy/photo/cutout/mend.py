"""Mend a cut-out by hand: a little more of the photo, a little less, a softer edge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from lib_adcopy.photo.cutout.cutout import Cutout

if TYPE_CHECKING:
    from lib_adcopy.photo.loading import Photo

# The widest step in px.
_WIDEST = 100


def grow(cutout: Cutout, photo: Photo, pixels: int = 2) -> Cutout:
    """Take `pixels` px more of the photo all around the product."""
    return _changed(cutout, photo, cutout.mask.filter(ImageFilter.MaxFilter(_window(pixels))))


def shrink(cutout: Cutout, photo: Photo, pixels: int = 2) -> Cutout:
    """Take `pixels` px less of the photo all around the product."""
    return _changed(cutout, photo, cutout.mask.filter(ImageFilter.MinFilter(_window(pixels))))


def feather(cutout: Cutout, photo: Photo, pixels: int = 2) -> Cutout:
    """Soften the edge over `pixels` px, inwards alone, so that nothing of the old ground comes in."""
    soft = cutout.mask.filter(ImageFilter.GaussianBlur(min(max(pixels, 1), _WIDEST)))
    inwards = soft.point(lambda value: max(0, 2 * value - 255))
    return _changed(cutout, photo, Image.fromarray(np.minimum(np.asarray(inwards), cutout.alpha)))


def paint(cutout: Cutout, photo: Photo, strokes: Image.Image, *, belongs: bool) -> Cutout:
    """Take what was painted (L, white = painted, any size) into the product, or out of it."""
    drawn = strokes.resize((cutout.alpha.shape[1], cutout.alpha.shape[0]), Image.Resampling.BILINEAR)
    painted = np.asarray(drawn.point(lambda value: 255 if value > 127 else 0).filter(ImageFilter.GaussianBlur(1)))
    alpha = np.maximum(cutout.alpha, painted) if belongs else np.minimum(cutout.alpha, 255 - painted)
    return _changed(cutout, photo, Image.fromarray(alpha))


def _window(pixels: int) -> int:
    return 2 * min(max(pixels, 1), _WIDEST) + 1


def _changed(cutout: Cutout, photo: Photo, mask: Image.Image) -> Cutout:
    """Return the cut-out with another alpha; what the new one covers fully has the photo's own colours."""
    alpha = np.asarray(mask)
    colours = np.where((alpha == 255)[..., None], np.asarray(photo.image), cutout.colours)
    return replace(cutout, alpha=alpha, colours=colours, confidence=1.0)
