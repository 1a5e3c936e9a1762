"""Weights to a file that a processor can multiply from where it lies."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

# torch's products read whole cache lines, and some of them die of a weight that starts within one.
ALIGNED = 64


def save_aligned(weights: dict[str, torch.Tensor], file: Path) -> None:
    """As safetensors whose numbers start at a multiple of `ALIGNED` bytes. Raises OSError, SafetensorError.

    The header's length is known when it is written, so where it does not fit all is written once more with a longer
    one. Format: eight bytes with the header's length, little-endian; the header, filled up to eights; the numbers.
    """
    save_file(weights, file, metadata={"format": "pt", "fill": ""})
    with file.open("rb") as written:
        header = int.from_bytes(written.read(8), "little")
    lacking = -(8 + header) % ALIGNED
    if lacking:
        save_file(weights, file, metadata={"format": "pt", "fill": "-" * lacking})
