"""Describe where a picture draws the eye, and where it is busy: small arrays without a network's weights.

Spectral residual: Hou and Zhang, CVPR 2007. Every array is float32, (height, width), at the analysis size.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Sequence
from typing import Any

_log = logging.getLogger("adcopy.creative")
_SIDE = 64
_BORDER = 0.04
# sigma of the prior that a subject stands near the middle, as a share of each side.
_CENTRE = 0.35


def gradient(grey: Any) -> Any:
    """sqrt((gx^2 + gy^2) / 2) by Sobel's 3x3, divided by its maximum (layout metric "Rea" in floats)."""
    import numpy as np

    padded = np.pad(grey.astype(np.float32), 1, mode="edge")
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    columns = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    size = np.sqrt(((rows[:, 2:] - rows[:, :-2]) ** 2 + (columns[2:] - columns[:-2]) ** 2) / 2)
    return size / max(float(size.max()), 1e-6)


def spectral_residual(grey: Any) -> Any:
    """Saliency 0-1 of a grey array."""
    import numpy as np

    small = resized(grey, _SIDE, _SIDE)
    spectrum = np.fft.fft2(small)
    amplitude = np.log(np.abs(spectrum) + 1e-6)
    residual = amplitude - box_blur(amplitude, 1)
    found = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    for _ in range(3):
        found = box_blur(found, 2)
    return resized(normalised(found), grey.shape[1], grey.shape[0])


def normalised(array: Any) -> Any:
    """Scaled to 0-1."""
    low, high = float(array.min()), float(array.max())
    return (array - low) / max(high - low, 1e-6)


def box_blur(array: Any, radius: int) -> Any:
    """Return the mean over a (2 radius + 1)-sided square, edges repeated."""
    import numpy as np

    for axis in (0, 1):
        width = [(0, 0), (0, 0)]
        width[axis] = (radius + 1, radius)
        total = np.cumsum(np.pad(array, width, mode="edge"), axis=axis)
        count = 2 * radius + 1
        upper = np.take(total, range(count, total.shape[axis]), axis=axis)
        lower = np.take(total, range(total.shape[axis] - count), axis=axis)
        array = (upper - lower) / count
    return array


def resized(array: Any, width: int, height: int) -> Any:
    """Return a float array at another size, bilinear."""
    import numpy as np
    from PIL import Image

    picture = Image.fromarray(np.ascontiguousarray(array, dtype=np.float32), mode="F")
    return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR), dtype=np.float32)


def centre_prior(height: int, width: int) -> Any:
    """Return a Gaussian around the middle, 1 at its top."""
    import numpy as np

    y = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
    x = (np.arange(width, dtype=np.float32) + 0.5) / width - 0.5
    return np.exp(-(y[:, None] ** 2 + x[None, :] ** 2) / (2 * _CENTRE**2))


def border_ground(pixels: Any) -> tuple[Any, float]:
    """Return the ground that the borders suggest, and how far the borders are from it (0-255).

    Row by row from the left border's colour to the right one's, which is what a wall with a floor, or a sweep of paper,
    looks like in a studio; the top and the borders' own texture say how well that holds.
    """
    import numpy as np

    height, width = pixels.shape[:2]
    strip = max(1, round(min(height, width) * _BORDER))
    values = pixels.astype(np.float32)
    left, right = np.median(values[:, :strip], axis=1), np.median(values[:, -strip:], axis=1)
    share = np.linspace(0, 1, width, dtype=np.float32)[None, :, None]
    ground = left[:, None] * (1 - share) + right[:, None] * share
    sides = [np.abs(values[:, :strip] - left[:, None]), np.abs(values[:, -strip:] - right[:, None])]
    texture = max(float(np.percentile(side.max(axis=2), 90)) for side in sides)
    steps = max(float(np.percentile(np.abs(np.diff(side, axis=0)).max(axis=1), 90)) for side in (left, right))
    above = float(np.percentile(np.abs(values[:strip] - ground[:strip]).max(axis=2), 75))
    unlike = float(np.percentile(np.abs(left - right).max(axis=1), 90)) / 6
    # A vignette darkens the top evenly; that alone makes no scene of a studio's wall.
    return ground, max(texture, steps, above / 2, unlike)


def ring_texture(pixels: Any, *, foot: bool = False) -> float:
    """Return how busy the outer eighth of a picture is: the 92nd percentile of its gradient, in 0-255 a pixel.

    Without the `foot`, where a table has its edge and a product its shadow.
    """
    import numpy as np

    grey = pixels.astype(np.float32).mean(axis=2)
    steps = np.maximum(np.abs(np.diff(grey, axis=0))[:, :-1], np.abs(np.diff(grey, axis=1))[:-1])
    height, width = steps.shape
    inner = np.zeros(steps.shape, dtype=bool)
    inner[height // 8 : -(height // 8), width // 8 : -(width // 8)] = True
    if not foot:
        inner[-(height // 4) :] = True
    return float(np.percentile(steps[~inner], 92))


def saliency(pixels: Any, seen: Sequence[tuple[int, int, int, int]] = ()) -> Any:
    """Saliency 0-1 of an RGB array without a product mask; the boxes `seen` (faces) count as salient all over."""
    import numpy as np

    height, width = pixels.shape[:2]
    grey = pixels.astype(np.float32).mean(axis=2)
    ground, off = border_ground(pixels)
    distance = np.linalg.norm(pixels.astype(np.float32) - ground, axis=2)
    differs = np.clip((distance - 2 * min(off, 14.0) - 8) / 60, 0, 1)
    prior = centre_prior(height, width)
    found = np.maximum(box_blur(differs, 1) * (0.35 + 0.65 * prior), spectral_residual(grey) * prior)
    for left, top, right, bottom in seen:
        found[top:bottom, left:right] = 1.0
    return np.clip(found, 0, 1).astype(np.float32)


def faces(pixels: Any) -> list[tuple[int, int, int, int]]:
    """Boxes of faces, where OpenCV and its cascades are installed (every webui has them); else none."""
    try:
        cv2 = importlib.import_module("cv2")
        cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        found = cascade.detectMultiScale(grey, 1.1, 6, minSize=(max(16, grey.shape[1] // 12),) * 2)
    except (ImportError, AttributeError) as error:
        _log.debug("no face detection: %s", error)
        return []
    return [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in found]
