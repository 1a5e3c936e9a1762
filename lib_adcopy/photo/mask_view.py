"""A cut-out's mask shown over its photo: the product as it is, what is taken away tinted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageFilter

if TYPE_CHECKING:
    from lib_adcopy.photo.cutout import Cutout
    from lib_adcopy.photo.loading import Photo

# Stands out from products and grounds alike.
_TINT, _OUTLINE, _SHARE = (226, 60, 190), (255, 0, 170), 0.62


def over_photo(photo: Photo, cutout: Cutout, side: int) -> Image.Image:
    """Return the photo, at most `side` px, tinted outside the product, with a line around it."""
    small = photo.image.copy()
    small.thumbnail((side, side))
    mask = cutout.mask.resize(small.size, Image.Resampling.BOX)
    tinted = Image.blend(small, Image.new("RGB", small.size, _TINT), _SHARE)
    shown = Image.composite(small, tinted, mask)
    hard = mask.point(lambda value: 255 if value > 127 else 0)
    line = ImageChops.subtract(hard.filter(ImageFilter.MaxFilter(3)), hard)
    shown.paste(_OUTLINE, (0, 0), line)
    return shown
