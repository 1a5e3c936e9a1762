"""Open the holes of a product through which its ground is seen: a handle, a ring, the legs of a chair."""

from __future__ import annotations

import numpy as np

from lib_adcopy.photo.cutout.background import Background
from lib_adcopy.photo.cutout.evidence import Evidence

# Smallest hole: px, and part of the picture.
_SMALLEST = (25, 0.00008)
# How far a hole's middle may be from the ground in lightness and in a/b.
_LIGHT, _CHROMA = 1.3, 1.2
# Lab distance up to which a pixel looks like the ground, besides its noise.
_LIKE = 3.0
# How far in px the product beside a region is looked at, how far its rim is followed, and from which width it is soft.
_BESIDE, _REACH, _SPECK, _SOFT = 5, 14, 1.2, 3.6


def open_holes(
    mask: np.ndarray, lab: np.ndarray, ground: Background, evidence: Evidence, threshold: float
) -> np.ndarray:
    """Return the mask without enclosed, smooth regions of the ground's own colour whose rim is as clear as the outline.

    A highlight that is burnt out to the white of the ground has a soft rim and stays; so does glass, whose inside is a
    little darker than the ground.
    """
    import cv2

    quiet = mask & (evidence.edge < threshold) & ~evidence.solid
    like_ground = quiet & (evidence.distance < _LIKE + 2 * ground.noise[0])
    count, labels, stats, _ = cv2.connectedComponentsWithStats(like_ground.astype(np.uint8), connectivity=4)
    if count < 2:
        return mask
    rim = _rim_distance(~mask, mask, evidence.distance)
    opened = mask.copy()
    for number in range(1, count):
        if stats[number, cv2.CC_STAT_AREA] < max(_SMALLEST[0], _SMALLEST[1] * mask.size):
            continue
        x, y, w, h = stats[number, :4]
        pad = 24
        window = np.s_[max(y - pad, 0) : y + h + pad, max(x - pad, 0) : x + w + pad]
        part = labels[window] == number
        difference = lab[window] - ground.colour[window]
        if not _is_ground(part, difference, ground, _shade_beside(mask[window], difference)):
            continue
        clear = _rim_distance(part, mask[window], evidence.distance[window]) > 0.4 * rim
        # Compression blurs colours: a hole that is as flat as the ground may have a softer rim.
        softest = _SOFT + 0.8 * _is_flat(difference[part], ground)
        if clear and _SPECK < _rim_width(part, mask[window], evidence.distance[window]) < softest:
            opened[window][_grown(part, quiet[window])] = False
    return opened


def _grown(part: np.ndarray, quiet: np.ndarray) -> np.ndarray:
    """Return a hole with the shade along its rim, and a pixel of the rim, which the matting takes back."""
    import cv2

    kernel, grown = np.ones((3, 3), np.uint8), part.astype(np.uint8)
    for _ in range(2 * _BESIDE):
        grown |= cv2.dilate(grown, kernel) & quiet.astype(np.uint8)
    return cv2.dilate(grown, kernel).astype(bool)


def _shade_beside(mask: np.ndarray, difference: np.ndarray) -> float:
    """Return how much darker than the ground it is just outside the product: in its shade, as in a hole."""
    import cv2

    near = cv2.dilate(mask.astype(np.uint8), np.ones((9, 9), np.uint8))
    ring = (cv2.dilate(near, np.ones((17, 17), np.uint8)) > near).astype(bool)
    return max(0.0, -float(np.percentile(difference[ring][:, 0], 25))) if ring.any() else 0.0


def _is_ground(part: np.ndarray, difference: np.ndarray, ground: Background, shade: float) -> bool:
    """Tell whether the middle of a region, where its rim's shade reaches least, has the ground's colour and grain."""
    import cv2

    depth = cv2.distanceTransform(np.pad(part, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    middle = difference[depth > 0.45 * depth.max()]
    light = float(middle[:, 0].mean())
    chroma = float(np.linalg.norm(middle[:, 1:].mean(0)))
    grain = 0.8 + 1.5 * ground.noise[0] + 0.2 * shade
    return -_LIGHT - shade < light < _LIGHT and chroma < _CHROMA and float(middle[:, 0].std()) < grain


def _is_flat(difference: np.ndarray, ground: Background) -> bool:
    """Tell whether a region has no more than the ground's own grain."""
    light = difference[:, 0]
    return float(light.std()) < 1.1 * ground.noise[0] + 0.1 and abs(float(light.mean())) < 0.5


def _rim_distance(part: np.ndarray, mask: np.ndarray, distance: np.ndarray) -> float:
    """Return how far from the ground's colour the product gets beside a region: the median along its rim."""
    import cv2

    bits = part.astype(np.uint8)
    rim = (cv2.dilate(bits, np.ones((3, 3), np.uint8)) > bits) & mask
    reach = np.ones((2 * _BESIDE + 1,) * 2, np.uint8)
    furthest = cv2.dilate(np.where(mask & ~part, distance, 0).astype(np.float32), reach)
    return float(np.median(furthest[rim])) if rim.any() else 0.0


def _rim_width(part: np.ndarray, mask: np.ndarray, distance: np.ndarray) -> float:
    """Over how many px a region's colour turns into its rim's: two or three at a cut edge, more in a shading or a
    highlight. Means over the whole rim, so that noise hardly counts."""
    import cv2

    away = cv2.distanceTransform((~part).astype(np.uint8), cv2.DIST_L2, 5)
    steps = np.arange(1, _REACH + 1)
    rings = [mask & (away > step - 0.5) & (away <= step + 0.5) for step in steps]
    means = np.array([distance[ring].mean() if ring.sum() > 10 else 0.0 for ring in rings])
    rise = np.maximum.accumulate(means - float(distance[part].mean()))
    low, high = (float(np.interp(share * rise[-1], rise, steps)) for share in (0.15, 0.75))
    return high - low
