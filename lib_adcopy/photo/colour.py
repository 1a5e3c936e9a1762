"""OKLCH colours, and the quiet ground colour that suits a product.

OKLab: Björn Ottosson, "A perceptual color space for image processing", 2020.
"""

from __future__ import annotations

import numpy as np

_TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip


def oklab(rgb: np.ndarray) -> np.ndarray:
    """(..., 3) sRGB 0..1 to OKLab."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((np.maximum(rgb, 0) + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T


def from_oklch(lightness: float, chroma: float, hue: float) -> np.ndarray:
    """Return one colour as sRGB 0..1; `hue` in degrees. Chroma is lowered until the colour exists."""
    for _ in range(20):
        lab = np.array([lightness, chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))])
        linear = np.linalg.inv(_TO_LMS) @ (np.linalg.inv(_TO_LAB) @ lab) ** 3
        if linear.min() > -1e-4 and linear.max() < 1 + 1e-4:
            break
        chroma *= 0.85
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def ground_colour(colours: np.ndarray, alpha: np.ndarray, dark: bool = False) -> np.ndarray:
    """Return a quiet colour of the product's own hue to stand it on: sRGB 0..1.

    `colours` (H, W, 3) and `alpha` (H, W) are a cut-out in bytes. A product that is nearly white gets a darker ground,
    a grey one a warm light grey.
    """
    lightness, hue, chroma = dominant(colours, alpha)
    strength = min(chroma, 0.045) if chroma > 0.02 else 0.008
    hue = hue if chroma > 0.02 else 80.0
    if dark:
        return from_oklch(0.24, strength, hue)
    return from_oklch(0.88 if lightness > 0.88 else 0.935, strength, hue)


def dominant(colours: np.ndarray, alpha: np.ndarray) -> tuple[float, float, float]:
    """Median lightness, and the hue (degrees) and chroma of the product's prevailing colour, in OKLCH."""
    opaque = colours[alpha > 200]
    if not len(opaque):
        return 0.8, 0.0, 0.0
    lab = oklab(opaque[:: max(1, len(opaque) // 20_000)] / 255)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    counts, edges = np.histogram(hue, bins=36, range=(0, 360), weights=chroma)
    smooth = counts + np.roll(counts, 1) + np.roll(counts, -1)
    best = edges[int(smooth.argmax())] + 5
    near = np.abs((hue - best + 180) % 360 - 180) < 20
    return float(np.median(lab[:, 0])), float(best), float(chroma[near].mean() * min(1.0, near.mean() * 3))
