"""Shadow and edge light that make a pasted product stand in its scene; neither touches a pixel it covers fully."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from lib_adcopy.photo.placement import Placed

# Depth of the contact shadow and of the wide one.
_CONTACT, _WIDE = 0.5, 0.24
_WRAP = 0.4


def cast_shadow(placed: Placed, light: int = -1) -> np.ndarray:
    """Share of the light that the product takes from each pixel of the canvas, (H, W) float32 0..1.

    `light` is -1 where it comes from the left, 1 from the right.
    """
    if placed.kind == "standing":
        return _contact(placed, light)
    return _dropped(placed, light)


def wrap_edges(placed: Placed, scene: Image.Image) -> Image.Image:
    """Return the product with the scene's light let into its half-covered edge pixels; the others are unchanged."""
    product = np.asarray(placed.product).astype(np.float32)
    alpha = product[..., 3:] / 255
    behind = scene.crop(placed.box).filter(ImageFilter.GaussianBlur(max(2.0, min(placed.size) * 0.01)))
    share = np.where(alpha < 1, _WRAP * (1 - alpha), 0)
    colours = product[..., :3] * (1 - share) + np.asarray(behind).astype(np.float32) * share
    return Image.fromarray(np.dstack([colours + 0.5, product[..., 3:]]).astype(np.uint8), "RGBA")


def _contact(placed: Placed, light: int) -> np.ndarray:
    """Dark where the foot meets the surface, and a wider, softer pool away from the light."""
    width, height = placed.size
    alpha = np.asarray(placed.product.getchannel("A")).astype(np.float32) / 255
    rows, short = alpha.shape[0], min(width, height)
    foot = placed.ground_line
    # How near each column comes to the ground: legs and corners that hang higher leave less.
    lowest = np.where(alpha.max(0) > 0.5, rows - 1 - np.argmax(alpha[::-1] > 0.5, axis=0), -rows)
    cut_off = foot - placed.box[3]
    gap = (rows - 1 - lowest) + cut_off
    near = np.exp(-((gap / max(0.02 * short, 0.04 * rows)) ** 2))
    over = np.exp(-((gap / (0.35 * rows)) ** 2))
    columns = np.zeros((2, width), np.float32)
    columns[0, placed.box[0] : placed.box[2]] = near
    columns[1, placed.box[0] : placed.box[2]] = over
    tight = _blurred(columns[0], 0.012 * short)
    wide = _blurred(np.roll(columns[1], round(-light * 0.02 * short)), 0.045 * short)
    y = np.arange(height, dtype=np.float32)[:, None] - (foot - 0.004 * short)
    fall_tight = np.exp(-((y / (0.009 * short)) ** 2))
    fall_wide = np.exp(-((y / np.where(y < 0, 0.03 * short, 0.04 * short)) ** 2))
    return np.clip(_CONTACT * tight[None] * fall_tight + _WIDE * wide[None] * fall_wide, 0, 0.9)


def _dropped(placed: Placed, light: int) -> np.ndarray:
    """Return the product's own outline, shifted away from the light and softened: it lies on, or hangs before, the
    ground."""
    short = min(placed.size)
    away = {"lying": 0.008, "hanging": 0.016, "worn": 0.02}.get(placed.kind, 0.01) * short
    total = np.zeros((placed.size[1], placed.size[0]), np.float32)
    for factor, blur, depth in ((0.5, 0.006, 0.28), (1.6, 0.028, 0.22)):
        canvas = Image.new("L", placed.size)
        shift = (placed.box[0] + round(-light * away * factor), placed.box[1] + round(away * factor))
        canvas.paste(placed.product.getchannel("A"), shift)
        soft = canvas.filter(ImageFilter.GaussianBlur(blur * short))
        total += depth * np.asarray(soft).astype(np.float32) / 255
    return np.clip(total, 0, 0.9)


def _blurred(line: np.ndarray, sigma: float) -> np.ndarray:
    reach = max(1, round(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 0.3)) ** 2)
    return np.convolve(line, kernel / kernel.sum(), mode="same").astype(np.float32)
