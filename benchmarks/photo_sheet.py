"""The contact sheet of docs/quality.md's photo section: photos, cut-outs and the pictures made of them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from benchmarks.photo_products import product
from lib_adcopy.errors import AdCopyError
from lib_adcopy.photo.cutout import cut_out
from lib_adcopy.photo.loading import Photo
from lib_adcopy.photo.mask_view import over_photo
from lib_adcopy.photo.picture import on_drawn_ground
from lib_adcopy.photo.placement import Placement

_CELL = 220
_GROUNDS = ("white", "surface", "window", "gradient")
# Synthetic products on even grounds, then photographs that scikit-image ships.
_PRODUCTS = ((3, "mug", "label", "white"), (21, "bottle", "gloss", "grey"), (6, "lamp", "texture", "coloured"),
             (13, "shirt", "stripes", "soft-white"), (8, "teapot", "gloss", "gradient"))  # fmt: skip
_PHOTOGRAPHS = ("coffee", "rocket", "chelsea")


def write_sheet(file: Path) -> None:
    """Write a JPEG: a row a photo, with its mask and four finished pictures."""
    rows = [_row(product(seed, 800, shape=shape, surface=surface, ground=ground).image, shape)
            for seed, shape, surface, ground in _PRODUCTS]  # fmt: skip
    from skimage import data

    rows += [_row(Image.fromarray(getattr(data, name)()).convert("RGB"), name) for name in _PHOTOGRAPHS]
    sheet = Image.new("RGB", ((2 + len(_GROUNDS)) * _CELL, len(rows) * _CELL), "white")
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            cell = picture.convert("RGB")
            cell.thumbnail((_CELL - 8, _CELL - 8))
            sheet.paste(cell, (x * _CELL + (_CELL - cell.width) // 2, y * _CELL + (_CELL - cell.height) // 2))
    file.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(file, "JPEG", quality=86)


def _row(image: Image.Image, name: str) -> list[Image.Image]:
    photo = Photo(image)
    try:
        cutout = cut_out(photo)
    except AdCopyError:
        return [image]
    kind = "hanging" if name == "shirt" else "standing"
    made = [
        on_drawn_ground(cutout, (800, 800) if ground == "white" else (750, 1000), ground, Placement(kind)).image
        for ground in _GROUNDS
    ]
    return [image, over_photo(photo, cutout, _CELL), *made]
