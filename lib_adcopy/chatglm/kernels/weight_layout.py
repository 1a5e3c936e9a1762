"""The layouts in which a converted folder may hold 4-bit weights, so that a CPU multiplies by them from the file.

The official layout is int8 (out, in / 2), torch's (int4pack.py) uint8 of two dimensions, that of our own products
(x86/weight_layout.py) uint8 of three.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch

from lib_adcopy.chatglm.kernels import dot, int4pack
from lib_adcopy.chatglm.x86 import weight_layout as blocks
from lib_adcopy.chatglm.x86.compiler import get_program


class WeightLayout(NamedTuple):
    """A layout: whether a stored weight is in it, an official one fits, both conversions, the official shape."""

    holds: Callable[[torch.Tensor], bool]
    can_repack: Callable[[torch.Tensor], bool]
    repack: Callable[[torch.Tensor], torch.Tensor]
    to_official: Callable[[torch.Tensor], torch.Tensor]
    official_shape: Callable[[torch.Tensor], torch.Size]


_BY_DIMENSIONS = {
    2: WeightLayout(
        int4pack.can_repack, int4pack.can_repack, int4pack.repack, int4pack.to_official, lambda weight: weight.shape
    ),
    3: WeightLayout(blocks.is_repacked, blocks.can_repack, dot.repack, blocks.to_official, blocks.official_shape),
}


def native_layout() -> WeightLayout | None:
    """Return the layout this machine's CPU multiplies from; None is the official one."""
    if get_program() is not None:
        return _BY_DIMENSIONS[3]
    return _BY_DIMENSIONS[2] if int4pack.is_supported() else None


def layout_of(weight: torch.Tensor) -> WeightLayout | None:
    """Return the layout of a stored weight; None is the official one."""
    layout = _BY_DIMENSIONS.get(weight.dim()) if weight.dtype == torch.uint8 else None
    return layout if layout and layout.holds(weight) else None


def to_official(weight: torch.Tensor) -> torch.Tensor:
    """Convert a weight of any layout to the official one."""
    layout = layout_of(weight)
    return layout.to_official(weight) if layout else weight


def official_shape(weight: torch.Tensor) -> torch.Size:
    """Return the shape the weight has in the official layout."""
    layout = layout_of(weight)
    return layout.official_shape(weight) if layout else weight.shape


def to_native(weight: torch.Tensor) -> torch.Tensor:
    """Convert a 4-bit weight of any layout to this machine's, where it fits."""
    native = native_layout()
    if layout_of(weight) == native:
        return weight
    official = to_official(weight)
    return native.repack(official) if native and native.can_repack(official) else official
