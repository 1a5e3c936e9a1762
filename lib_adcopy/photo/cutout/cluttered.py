"""Cut a product from a ground that is not even: GrabCut, seeded by what differs from the border and lies in the middle.

GrabCut: Rother, Kolmogorov, Blake, "GrabCut: interactive foreground extraction using iterated graph cuts", 2004.
"""

from __future__ import annotations

import numpy as np

from lib_adcopy.photo.cutout.background import to_lab

_SIDE = 480
_CLUSTERS = 6
_ROUNDS = 5
# Part of the largest piece that another must have to belong to the product.
_PIECE = 0.08


def cut_cluttered(rgb: np.ndarray) -> tuple[np.ndarray, float]:
    """Cut at the size given. Returns the mask (bool) and how clearly it stands out, 0..1."""
    import cv2

    height, width = rgb.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    small = cv2.resize(rgb, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    saliency = border_contrast(small)
    seeds = _seeds(saliency)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    try:
        cv2.grabCut(small[..., ::-1].copy(), seeds, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        # Product or ground had no pixel left.
        return np.zeros((height, width), bool), 0.0
    mask = _pieces((seeds == cv2.GC_FGD) | (seeds == cv2.GC_PR_FGD))
    clear = _clearness(mask, saliency)
    full = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR) > 0.5
    return full, clear


def border_contrast(rgb: np.ndarray) -> np.ndarray:
    """Saliency 0..1: how far each pixel's colour is from those along the border, weighted towards the middle."""
    import cv2

    lab = cv2.GaussianBlur(to_lab(rgb), (0, 0), 1.5)
    height, width = lab.shape[:2]
    ring = max(3, min(height, width) // 25)
    border = np.concatenate(
        [part.reshape(-1, 3) for part in (lab[:ring], lab[-ring:], lab[:, :ring], lab[:, -ring:])]
    )
    border = np.ascontiguousarray(border[:: max(1, len(border) // 6000)], np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    cv2.setRNGSeed(1)
    _, labels, centres = cv2.kmeans(border, _CLUSTERS, None, criteria, 2, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=_CLUSTERS) / len(labels)
    distance = np.full((height, width), np.inf, np.float32)
    for centre, share in zip(centres, shares, strict=True):
        # A colour that covers little of the border may be the product's own, cut by the frame.
        away = np.linalg.norm(lab - centre, axis=-1) + (12 * max(0.0, 1 - share / 0.08))
        distance = np.minimum(distance, away)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    middle = np.exp(-(((x / width - 0.5) / 0.38) ** 2 + ((y / height - 0.52) / 0.38) ** 2))
    saliency = distance * (0.25 + 0.75 * middle)
    return np.clip(saliency / max(float(np.percentile(saliency, 98)), 1e-3), 0, 1).astype(np.float32)


def _seeds(saliency: np.ndarray) -> np.ndarray:
    import cv2

    smooth = cv2.GaussianBlur(saliency, (0, 0), 3)
    threshold, _ = cv2.threshold((smooth * 255).astype(np.uint8), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    seeds = np.full(saliency.shape, cv2.GC_PR_BGD, np.uint8)
    seeds[smooth > threshold / 255] = cv2.GC_PR_FGD
    seeds[smooth > 0.5 + threshold / 510] = cv2.GC_FGD
    frame = max(2, min(saliency.shape) // 60)
    for line in (seeds[:frame], seeds[-frame:], seeds[:, :frame], seeds[:, -frame:]):
        line[line != cv2.GC_FGD] = cv2.GC_BGD
    return seeds


def _pieces(mask: np.ndarray) -> np.ndarray:
    """Return the mask's large pieces, smoothed by a pixel, their small holes closed."""
    import cv2

    bits = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bits, connectivity=8)
    if count < 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.isin(labels, np.flatnonzero(areas >= _PIECE * areas.max()))
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~kept).astype(np.uint8), connectivity=4)
    small = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] < 0.004 * mask.size)
    return kept | np.isin(labels, small[small > 0])


def _clearness(mask: np.ndarray, saliency: np.ndarray) -> float:
    if not 0.01 < mask.mean() < 0.9:
        return 0.0
    inside, outside = float(saliency[mask].mean()), float(saliency[~mask].mean())
    frame = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]]).mean()
    return float(np.clip((inside - outside) * 1.4, 0, 1) * (1 - frame))
