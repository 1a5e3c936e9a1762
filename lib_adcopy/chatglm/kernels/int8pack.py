"""CPU, 8 bits, torch 2.6 and later: the official bytes as they are, bfloat16 activations."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.kernels.multiply import Multiply, apply_scale

# Measured on AVX-512: from so many rows on, a bfloat16 copy of a slice and a matrix product are faster than the op.
_MANY_ROWS = 12
_SLICE_ROWS = 1024


class Int8PackMultiply(Multiply):
    """Keeps the official weight as it is."""

    weight: torch.Tensor
    scale: torch.Tensor
    _ones: torch.Tensor

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bits: int) -> None:
        super().__init__()
        self.register_buffer("weight", weight, persistent=False)
        self.register_buffer("scale", scale.float(), persistent=False)
        self.register_buffer("_ones", torch.ones_like(self.scale, dtype=torch.bfloat16), persistent=False)

    @staticmethod
    def suits(weight: torch.Tensor, bits: int) -> bool:
        return bits == 8 and hasattr(torch, "_weight_int8pack_mm") and weight.size(0) % 16 == 0

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        rows = states.reshape(-1, states.size(-1))
        if len(rows) < _MANY_ROWS:
            product = torch._weight_int8pack_mm(rows, self.weight, self._ones)
        else:
            slices = (F.linear(rows, part.to(rows.dtype)) for part in self.weight.split(_SLICE_ROWS))
            product = torch.cat(list(slices), dim=-1)
        return apply_scale(product, self.scale, bias).view(*states.shape[:-1], -1)

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        return self.weight.to(dtype) * self.scale.to(dtype).unsqueeze(1)
