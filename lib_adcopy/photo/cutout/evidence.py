"""What tells a product from its even ground: sharp edges, and colours that no shadow on it has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib_adcopy.photo.cutout.background import Background

# Blur in px at which edges are looked for: fine ones, and weak ones that noise hides at the fine scale.
_SCALES = (1.0, 2.5)
# The weakest edge, in Lab units per px, that eight bits and compression can show.
_FLOOR = 0.18


@dataclass(frozen=True)
class Evidence:
    """All (H, W). `edge` is the strength of the sharpest edge at each pixel in units of the ground's own noise; soft
    edges of the ground's hue, as shadows have, count little. `solid` marks colours that are neither the ground's nor a
    shadow's on it. `distance` is the Lab distance from the ground."""

    edge: np.ndarray
    solid: np.ndarray
    distance: np.ndarray


def gather(lab: np.ndarray, ground: Background) -> Evidence:
    """Compare a picture in Lab with its ground."""
    import cv2

    edges = []
    for sigma in _SCALES:
        smooth = cv2.GaussianBlur(lab, (0, 0), sigma)
        darker, hue_shift = _shadow_terms(smooth, ground)
        shadowed = (darker > -1) & (hue_shift < 3 + 2 * ground.noise[1])
        edges.append(_edges(smooth, sigma, shadowed))
    smooth = cv2.GaussianBlur(lab, (0, 0), _SCALES[0])
    darker, hue_shift = _shadow_terms(smooth, ground)
    solid = hue_shift > 6 + 3 * ground.noise[1]
    solid |= darker > 0.6 * ground.colour[..., 0]
    solid |= -darker > 5 + 4 * ground.noise[0]
    distance = np.linalg.norm(smooth - ground.colour, axis=-1)
    return Evidence(np.maximum(*edges), solid, distance)


def _shadow_terms(smooth: np.ndarray, ground: Background) -> tuple[np.ndarray, np.ndarray]:
    """How much darker each pixel is than its ground, and how far its hue is from the ground's, lit or shaded."""
    difference = smooth - ground.colour
    # A shadow takes from lightness and chroma alike.
    kept = np.clip(smooth[..., 0] / np.maximum(ground.colour[..., 0], 1), 0, 1)
    shaded = np.linalg.norm(smooth[..., 1:] - ground.colour[..., 1:] * kept[..., None], axis=-1)
    return -difference[..., 0], np.minimum(shaded, np.linalg.norm(difference[..., 1:], axis=-1))


def _edges(smooth: np.ndarray, sigma: float, shadowed: np.ndarray) -> np.ndarray:
    """Edge strength over noise; where a pixel may be shadow, only as far as the edge is sharp: a step reaches most of
    its height within the blur, a penumbra does not."""
    import cv2

    gradients = [_gradient(smooth[..., channel]) for channel in range(3)]
    edge = np.sqrt(gradients[0] ** 2 + gradients[1] ** 2 + gradients[2] ** 2)
    window = np.ones((2 * round(4 * sigma) + 1,) * 2, np.uint8)
    light = np.ascontiguousarray(smooth[..., 0])
    span = cv2.dilate(light, window) - cv2.erode(light, window)
    sharp = np.clip((gradients[0] * sigma / np.maximum(span, 0.5) - 0.14) / 0.12, 0, 1)
    edge = edge * np.where(shadowed, 0.2 + 0.8 * sharp, 1.0)
    return (edge / _noise(edge, _FLOOR / sigma)).astype(np.float32)


def _gradient(channel: np.ndarray) -> np.ndarray:
    import cv2

    channel = np.ascontiguousarray(channel)
    return np.hypot(cv2.Sobel(channel, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(channel, cv2.CV_32F, 0, 1, ksize=3)) / 8


def _noise(edge: np.ndarray, floor: float) -> float:
    """The edge strength that the ground's own noise reaches, from the border."""
    ring = max(3, round(min(edge.shape) * 0.03))
    lines = (edge[:ring], edge[-ring:], edge[:, :ring], edge[:, -ring:])
    return max(float(np.percentile(np.concatenate([line.ravel() for line in lines]), 75)), floor)
