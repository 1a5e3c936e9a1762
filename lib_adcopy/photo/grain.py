"""Match the scene's grain to the photo's, outside the product: a smooth scene behind a grainy product looks pasted.

Noise estimate: John Immerkaer, "Fast Noise Variance Estimation", 1996, as the median over small blocks.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from lib_adcopy.photo.placement import Placed

_BLOCK = 12
# The most grain that is added, and the least worth adding, in levels of 255.
_AT_MOST, _LEAST = 5.0, 0.6
# Immerkaer's kernel has this norm.
_NORM = 6.0


def grain(grey: np.ndarray, inside: np.ndarray | None = None) -> float:
    """Standard deviation of a picture's noise in levels of 255: the lower quartile of its blocks, which have no edges.

    `grey` (H, W) 0..255; of `inside` (bool) only blocks that lie in it whole count. 0 where there is none.
    """
    if min(grey.shape) < 3 * _BLOCK:
        return 0.0
    values = grey.astype(np.float32)
    middle, sides, corners = values[1:-1, 1:-1], 0.0, 0.0
    sides = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:]
    corners = values[:-2, :-2] + values[:-2, 2:] + values[2:, :-2] + values[2:, 2:]
    residual = np.abs(4 * middle - 2 * sides + corners)
    height, width = (side // _BLOCK * _BLOCK for side in residual.shape)
    blocks = residual[:height, :width].reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK).mean((1, 3))
    # Burnt-out and black blocks have lost their grain.
    level = values[1:-1, 1:-1][:height, :width].reshape(height // _BLOCK, _BLOCK, -1, _BLOCK).mean((1, 3))
    usable = (level > 16) & (level < 240)
    if inside is not None:
        whole = inside[1:-1, 1:-1][:height, :width].reshape(height // _BLOCK, _BLOCK, -1, _BLOCK).all((1, 3))
        usable &= whole
    if usable.sum() < 4:
        return 0.0
    return float(np.percentile(blocks[usable], 25) * np.sqrt(np.pi / 2) / _NORM)


def match_grain(scene: Image.Image, placed: Placed, seed: int = 0) -> Image.Image:
    """Return the scene (RGB) with the grain it lacks beside the product's; unchanged where it has as much."""
    product = np.asarray(placed.product.convert("RGB").convert("L"))
    wanted = grain(product, np.asarray(placed.product.getchannel("A")) == 255)
    missing = np.sqrt(max(0.0, min(wanted, _AT_MOST) ** 2 - grain(np.asarray(scene.convert("L"))) ** 2))
    if missing < _LEAST:
        return scene
    noise = np.random.default_rng(seed).normal(0, missing, (scene.height, scene.width, 1)).astype(np.float32)
    values = np.asarray(scene).astype(np.float32) + noise + 0.5
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))
