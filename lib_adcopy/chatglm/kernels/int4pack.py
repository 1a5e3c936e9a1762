"""CPU, 4 bits, torch 2.6 and later: torch's own packing, bfloat16 activations.

torch._weight_int4pack_mm_for_cpu wants q + 8 in blocks of 64 rows, (out / 64, in, 32) bytes: byte (k, j) of a block
holds column k of row j in its low and of row j + 32 in its high nibble (AVX-512; `_layout_is_known` finds out whether
this torch packs so). A converted folder may hold its weights in this layout, as uint8 where the official format is
int8; they are then used without packing. The scale of a group of columns is set to 1: the official scale is one number
a row, and multiplying the finished product by it rounds less and reads less.
"""

from __future__ import annotations

import functools

import torch

from lib_adcopy.chatglm.kernels.multiply import Multiply, apply_scale
from lib_adcopy.chatglm.quantisation import unpack

_BLOCK = 64
# Measured on AVX-512: from so many rows on, unpacking a slice to bfloat16 and a matrix product are faster than the op.
_MANY_ROWS = 48
# Blocks unpacked at a time, so that they stay in the CPU's cache.
_SLICE = 8


class Int4PackMultiply(Multiply):
    """Keeps `packed` in torch's layout: uint8 (out, in / 2)."""

    packed: torch.Tensor
    scale: torch.Tensor

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bits: int) -> None:
        """Take a weight in the official format (int8) or repacked (uint8)."""
        super().__init__()
        self.rows, self.columns = weight.size(0), weight.size(1) * 2
        self.register_buffer("packed", _pack(weight), persistent=False)
        self.register_buffer("scale", scale.float(), persistent=False)
        self._group = _group(self.columns)

    @staticmethod
    def suits(weight: torch.Tensor, bits: int) -> bool:
        known = bits == 4 and hasattr(torch, "_weight_int4pack_mm_for_cpu")
        return known and can_repack(weight)

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        rows = states.reshape(-1, self.columns)
        if len(rows) >= _MANY_ROWS and _layout_is_known():
            product = self._multiply_many(rows)
        else:
            ones = _ones(self.columns // self._group, self.rows)
            product = torch._weight_int4pack_mm_for_cpu(rows, self.packed, self._group, ones)
        return apply_scale(product, self.scale, bias).view(*states.shape[:-1], self.rows)

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        unit = torch.eye(self.columns, dtype=torch.bfloat16)
        ones = _ones(self.columns // self._group, self.rows)
        columns = torch._weight_int4pack_mm_for_cpu(unit, self.packed, self._group, ones)
        return columns.t().to(dtype) * self.scale.to(dtype).unsqueeze(1)

    def _multiply_many(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the product for many rows, converting a slice of the weight at a time to bfloat16, exactly."""
        half = _BLOCK // 2
        blocks = self.packed.view(-1, self.columns, half)
        product = rows.new_empty(len(rows), len(blocks), 2, half)
        for start in range(0, len(blocks), _SLICE):
            part = blocks[start : start + _SLICE]
            wide = torch.empty(self.columns, 2, len(part), half, dtype=torch.bfloat16)
            wide[:, 0] = (part & 15).transpose(0, 1)
            wide[:, 1] = (part >> 4).transpose(0, 1)
            part_product = rows @ wide.sub_(8).view(self.columns, -1)
            product[:, start : start + _SLICE] = part_product.view(len(rows), 2, len(part), half).transpose(1, 2)
        return product.view(len(rows), self.rows)


def _group(columns: int) -> int:
    return next((size for size in (256, 128, 64, 32) if columns % size == 0), 0)


@functools.lru_cache(maxsize=16)
def _ones(groups: int, rows: int) -> torch.Tensor:
    """Return scale 1 and zero point 0 for every group: (groups, out, 2)."""
    ones = torch.zeros(groups, rows, 2, dtype=torch.bfloat16)
    ones[..., 0] = 1
    return ones


def is_supported() -> bool:
    """Return whether this machine's torch multiplies by repacked weights as they are."""
    return hasattr(torch, "_weight_int4pack_mm_for_cpu") and _layout_is_known()


def can_repack(weight: torch.Tensor) -> bool:
    """Return whether an official 4-bit weight has a shape that blocks can hold."""
    return weight.size(0) % _BLOCK == 0 and _group(weight.size(1) * 2) > 0


def _pack(weight: torch.Tensor) -> torch.Tensor:
    if weight.dtype == torch.uint8:
        return weight
    return repack(weight) if _layout_is_known() else _pack_by_torch(weight)


def _pack_by_torch(weight: torch.Tensor) -> torch.Tensor:
    """Pack slice by slice, because torch takes every nibble as an int32."""
    packed = torch.empty(weight.shape, dtype=torch.uint8)
    for start in range(0, len(weight), 8 * _BLOCK):
        q = unpack(weight[start : start + 8 * _BLOCK]).to(torch.int32) + 8
        packed[start : start + 8 * _BLOCK] = torch._convert_weight_to_int4pack_for_cpu(q, 1)
    return packed


def repack(weight: torch.Tensor) -> torch.Tensor:
    """Convert the official bytes to torch's directly: q + 8 is the nibble with its highest bit flipped."""
    half, (rows, width) = _BLOCK // 2, weight.shape
    packed = torch.empty(rows // _BLOCK, width, 2, half, dtype=torch.uint8)
    official = weight.view(torch.uint8).view(-1, _BLOCK, width)
    for start in range(0, len(packed), _SLICE):
        flipped = official[start : start + _SLICE] ^ 0x88
        low, high = flipped[:, :half], flipped[:, half:]
        part = packed[start : start + _SLICE]
        # An official byte has the even column in its high nibble.
        part[:, :, 0] = ((low >> 4) | (high & 0xF0)).transpose(1, 2)
        part[:, :, 1] = ((low & 0x0F) | (high << 4)).transpose(1, 2)
    return packed.view(rows, width)


def to_official(packed: torch.Tensor) -> torch.Tensor:
    """Convert torch's layout back to the official one."""
    half, (rows, width) = _BLOCK // 2, packed.shape
    blocks = packed.view(-1, width, 2, half)
    weight = torch.empty(rows // _BLOCK, _BLOCK, width, dtype=torch.uint8)
    for start in range(0, len(blocks), _SLICE):
        even, odd = blocks[start : start + _SLICE].transpose(1, 3).unbind(2)
        part = weight[start : start + _SLICE]
        part[:, :half] = ((even << 4) | (odd & 0x0F)) ^ 0x88
        part[:, half:] = ((even & 0xF0) | (odd >> 4)) ^ 0x88
    return weight.view(torch.int8).view(rows, width)


@functools.lru_cache(maxsize=1)
def _layout_is_known() -> bool:
    """Return whether this torch packs as described above, tried on every nibble in every place."""
    generator = torch.Generator().manual_seed(0)
    weight = torch.randint(-128, 128, (2 * _BLOCK, 64), dtype=torch.int8, generator=generator)
    return torch.equal(repack(weight), _pack_by_torch(weight))
