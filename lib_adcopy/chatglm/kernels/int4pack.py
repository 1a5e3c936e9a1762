"""CPU, 4 bits, torch 2.6 and later: torch's own packing, bfloat16 activations.

torch._weight_int4pack_mm_for_cpu wants q + 8 in blocks of 64 rows, (out / 64, in, 32) bytes: byte (k, j) of a block
holds column k of row j in its low and of row j + 32 in its high nibble (AVX-512; other widths pack otherwise, which
`_layout_is_known` finds out). The scale of a group of columns is left at 1: the official scale is one number a row,
and multiplying the finished product by it rounds less and reads less.
"""

from __future__ import annotations

import functools

import torch

from lib_adcopy.chatglm.kernels.multiply import Multiply, scaled
from lib_adcopy.chatglm.quantisation import unpack

_BLOCK = 64
# Measured on AVX-512: from here on unpacking a slice to bfloat16 and a matrix product are faster than the op.
_LONG = 80
# Blocks unpacked at a time: their scratch stays in the cache.
_SLICE = 8
# bfloat16 of 128 + n has the bits 0x4300 | n.
_BIAS_BITS, _BIAS = 0x4300, 136.0


class Int4PackMultiply(Multiply):
    """`packed` as torch has it: uint8 (out, in / 2)."""

    packed: torch.Tensor
    scale: torch.Tensor

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bits: int) -> None:
        super().__init__()
        self.rows, self.columns = weight.size(0), weight.size(1) * 2
        self.register_buffer("packed", _pack(weight), persistent=False)
        self.register_buffer("scale", scale.float().to(torch.bfloat16), persistent=False)
        self._group = _group(self.columns)

    @staticmethod
    def suits(weight: torch.Tensor, bits: int) -> bool:
        known = bits == 4 and hasattr(torch, "_weight_int4pack_mm_for_cpu")
        return known and weight.size(0) % _BLOCK == 0 and _group(weight.size(1) * 2) > 0

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        rows = states.reshape(-1, self.columns)
        if len(rows) >= _LONG and _layout_is_known():
            product = self._long(rows)
        else:
            ones = _ones(self.columns // self._group, self.rows)
            product = torch._weight_int4pack_mm_for_cpu(rows, self.packed, self._group, ones)
        return scaled(product, self.scale, bias).view(*states.shape[:-1], self.rows)

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        unit = torch.eye(self.columns, dtype=torch.bfloat16)
        ones = _ones(self.columns // self._group, self.rows)
        columns = torch._weight_int4pack_mm_for_cpu(unit, self.packed, self._group, ones)
        return columns.t().to(dtype) * self.scale.to(dtype).unsqueeze(1)

    def _long(self, rows: torch.Tensor) -> torch.Tensor:
        """The product for many rows: a slice of the weight at a time becomes bfloat16, exactly."""
        blocks = self.packed.view(-1, self.columns, _BLOCK // 2).view(torch.int16)
        product = rows.new_empty(len(rows), self.rows)
        scratch = torch.empty(_SLICE, self.columns, _BLOCK // 4, dtype=torch.int16)
        slice_ = torch.empty(self.columns, _SLICE, _BLOCK, dtype=torch.bfloat16)
        for start in range(0, len(blocks), _SLICE):
            part = blocks[start : start + _SLICE]
            taken, wide = scratch[: len(part)], slice_[:, : len(part)]
            for nibble in range(4):
                torch.bitwise_right_shift(part, 4 * nibble, out=taken)
                taken.bitwise_and_(15).bitwise_or_(_BIAS_BITS)
                lanes = wide[..., _lanes(nibble)]
                torch.sub(taken.view(torch.bfloat16).transpose(0, 1), _BIAS, out=lanes)
            at = start * _BLOCK
            torch.mm(rows, wide.reshape(self.columns, -1), out=product[:, at : at + len(part) * _BLOCK])
        return product


def _lanes(nibble: int) -> slice:
    """Which of a block's 64 rows nibble 0..3 of its 16 int16 lanes holds: low bytes the even rows of each half."""
    first = (nibble >> 1) + 32 * (nibble & 1)
    return slice(first, first + 31, 2)


def _group(columns: int) -> int:
    return next((size for size in (256, 128, 64, 32) if columns % size == 0), 0)


@functools.lru_cache(maxsize=16)
def _ones(groups: int, rows: int) -> torch.Tensor:
    """Scale 1 and zero point 0 for every group: (groups, out, 2)."""
    ones = torch.zeros(groups, rows, 2, dtype=torch.bfloat16)
    ones[..., 0] = 1
    return ones


def _pack(weight: torch.Tensor) -> torch.Tensor:
    return _repack(weight) if _layout_is_known() else _pack_by_torch(weight)


def _pack_by_torch(weight: torch.Tensor) -> torch.Tensor:
    """Slice by slice, because torch wants every nibble as an int32."""
    packed = torch.empty(weight.shape, dtype=torch.uint8)
    for start in range(0, len(weight), 8 * _BLOCK):
        q = unpack(weight[start : start + 8 * _BLOCK]).to(torch.int32) + 8
        packed[start : start + 8 * _BLOCK] = torch._convert_weight_to_int4pack_for_cpu(q, 1)
    return packed


def _repack(weight: torch.Tensor) -> torch.Tensor:
    """From the official bytes straight to torch's: q + 8 is the nibble with its highest bit turned."""
    rows, width = weight.shape
    packed = torch.empty(rows // _BLOCK, width, 2, _BLOCK // 2, dtype=torch.uint8)
    for block, part in zip(packed, weight.view(torch.uint8).split(_BLOCK), strict=True):
        turned = part.bitwise_xor(0x88)
        low, high = turned[: _BLOCK // 2], turned[_BLOCK // 2 :]
        # An official byte has the even column in its high nibble.
        block[:, 0] = ((low >> 4) | (high & 0xF0)).t()
        block[:, 1] = ((low & 0x0F) | (high << 4)).t()
    return packed.view(rows, width)


@functools.lru_cache(maxsize=1)
def _layout_is_known() -> bool:
    """Whether this machine's torch packs as the module says: tried on every nibble in every place."""
    generator = torch.Generator().manual_seed(0)
    weight = torch.randint(-128, 128, (2 * _BLOCK, 64), dtype=torch.int8, generator=generator)
    return torch.equal(_repack(weight), _pack_by_torch(weight))
