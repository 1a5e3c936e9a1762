"""Model the even ground of a product photo: its colour at every pixel, fitted from the border inwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

# Part of the shorter side that the border ring is wide.
_RING = 0.03
_ROUNDS = 8
# Lab distance within which a border pixel belongs to the ground, before its own noise is known.
_SAME = 7.0


@dataclass(frozen=True)
class Background:
    """`colour` (H, W, 3) float32 Lab of the ground at every pixel; `noise` its standard deviation in L and in a/b;
    `share` the part of the border that it explains."""

    colour: np.ndarray
    noise: tuple[float, float]
    share: float


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """CIE Lab (L 0..100) as float32 of an RGB picture in bytes."""
    import cv2

    return cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)


def fit_border(lab: np.ndarray) -> Background:
    """Fit a smooth ground (quadratic in x and y) to the border, robust against a product that touches it."""
    height, width = lab.shape[:2]
    ring = max(3, round(min(height, width) * _RING))
    inside = np.ones((height, width), bool)
    inside[ring:-ring, ring:-ring] = False
    rows, columns = np.nonzero(inside)
    step = max(1, len(rows) // 20_000)
    rows, columns = rows[::step], columns[::step]
    samples = lab[rows, columns]
    terms = _terms(columns / width, rows / height)
    centre = np.median(samples, axis=0)
    weight = (np.linalg.norm(samples - centre, axis=1) < 25).astype(np.float32)
    if weight.mean() < 0.3:
        weight[:] = 1
    solution = np.zeros((terms.shape[1], 3))
    for number in range(_ROUNDS):
        # A plane first: the curvature of a quadratic would follow a product at the border.
        used = 3 if number < 3 else terms.shape[1]
        solution[:] = 0
        solution[:used] = _weighted_fit(terms[:, :used], samples, weight)
        distance = np.linalg.norm(samples - terms @ solution, axis=1)
        scale = max(float(np.median(distance[weight > 0.1])) * 1.5, _SAME / 4) if (weight > 0.1).any() else _SAME
        weight = (1 / (1 + (distance / (2 * scale)) ** 2) ** 2).astype(np.float32)
    residual = samples - terms @ solution
    distance = np.linalg.norm(residual, axis=1)
    share = float((distance < _SAME).mean())
    grounded = residual[distance < _SAME]
    noise = _spread(grounded)
    y, x = np.mgrid[0:height, 0:width]
    colour = _terms(x.ravel() / width, y.ravel() / height) @ solution
    return Background(colour.reshape(height, width, 3).astype(np.float32), noise, share)


def refine(lab: np.ndarray, ground: np.ndarray, fitted: Background, sigma: float) -> Background:
    """Follow the ground more closely where it is seen: the fit plus its blurred residual over the mask `ground`."""
    import cv2

    weight = ground.astype(np.float32)
    residual = (lab - fitted.colour) * weight[..., None]
    size = (0, 0)
    total = cv2.GaussianBlur(weight, size, sigma)
    moved = cv2.GaussianBlur(residual, size, sigma) / (total[..., None] + 0.05)
    colour = fitted.colour + moved
    grounded = (lab - colour)[ground]
    return Background(colour.astype(np.float32), _spread(grounded[:: max(1, len(grounded) // 50_000)]), fitted.share)


def _terms(x: Any, y: Any) -> np.ndarray:
    x, y = np.asarray(x, np.float64) - 0.5, np.asarray(y, np.float64) - 0.5
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def _weighted_fit(terms: np.ndarray, samples: np.ndarray, weight: np.ndarray) -> np.ndarray:
    root = np.sqrt(weight)[:, None]
    return np.linalg.lstsq(terms * root, samples * root, rcond=None)[0]


def _spread(residual: np.ndarray) -> tuple[float, float]:
    """Standard deviation of L and of a and b together, from the median, at least what 8 bits leave."""
    if len(residual) < 10:
        return 1.0, 1.0
    light = 1.4826 * float(np.median(np.abs(residual[:, 0] - np.median(residual[:, 0]))))
    chroma = 1.4826 * float(np.median(np.abs(residual[:, 1:] - np.median(residual[:, 1:], axis=0))))
    return max(light, 0.15), max(chroma, 0.15)
