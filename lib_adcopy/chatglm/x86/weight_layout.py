"""The layout of weights that source.py's products read.

8 bits: as in the official format, a row's columns one after another. 4 bits: in blocks of LANES rows; for every eight
columns, the four official bytes of each row of the block, with 8 added to each nibble. A converted folder may hold
weights in this layout, as uint8 (blocks, columns / 8, LANES * 4).
"""

from __future__ import annotations

import torch

# Activations are rounded, and integer products summed, in groups of so many columns.
GROUP = 64
LANES = 16
# Bytes of eight columns in a row.
EIGHT_COLUMNS = 4


def can_repack(weight: torch.Tensor) -> bool:
    """Return whether an official 4-bit weight, int8 (out, in / 2), has a shape that blocks can hold."""
    return weight.size(0) % LANES == 0 and weight.size(1) * 2 % GROUP == 0


def is_repacked(weight: torch.Tensor) -> bool:
    """Return whether a uint8 tensor of three dimensions has the shape of repacked weights."""
    return weight.size(2) == LANES * EIGHT_COLUMNS and weight.size(1) * 8 % GROUP == 0


def to_official(blocks: torch.Tensor) -> torch.Tensor:
    """Convert repacked weights back to the official layout."""
    rows = (blocks ^ 0x88).view(torch.int32).transpose(1, 2).contiguous()
    return rows.view(torch.int8).view(len(blocks) * LANES, -1)


def official_shape(blocks: torch.Tensor) -> torch.Size:
    """Return the shape of repacked weights in the official layout."""
    return torch.Size((len(blocks) * LANES, blocks.size(1) * EIGHT_COLUMNS))
