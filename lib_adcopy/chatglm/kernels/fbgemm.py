"""CPU, torch before 2.6: fbgemm's int8 product, activations quantised dynamically for each row.

A 4-bit weight is kept in 8 bits: exact, but twice the memory. fbgemm adds pairs of products in 16 bits where the CPU
has no VNNI, so 8-bit weights get activations of 7 bits (reduce_range); 4-bit weights cannot overflow.
"""

from __future__ import annotations

import torch

from lib_adcopy.chatglm.kernels.multiply import Multiply
from lib_adcopy.chatglm.quantisation import unpack


class FbgemmMultiply(Multiply):
    """Keeps the weight in fbgemm's own packing."""

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bits: int) -> None:
        super().__init__()
        q = unpack(weight) if bits == 4 else weight
        zeros = torch.zeros(len(q), dtype=torch.long)
        quantised = torch._make_per_channel_quantized_tensor(q.contiguous(), scale.double(), zeros, 0)
        self._packed = torch.ops.quantized.linear_prepack(quantised, None)
        self._reduce_range = bits == 8

    @staticmethod
    def suits(weight: torch.Tensor, bits: int) -> bool:
        return torch.backends.quantized.engine in ("fbgemm", "x86")

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        product = torch.ops.quantized.linear_dynamic(states.float(), self._packed, self._reduce_range)
        return (product if bias is None else product + bias).to(states.dtype)

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        return torch.ops.quantized.linear_unpack(self._packed)[0].dequantize().to(dtype)
