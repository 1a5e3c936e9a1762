"""The layouts in which a folder of ours may hold 4-bit weights, so that a processor multiplies by them where they lie.

The official one is int8 (out, in / 2), torch's (int4pack.py) uint8 of two dimensions, that of our own products
(x86/layout.py) uint8 of three.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch

from lib_adcopy.chatglm.kernels import int4pack
from lib_adcopy.chatglm.kernels.dot import in_blocks
from lib_adcopy.chatglm.x86 import program
from lib_adcopy.chatglm.x86 import weight_layout as blocks


class Layout(NamedTuple):
    """What can be put into it, how, and back; whether a stored weight is in it, and what official shape that has."""

    holds: Callable[[torch.Tensor], bool]
    can_repack: Callable[[torch.Tensor], bool]
    repacked: Callable[[torch.Tensor], torch.Tensor]
    official: Callable[[torch.Tensor], torch.Tensor]
    shape: Callable[[torch.Tensor], torch.Size]


_BY_DIMENSIONS = {
    2: Layout(
        int4pack.can_repack, int4pack.can_repack, int4pack.repacked, int4pack.official, lambda weight: weight.shape
    ),
    3: Layout(blocks.is_repacked, blocks.can_repack, in_blocks, blocks.official, blocks.official_shape),
}


def here() -> Layout | None:
    """The one that this machine's processor multiplies from; None is the official."""
    if program() is not None:
        return _BY_DIMENSIONS[3]
    return _BY_DIMENSIONS[2] if int4pack.reads_repacked() else None


def of(weight: torch.Tensor) -> Layout | None:
    """That of a stored weight; None is the official."""
    found = _BY_DIMENSIONS.get(weight.dim()) if weight.dtype == torch.uint8 else None
    return found if found and found.holds(weight) else None


def official(weight: torch.Tensor) -> torch.Tensor:
    found = of(weight)
    return found.official(weight) if found else weight


def official_shape(weight: torch.Tensor) -> torch.Size:
    found = of(weight)
    return found.shape(weight) if found else weight.shape


def prepared(weight: torch.Tensor) -> torch.Tensor:
    """A 4-bit weight of any layout in this machine's, where it fits."""
    wanted = here()
    if of(weight) == wanted:
        return weight
    plain = official(weight)
    return wanted.repacked(plain) if wanted and wanted.can_repack(plain) else plain
