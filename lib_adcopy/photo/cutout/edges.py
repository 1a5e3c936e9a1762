"""Soften a cut-out's edge: alpha matting in a narrow band, and the old ground taken out of the edge's colours.

In the band a pixel is I = a F + (1 - a) B. B is the ground just outside, F the product just inside, both local
averages; a follows from how far I lies between them. Where the two hardly differ, a is the distance to the outline
instead.
"""

from __future__ import annotations

import numpy as np

# Half width of the band in px of the working size, and the largest in px of the photo.
_BAND = 2.5
_BAND_AT_MOST = 14
# Contrast between product and ground (0..255) below which colour says nothing, and from which it says all.
_CONTRAST = (6.0, 18.0)
_CLEAR, _OPAQUE = 0.06, 0.94
# How far in px beside a given mask's edge the pure colours of product and ground are looked for.
_UNMIX_MARGIN = 8


def matte(rgb: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Refine a mask to the photo's own size.

    `rgb` (H, W, 3) bytes; `mask` bool of any smaller size. Returns alpha (H, W) bytes and the colours (H, W, 3) bytes,
    which differ from `rgb` only where 0 < alpha < 255.
    """
    import cv2

    height, width = rgb.shape[:2]
    scale = max(width / mask.shape[1], height / mask.shape[0])
    coarse = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    if scale > 1.5:
        coarse = cv2.GaussianBlur(coarse, (0, 0), scale * 0.5)
    alpha = np.zeros((height, width), np.uint8)
    colours = rgb.copy()
    box = _box(coarse > 0.5, round(8 * scale) + 8)
    if box is None:
        return alpha, colours
    x0, y0, x1, y1 = box
    band = min(_BAND * scale, _BAND_AT_MOST)
    found, mended = _matte(rgb[y0:y1, x0:x1].astype(np.float32), coarse[y0:y1, x0:x1], band)
    alpha[y0:y1, x0:x1] = found
    colours[y0:y1, x0:x1] = np.where((found[..., None] > 0) & (found[..., None] < 255), mended, rgb[y0:y1, x0:x1])
    return alpha, colours


def unmix(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Take the old ground out of the colours of half-covered pixels; `alpha` (H, W) bytes is somebody's own mask.

    Returns (H, W, 3) bytes, which differ from `rgb` only where 0 < alpha < 255.
    """
    colours = rgb.copy()
    box = _box(alpha > 0, _UNMIX_MARGIN)
    if box is None or not ((alpha > 0) & (alpha < 255)).any():
        return colours
    x0, y0, x1, y1 = box
    part, share = rgb[y0:y1, x0:x1].astype(np.float32), alpha[y0:y1, x0:x1].astype(np.float32) / 255
    reach = 2 * _UNMIX_MARGIN + 1
    ground = _average(part, share == 0, reach)
    product, _ = _nearby(part, share == 1, ground, share > 0.5, reach)
    found = _unmixed(part, share, ground, product)
    colours[y0:y1, x0:x1] = np.where(((share > 0) & (share < 1))[..., None], found, rgb[y0:y1, x0:x1])
    return colours


def _unmixed(image: np.ndarray, alpha: np.ndarray, ground: np.ndarray, product: np.ndarray) -> np.ndarray:
    """Return the product's own colours, bytes: I = a F + (1 - a) B solved for F, or its neighbours' where a is
    small."""
    unmixed = (image - (1 - alpha[..., None]) * ground) / np.maximum(alpha[..., None], 0.3)
    share = np.clip((alpha[..., None] - 0.3) / 0.4, 0, 1)
    near = np.clip(unmixed, product - 40, product + 40)
    mended = np.clip(near * share + product * (1 - share), 0, 255)
    return (mended + 0.5).astype(np.uint8)


def _matte(image: np.ndarray, coarse: np.ndarray, band: float) -> tuple[np.ndarray, np.ndarray]:
    import cv2

    hard = (coarse > 0.5).astype(np.uint8)
    inside = cv2.distanceTransform(hard, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - hard, cv2.DIST_L2, 5)
    depth = np.where(hard > 0, inside - 0.5, 0.5 - outside)
    # The flood stops a little before the edge, so the band reaches further in than out.
    sure_ground = depth < -band * 0.6
    sure_product = depth > band * 1.4
    # From the outermost pixel of the mask to the sure inside, and a little further.
    reach = int(band * 5) | 1
    ground = _average(image, sure_ground, reach)
    product, known = _nearby(image, sure_product, ground, hard > 0, reach)
    across = product - ground
    contrast = np.linalg.norm(across, axis=-1)
    position = ((image - ground) * across).sum(-1) / np.maximum(contrast**2, 1)
    by_colour = np.clip((position - _CLEAR) / (_OPAQUE - _CLEAR), 0, 1)
    by_distance = np.clip(depth / max(band * 0.6, 1) + 0.5, 0, 1)
    trust = np.clip((contrast - _CONTRAST[0]) / (_CONTRAST[1] - _CONTRAST[0]), 0, 1) * known
    alpha = trust * by_colour + (1 - trust) * by_distance
    alpha = np.where(sure_product, 1, np.where(sure_ground, 0, alpha))
    alpha = _filled(alpha)
    return (alpha * 255 + 0.5).astype(np.uint8), _unmixed(image, alpha, ground, product)


def _average(image: np.ndarray, where: np.ndarray, reach: int) -> np.ndarray:
    """Mean colour of the pixels `where` within `reach` px of each pixel; further away where there are none."""
    import cv2

    weight = where.astype(np.float32)
    total, colour = np.zeros_like(weight), np.zeros_like(image)
    factor = 1.0
    for size in (reach, reach * 3, reach * 9):
        kernel = (size | 1, size | 1)
        total += factor * cv2.blur(weight, kernel)
        colour += factor * cv2.blur(image * weight[..., None], kernel)
        factor *= 0.01
    return colour / np.maximum(total[..., None], 1e-7)


def _nearby(
    image: np.ndarray, sure: np.ndarray, ground: np.ndarray, hard: np.ndarray, reach: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the product's colour beside its edge, and where there is one to go by.

    A part too thin to have a sure inside (a strap) gives its own most different pixel.
    """
    import cv2

    weight = sure.astype(np.float32)
    kernel = (reach, reach)
    total = cv2.blur(weight, kernel)
    colour = cv2.blur(image * weight[..., None], kernel)
    distance = np.where(hard, np.linalg.norm(image - ground, axis=-1), 0).astype(np.float32)
    peak = cv2.dilate(distance, np.ones((reach, reach), np.uint8))
    strongest = ((distance > 0.8 * peak) & (distance > 0)).astype(np.float32)
    thin = (cv2.dilate(weight, np.ones((reach, reach), np.uint8)) < 0.5).astype(np.float32)
    weak = 0.02 + 0.98 * cv2.blur(thin, kernel)
    total += weak * cv2.blur(strongest, kernel)
    colour += weak[..., None] * cv2.blur(image * strongest[..., None], kernel)
    return colour / np.maximum(total[..., None], 1e-6), (total > 1e-5).astype(np.float32)


def _filled(alpha: np.ndarray) -> np.ndarray:
    """Alpha without pinholes: lighter specks of a pixel or two inside the product are closed."""
    import cv2

    closed = cv2.morphologyEx(alpha.astype(np.float32), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return np.where(closed > 0.9, closed, alpha)


def _box(mask: np.ndarray, margin: int) -> tuple[int, int, int, int] | None:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return None
    height, width = mask.shape
    return (
        max(int(columns[0]) - margin, 0),
        max(int(rows[0]) - margin, 0),
        min(int(columns[-1]) + margin + 1, width),
        min(int(rows[-1]) + margin + 1, height),
    )
