"""CPU, 8 or 4 bits, any torch: our own products (x86/), activations rounded to 8 bits in groups.

What is rounded is at most 0.4 per cent of a group's largest number: more than bfloat16's, much less than what 4 bits
cost the weight.
"""

from __future__ import annotations

import torch

from lib_adcopy.chatglm.kernels.multiply import Multiply
from lib_adcopy.chatglm.quantisation import dequantise
from lib_adcopy.chatglm.x86 import Program, program
from lib_adcopy.chatglm.x86.weight_layout import GROUP, can_repack, official


class DotMultiply(Multiply):
    """`weight` as x86/layout.py has it."""

    weight: torch.Tensor
    scale: torch.Tensor

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bits: int) -> None:
        """`weight` official (int8), or in blocks (uint8)."""
        super().__init__()
        self._program, self.bits = _program(), bits
        kept = in_blocks(weight) if bits == 4 and weight.dtype == torch.int8 else weight.contiguous()
        self.register_buffer("weight", kept, persistent=False)
        self.register_buffer("scale", scale.float(), persistent=False)

    @staticmethod
    def suits(weight: torch.Tensor, bits: int) -> bool:
        found = program()
        if found is None or bits not in found.exact:
            return False
        if weight.dtype == torch.uint8:
            return weight.dim() == 3
        return can_repack(weight) if bits == 4 else weight.size(1) % GROUP == 0

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        rows = states.reshape(-1, states.size(-1))
        product = self._program.multiply(rows, self.weight, self.scale, bias, self.bits)
        return product.view(*states.shape[:-1], len(self.scale))

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        weight = official(self.weight) if self.bits == 4 else self.weight
        return dequantise(weight, self.scale, self.bits, dtype)


def in_blocks(weight: torch.Tensor) -> torch.Tensor:
    """An official 4-bit weight as x86/layout.py has it. Raises RuntimeError where nothing multiplies from it."""
    return _program().repacked(weight)


def _program() -> Program:
    found = program()
    if found is None:
        raise RuntimeError("no products of our own on this machine")
    return found
