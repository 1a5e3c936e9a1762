"""Who stays on the card: decided from bytes alone."""

from __future__ import annotations

# Logits, the dequantised weights of one layer, and what the driver keeps for itself.
_WRITING_SLACK = 512 * 2**20
# A picture needs most where the VAE decodes it at full size: its widest layer holds about this for a pixel, in half
# precision. Measured peaks replace the guess as soon as something was drawn.
_DRAWING_BYTES_A_PIXEL = 4400
_DRAWING_SLACK = 512 * 2**20
USUAL_PIXELS = 512 * 768
# A smaller picture takes most of its memory for what does not grow with it, and says nothing of larger ones.
_TELLING_PIXELS = 512 * 512


def writing_needs(model_bytes: int, cache_bytes: int) -> int:
    """Bytes for a model that is not on the card yet (0 for one that is) and the keys and values of its answers."""
    return model_bytes + cache_bytes + _WRITING_SLACK


def drawing_needs(pixels: int, measured_a_pixel: float = 0.0) -> int:
    """Bytes beside the weights for pictures of `pixels` altogether drawn at once."""
    return int(pixels * (measured_a_pixel or _DRAWING_BYTES_A_PIXEL)) + _DRAWING_SLACK


def measured_a_pixel(known: float, peak: int, pixels: int) -> float:
    """What a picture of `pixels` that took `peak` bytes beside the weights says for drawing_needs, the most that any
    said so far; 0 where none did."""
    return max(known, (peak - _DRAWING_SLACK) / pixels) if pixels >= _TELLING_PIXELS else known


def makes_way(policy: str, *, needed: int, free: int) -> bool:
    """Whether the model that is on the card leaves it for the one that needs `needed` bytes."""
    if policy == "auto":
        return needed > free
    return policy == "swap"
