"""Decides from bytes alone which model stays on the GPU."""

from __future__ import annotations

# Logits, the dequantised weights of one layer, and what the driver reserves.
_WRITING_SLACK = 512 * 2**20
# A picture needs most where the VAE decodes it at full size: its widest layer has about this for a pixel, in half
# precision. Measured peaks replace the estimate once something was drawn.
_DRAWING_BYTES_PER_PIXEL = 4400
_DRAWING_SLACK = 512 * 2**20
USUAL_PIXELS = 512 * 768
# Most of a smaller picture's memory does not grow with its size, so it says nothing of larger ones.
_SMALLEST_MEASURED = 512 * 512


def writing_bytes(model_bytes: int, cache_bytes: int) -> int:
    """Return the bytes needed for a model not on the GPU yet (0 for one that is) and for its answers' cache."""
    return model_bytes + cache_bytes + _WRITING_SLACK


def drawing_bytes(pixels: int, measured_per_pixel: float = 0.0) -> int:
    """Return the bytes needed beside the weights for pictures of `pixels` in total drawn at once."""
    return int(pixels * (measured_per_pixel or _DRAWING_BYTES_PER_PIXEL)) + _DRAWING_SLACK


def bytes_per_pixel(known: float, peak: int, pixels: int) -> float:
    """Return the largest measurement so far, given a picture of `pixels` that took `peak` bytes beside the weights."""
    return max(known, (peak - _DRAWING_SLACK) / pixels) if pixels >= _SMALLEST_MEASURED else known


def should_offload(policy: str, *, needed: int, free: int) -> bool:
    """Return whether the model on the GPU is offloaded for the one that needs `needed` bytes."""
    if policy == "auto":
        return needed > free
    return policy == "swap"
