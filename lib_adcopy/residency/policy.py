"""Who stays on the card: decided from bytes alone."""

from __future__ import annotations

# ChatGLM-6B's keys and values: 28 layers, key and value of 4096 halves each.
_CACHE_BYTES_A_TOKEN = 28 * 2 * 4096 * 2
# Logits, the dequantised weights of one layer, and what the driver keeps for itself.
_WRITING_SLACK = 512 * 2**20
# A picture needs most where the VAE decodes it at full size: its widest layer holds about this for a pixel, in half
# precision. Measured peaks replace the guess as soon as something was drawn.
_DRAWING_BYTES_A_PIXEL = 4400
_DRAWING_SLACK = 512 * 2**20
USUAL_PIXELS = 512 * 768


def writing_needs(model_bytes: int, tokens: int) -> int:
    """Bytes for a model that is not on the card yet (0 for one that is) and `tokens` of answers."""
    return model_bytes + tokens * _CACHE_BYTES_A_TOKEN + _WRITING_SLACK


def drawing_needs(pixels: int, measured_a_pixel: float = 0.0) -> int:
    """Bytes beside the weights for pictures of `pixels` altogether drawn at once."""
    return int(pixels * (measured_a_pixel or _DRAWING_BYTES_A_PIXEL)) + _DRAWING_SLACK


def makes_way(policy: str, *, needed: int, free: int) -> bool:
    """Whether the model that is on the card leaves it for the one that needs `needed` bytes."""
    if policy == "auto":
        return needed > free
    return policy == "swap"
