"""Describe what tells a product from its even ground: sharp edges, and colours that no shadow on it has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib_adcopy.photo.cutout.background import Background

# Blur in px at which edges are looked for: fine ones, and weak ones that noise hides at the fine scale.
_SCALES = (1.0, 2.5)
_WIDER = 2.5
# Squared weights of L, a and b: compression rounds colours in blocks, so that flat grounds have coloured steps.
_WEIGHTS = np.array([1.0, 0.16, 0.16], np.float32)
# The weakest edge, in Lab units per px, that eight bits and compression can show.
_FLOOR = 0.18


@dataclass(frozen=True)
class Evidence:
    """All (H, W). `edge` is the strength of the sharpest edge at each pixel in units of the ground's own noise; soft
    edges of the ground's hue, as shadows have, count little. `solid` marks colours that are neither the ground's nor a
    shadow's on it, `shade` those that are darker than the ground and of its hue. `distance` is the Lab distance from
    the ground."""

    edge: np.ndarray
    solid: np.ndarray
    shade: np.ndarray
    distance: np.ndarray
    # How steeply the colour changes, in Lab units per px, at the fine scale and blurred more.
    slope: np.ndarray
    wide_slope: np.ndarray


def gather(lab: np.ndarray, ground: Background) -> Evidence:
    """Compare a picture in Lab with its ground."""
    import cv2

    smoothed = [cv2.GaussianBlur(lab, (0, 0), sigma) for sigma in (*_SCALES, _SCALES[-1] * _WIDER)]
    gradients = [np.stack([_gradient(smooth[..., channel]) for channel in range(3)]) for smooth in smoothed]
    edges = []
    for number, sigma in enumerate(_SCALES):
        darker, hue_shift = _shadow_terms(smoothed[number], ground)
        shadowed = (darker > -1) & (hue_shift < 3 + 2 * ground.noise[1])
        # Blurred more, a step loses as much of its slope as the blur grows; a penumbra hardly any.
        sharp = np.clip((gradients[number][0] / np.maximum(gradients[number + 1][0], 0.02) - 1.25) / 0.75, 0, 1)
        total = np.sqrt((gradients[number] ** 2 * _WEIGHTS[:, None, None]).sum(0))
        edge = total * np.where(shadowed, 0.1 + 0.9 * sharp, 1.0)
        edges.append((edge / _noise(edge, _FLOOR / sigma)).astype(np.float32))
    darker, hue_shift = _shadow_terms(smoothed[0], ground)
    solid = hue_shift > 6 + 3 * ground.noise[1]
    solid |= darker > 0.6 * ground.colour[..., 0]
    solid |= -darker > 5 + 4 * ground.noise[0]
    slope, wide_slope = (np.sqrt((gradient**2).sum(0)) for gradient in gradients[:2])
    distance = np.linalg.norm(smoothed[0] - ground.colour, axis=-1)
    shade = (darker > 0.5) & (hue_shift < 4 + 2 * ground.noise[1]) & ~solid
    return Evidence(np.maximum(*edges), solid, shade, distance, slope, wide_slope)


def _shadow_terms(smooth: np.ndarray, ground: Background) -> tuple[np.ndarray, np.ndarray]:
    """Return how much darker each pixel is than its ground, and how far its hue is from the ground's, lit or shaded."""
    difference = smooth - ground.colour
    # A shadow takes from lightness and chroma alike.
    kept = np.clip(smooth[..., 0] / np.maximum(ground.colour[..., 0], 1), 0, 1)
    shaded = np.linalg.norm(smooth[..., 1:] - ground.colour[..., 1:] * kept[..., None], axis=-1)
    return -difference[..., 0], np.minimum(shaded, np.linalg.norm(difference[..., 1:], axis=-1))


def _gradient(channel: np.ndarray) -> np.ndarray:
    import cv2

    channel = np.ascontiguousarray(channel)
    return np.hypot(cv2.Sobel(channel, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(channel, cv2.CV_32F, 0, 1, ksize=3)) / 8


def _noise(edge: np.ndarray, floor: float) -> float:
    """Return the edge strength that the ground's own noise reaches, from the border."""
    ring = max(3, round(min(edge.shape) * 0.03))
    lines = (edge[:ring], edge[-ring:], edge[:, :ring], edge[:, -ring:])
    return max(float(np.percentile(np.concatenate([line.ravel() for line in lines]), 75)), floor)
