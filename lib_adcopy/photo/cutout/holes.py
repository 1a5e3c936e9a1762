"""Open the holes of a product through which its ground is seen: a handle, a ring, the legs of a chair."""

from __future__ import annotations

import numpy as np

from lib_adcopy.photo.cutout.background import Background
from lib_adcopy.photo.cutout.evidence import Evidence

# Smallest hole: px, and part of the picture.
_SMALLEST = (25, 0.00008)
# How far a hole's middle may be from the ground in lightness and in a/b.
_LIGHT, _CHROMA = 1.3, 1.2


def open_holes(
    mask: np.ndarray, lab: np.ndarray, ground: Background, evidence: Evidence, threshold: float
) -> np.ndarray:
    """The mask without enclosed, smooth regions of the ground's own colour whose rim is as clear as the outline.

    A highlight that is burnt out to the white of the ground has a soft rim and stays; so does glass, whose inside is a
    little darker than the ground.
    """
    import cv2

    quiet = mask & (evidence.edge < threshold) & ~evidence.solid
    count, labels, stats, _ = cv2.connectedComponentsWithStats(quiet.astype(np.uint8), connectivity=4)
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
        if _rim_distance(part, mask[window], evidence.distance[window]) > 0.6 * rim:
            opened[window][cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)] = False
    return opened


def _shade_beside(mask: np.ndarray, difference: np.ndarray) -> float:
    """How much darker than the ground it is just outside the product: in its shade, as in a hole."""
    import cv2

    near = cv2.dilate(mask.astype(np.uint8), np.ones((9, 9), np.uint8))
    ring = (cv2.dilate(near, np.ones((17, 17), np.uint8)) > near).astype(bool)
    return max(0.0, -float(np.percentile(difference[ring][:, 0], 25))) if ring.any() else 0.0


def _is_ground(part: np.ndarray, difference: np.ndarray, ground: Background, shade: float) -> bool:
    """Whether the middle of a region, where its rim's shade reaches least, has the ground's colour and grain."""
    import cv2

    depth = cv2.distanceTransform(np.pad(part, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    middle = difference[depth > 0.45 * depth.max()]
    light = float(middle[:, 0].mean())
    chroma = float(np.linalg.norm(middle[:, 1:].mean(0)))
    grain = 0.8 + 1.5 * ground.noise[0] + 0.2 * shade
    return -_LIGHT - shade < light < _LIGHT and chroma < _CHROMA and float(middle[:, 0].std()) < grain


def _rim_distance(part: np.ndarray, mask: np.ndarray, distance: np.ndarray) -> float:
    """How far from the ground's colour the product gets within 6 px beside a region: the median along its rim."""
    import cv2

    bits = part.astype(np.uint8)
    rim = (cv2.dilate(bits, np.ones((3, 3), np.uint8)) > bits) & mask
    furthest = cv2.dilate(np.where(mask & ~part, distance, 0).astype(np.float32), np.ones((13, 13), np.uint8))
    return float(np.median(furthest[rim])) if rim.any() else 0.0
