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
_EIGHT_COLUMNS = 4
# Blocks turned at a time: they stay in the cache.
_SLICE = 16


def can_repack(weight: torch.Tensor) -> bool:
    """Whether an official 4-bit weight has the form the blocks need."""
    return weight.size(0) % LANES == 0 and weight.size(1) * 2 % GROUP == 0


def repacked(weight: torch.Tensor) -> torch.Tensor:
    """An official 4-bit weight, int8 (out, in / 2), in blocks."""
    rows, width = weight.shape
    blocks = torch.empty(rows // LANES, width // _EIGHT_COLUMNS, LANES * _EIGHT_COLUMNS, dtype=torch.uint8)
    official_rows = weight.contiguous().view(torch.int32).view(len(blocks), LANES, -1)
    for start in range(0, len(blocks), _SLICE):
        part = blocks[start : start + _SLICE]
        part.view(torch.int32).copy_(official_rows[start : start + _SLICE].transpose(1, 2))
        part.bitwise_xor_(0x88)
    return blocks


def official(blocks: torch.Tensor) -> torch.Tensor:
    """The official weight that `repacked` was given."""
    rows = (blocks ^ 0x88).view(torch.int32).transpose(1, 2).contiguous()
    return rows.view(torch.int8).view(len(blocks) * LANES, -1)


def official_shape(blocks: torch.Tensor) -> torch.Size:
    return torch.Size((len(blocks) * LANES, blocks.size(1) * _EIGHT_COLUMNS))
