"""CPU, 8 or 4 bits, any torch: our own products (x86/), activations rounded to 8 bits in groups.

The rounding error is at most 0.4 per cent of a group's largest number: more than bfloat16's, much less than that of a
4-bit weight.
"""

from __future__ import annotations

import torch

from lib_adcopy.chatglm.kernels.multiply import Multiply
from lib_adcopy.chatglm.quantisation import dequantise
from lib_adcopy.chatglm.x86.compiler import Program, get_program
from lib_adcopy.chatglm.x86.weight_layout import GROUP, can_repack, to_official


class DotMultiply(Multiply):
    """Keeps `weight` in the layout of x86/weight_layout.py."""

    weight: torch.Tensor
    scale: torch.Tensor

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bits: int) -> None:
        """Take a weight in the official format (int8) or repacked in blocks (uint8)."""
        super().__init__()
        self._program, self.bits = _require_program(), bits
        packed = repack(weight) if bits == 4 and weight.dtype == torch.int8 else weight.contiguous()
        self.register_buffer("weight", packed, persistent=False)
        self.register_buffer("scale", scale.float(), persistent=False)

    @staticmethod
    def suits(weight: torch.Tensor, bits: int) -> bool:
        program = get_program()
        if program is None or bits not in program.exact_bits:
            return False
        if weight.dtype == torch.uint8:
            return weight.dim() == 3
        return can_repack(weight) if bits == 4 else weight.size(1) % GROUP == 0

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        rows = states.reshape(-1, states.size(-1))
        product = self._program.multiply(rows, self.weight, self.scale, bias, self.bits)
        return product.view(*states.shape[:-1], len(self.scale))

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        weight = to_official(self.weight) if self.bits == 4 else self.weight
        return dequantise(weight, self.scale, self.bits, dtype)


def repack(weight: torch.Tensor) -> torch.Tensor:
    """Repack an official 4-bit weight in blocks. Raises RuntimeError on a machine that cannot multiply by them."""
    return _require_program().repack(weight)


def _require_program() -> Program:
    program = get_program()
    if program is None:
        raise RuntimeError("no products of our own on this machine")
    return program
