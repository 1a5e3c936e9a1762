"""Write weights to a file that a CPU can map and multiply from without a copy."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

# torch's products read whole cache lines, and some of them crash on a weight that starts within one.
ALIGNMENT = 64


def save_aligned(weights: dict[str, torch.Tensor], file: Path) -> None:
    """Write a safetensors file whose data starts at a multiple of `ALIGNMENT` bytes. Raises OSError, SafetensorError.

    The header's length is known only once it is written; where it does not fit, the file is written again with a longer
    header. Format: eight bytes with the header's length, little-endian; the header, padded to eight bytes; the data.
    """
    save_file(weights, file, metadata={"format": "pt", "fill": ""})
    with file.open("rb") as written:
        header = int.from_bytes(written.read(8), "little")
    padding = -(8 + header) % ALIGNMENT
    if padding:
        save_file(weights, file, metadata={"format": "pt", "fill": "-" * padding})
