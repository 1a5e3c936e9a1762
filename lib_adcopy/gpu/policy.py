"""Decides from bytes alone which model stays on the GPU."""

from __future__ import annotations

# Logits, a prefill's attention scores (a block of them), the dequantised weights of one layer, and what the driver
# reserves.
_WRITING_SLACK = 512 * 2**20
# A picture needs most where the VAE decodes it at full size: its widest layer has about this for a pixel, in half
# precision. Measured peaks replace the estimate once something was drawn.
_DRAWING_BYTES_PER_PIXEL = 4400
_DRAWING_SLACK = 512 * 2**20
# Tokens of an ad with its hashtags, the longest platform's; a cache has room for as many after the prompt at once.
_ANSWER_TOKENS = 512
# What a preset asks beside the seller's words: structure, habits, examples.
_PRESET_TOKENS = 512
# A P-Tuning prefix of the published length.
_PREFIX_TOKENS = 128
# Where the driver spills instead of refusing, so much stays free: other programs take memory meanwhile.
_SPILL_MARGIN = 512 * 2**20
_SPILL_MARGIN_SHARE = 1 / 16
# Bytes of weights a second, far below any GPU's own memory and above what the bus gives.
_SPILLED_BYTES_PER_SECOND = 20e9
# A smaller model's speed is that of Python, not of the memory.
_SMALLEST_JUDGED = 2**30
USUAL_PIXELS = 512 * 768
# Most of a smaller picture's memory does not grow with its size, so it says nothing of larger ones.
_SMALLEST_MEASURED = 512 * 512


def writing_bytes(cache_bytes: int) -> int:
    """Return the bytes needed beside the weights for answers whose keys and values take `cache_bytes`."""
    return cache_bytes + _WRITING_SLACK


def expected_tokens(words: str, count: int, max_length: int, *, raw: bool) -> int:
    """Return the tokens whose keys and values `count` answers to the seller's `words` will keep, prompt included.

    `raw` words are sent without a preset, behind a prefix. A character is one token at most, but for rare ones.
    """
    prompt = min(len(words) + (_PREFIX_TOKENS if raw else _PRESET_TOKENS), max_length)
    return prompt + count * min(prompt + _ANSWER_TOKENS, max_length)


def spill_margin(total: int) -> int:
    """Return the bytes of `total` that stay free where the driver spills into system memory."""
    return int(max(_SPILL_MARGIN, total * _SPILL_MARGIN_SHARE))


def is_spilled_speed(model_bytes: int, steps_per_s: float) -> bool:
    """Return whether a model that takes `steps_per_s` steps reads its weights slower than any GPU's memory allows."""
    return model_bytes >= _SMALLEST_JUDGED and model_bytes * steps_per_s < _SPILLED_BYTES_PER_SECOND


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
