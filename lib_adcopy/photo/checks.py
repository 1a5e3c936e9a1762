"""Prove that the product stands unchanged in a picture, and only once."""

from __future__ import annotations

import numpy as np
from PIL import Image

from lib_adcopy.photo.placement import Placed


def changed_pixels(picture: Image.Image, placed: Placed) -> int:
    """Number of fully opaque pixels of the cut-out that differ in the picture."""
    product = np.asarray(placed.product)
    there = np.asarray(picture.convert("RGB").crop(placed.box))
    opaque = product[..., 3] == 255
    return int((there[opaque] != product[..., :3][opaque]).any(-1).sum())


def is_exact(picture: Image.Image, placed: Placed) -> bool:
    """Whether every fully opaque pixel of the cut-out stands unchanged in the picture, and there are such pixels."""
    has_opaque = bool((np.asarray(placed.product.getchannel("A")) == 255).any())
    return has_opaque and changed_pixels(picture, placed) == 0
