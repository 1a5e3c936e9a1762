"""How weights lie for the products of source.py.

Of 8 bits: as in the official format, a row's columns after one another. Of 4 bits: in blocks of LANES rows; of every
eight columns the four official bytes of each row of the block, 8 added to each of their nibbles. A folder we
converted may hold weights so, as uint8 (blocks, columns / 8, LANES * 4).
"""

from __future__ import annotations

import torch

# Activations are rounded, and whole numbers added up, in groups of so many columns.
GROUP = 64
LANES = 16
# Their bytes in a row.
EIGHT_COLUMNS = 4


def can_repack(weight: torch.Tensor) -> bool:
    """Whether an official 4-bit weight, int8 (out, in / 2), has the form the blocks need."""
    return weight.size(0) % LANES == 0 and weight.size(1) * 2 % GROUP == 0


def is_repacked(weight: torch.Tensor) -> bool:
    """Return whether a uint8 tensor of three dimensions has the shape of repacked weights."""
    return weight.size(2) == LANES * EIGHT_COLUMNS and weight.size(1) * 8 % GROUP == 0


def official(blocks: torch.Tensor) -> torch.Tensor:
    """The official weight that lies so."""
    rows = (blocks ^ 0x88).view(torch.int32).transpose(1, 2).contiguous()
    return rows.view(torch.int8).view(len(blocks) * LANES, -1)


def official_shape(blocks: torch.Tensor) -> torch.Size:
    return torch.Size((len(blocks) * LANES, blocks.size(1) * EIGHT_COLUMNS))
