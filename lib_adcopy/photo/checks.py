"""Prove that the product stands unchanged in a picture, and only once."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from lib_adcopy.photo.placement import Placed

# Longer side at which a second product is looked for, and the scales it is looked for at, of the one that was pasted.
_SIDE = 200
_SCALES = (1.0, 0.88, 0.78, 0.68, 0.6, 0.53, 0.46, 0.4)
# Mean correlation (-1..1) of grey values and of edges, the product's outline among them, from which a place counts as
# the product again. Either alone would not do: a smooth product correlates with any shaded wall, a box with a window.
_ALIKE = 0.63
# How far in px of the small picture an outline's neighbourhood reaches.
_RIM, _BEYOND = 2, 10
# Fewer pixels correlate with anything.
_PIXELS = 250
# Part of a place that may lie on the pasted product.
_OVERLAP = 0.35
# Part of its box that a product covers at least, or it is a loop or a frame.
_THIN = 0.35


def changed_pixels(picture: Image.Image, placed: Placed) -> int:
    """Number of fully opaque pixels of the cut-out that differ in the picture."""
    product = np.asarray(placed.product)
    there = np.asarray(picture.convert("RGB").crop(placed.box))
    opaque = product[..., 3] == 255
    return int((there[opaque] != product[..., :3][opaque]).any(-1).sum())


def is_exact(picture: Image.Image, placed: Placed) -> bool:
    """Tell whether every fully opaque pixel of the cut-out stands unchanged in the picture, and there are such
    pixels."""
    has_opaque = bool((np.asarray(placed.product.getchannel("A")) == 255).any())
    return has_opaque and changed_pixels(picture, placed) == 0


def repetition(picture: Image.Image, placed: Placed) -> float:
    """Return how alike the most alike place beside the product is to it, -1..1, by template matching at several scales.

    0 where the product is too small to be told from anything, or where OpenCV is missing.
    """
    try:
        import cv2
    except ImportError:
        return 0.0
    scale = _SIDE / max(placed.size)
    # Room at the sides, so that a product is found whose rim the picture cuts.
    grey = np.pad(_grey(picture, scale), _BEYOND, mode="edge")
    scene = _edges(grey)
    product, cover = _template(placed, scale)
    if min(cover.shape) < 6:
        return 0.0
    taken = np.pad(_taken(placed, scale), _BEYOND)
    best = 0.0
    for size in _SCALES:
        shrunk = cv2.resize(product, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
        small = _edges(shrunk)
        inside = (cv2.resize(cover, None, fx=size, fy=size, interpolation=cv2.INTER_AREA) > 0.5).astype(np.float32)
        if min(small.shape) < 6 or inside.sum() < _PIXELS:
            break
        if small.shape[0] > scene.shape[0] or small.shape[1] > scene.shape[1]:
            continue
        edges = cv2.matchTemplate(scene, small, cv2.TM_CCOEFF_NORMED, mask=inside)
        # Without the rim: what is beside the product there is not what is beside it here.
        core = cv2.erode(inside, np.ones((2 * _RIM + 1,) * 2, np.uint8))
        greys = np.abs(cv2.matchTemplate(grey, shrunk, cv2.TM_CCOEFF_NORMED, mask=core if core.any() else inside))
        # Flat places have no correlation.
        with np.errstate(invalid="ignore"):
            found = (edges + greys) / 2
        on_product = cv2.matchTemplate(taken, inside, cv2.TM_CCORR) / inside.sum()
        beside = np.where(np.isfinite(found) & (on_product < _OVERLAP), found, -1)
        best = max(best, float(beside.max()))
    return min(best, 1.0)


def is_repeated(picture: Image.Image, placed: Placed) -> bool:
    """Tell whether the scene shows the product a second time."""
    return repetition(picture, placed) > _ALIKE


def _grey(picture: Image.Image, scale: float) -> np.ndarray:
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    small = picture.convert("L").resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.8))
    return np.asarray(small).astype(np.float32)


def _edges(grey: np.ndarray) -> np.ndarray:
    """Strength of the edges, its square root, so that a few strong ones do not decide alone."""
    dy, dx = np.gradient(grey)
    return np.sqrt(np.hypot(dx, dy)).astype(np.float32)


def _template(placed: Placed, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the product in grey at the small scale on a ground it stands out from, and where it is with its rim (0 or
    1)."""
    colours = np.asarray(placed.product.convert("RGB").convert("L"))
    opaque = np.asarray(placed.product.getchannel("A")) > 200
    ground = 30 if opaque.any() and colours[opaque].mean() > 128 else 225
    margin = max(1, round(2 * _RIM / scale))
    canvas = Image.new("L", placed.product.size, ground)
    canvas.paste(placed.product.convert("RGB").convert("L"), (0, 0), placed.product.getchannel("A"))
    grey = _grey(ImageOps.expand(canvas, margin, ground), scale)
    cover = ImageOps.expand(placed.product.getchannel("A"), margin, 0).resize((grey.shape[1], grey.shape[0]))
    cover = cover.point(lambda value: 255 if value > 127 else 0).filter(ImageFilter.MaxFilter(2 * _RIM + 1))
    return grey, (np.asarray(cover) > 0).astype(np.float32)


def _taken(placed: Placed, scale: float) -> np.ndarray:
    """Return where the pasted product is, 0..1, at the scene's small size; the whole box of one that is mostly holes,
    which would be found again in itself."""
    whole = Image.new("L", placed.size, 0)
    alpha = placed.product.getchannel("A")
    is_thin = float(np.asarray(alpha).mean()) < _THIN * 255
    whole.paste(255 if is_thin else alpha, placed.box if is_thin else placed.box[:2])
    size = (max(1, round(placed.size[0] * scale)), max(1, round(placed.size[1] * scale)))
    return np.asarray(whole.resize(size, Image.Resampling.BOX)).astype(np.float32) / 255
