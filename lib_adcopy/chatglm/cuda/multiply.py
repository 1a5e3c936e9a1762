"""A layer's product by its official int8 or int4 weight: fused for a few rows, dequantised for many."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.cuda.kernels import CudaKernels
from lib_adcopy.chatglm.cuda.loading import load_kernels
from lib_adcopy.chatglm.kernels.multiply import Multiply


class CudaMultiply(Multiply):
    """Keeps the official weight as it is: packed int8 (out, in or in / 2) and half scale (out)."""

    weight: torch.Tensor
    scale: torch.Tensor

    def __init__(self, kernels: CudaKernels, weight: torch.Tensor, scale: torch.Tensor, bits: int) -> None:
        super().__init__()
        self._kernels, self.bits = kernels, bits
        self.register_buffer("weight", weight.contiguous(), persistent=False)
        self.register_buffer("scale", scale.to(torch.half).contiguous(), persistent=False)

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        rows = states.reshape(-1, states.size(-1))
        if not self._kernels.supports_rows(self.bits, len(rows)):
            return F.linear(states, self.dequantised(states.dtype), bias)
        product = self._kernels.linear(rows.contiguous(), self.weight, self.scale, self.bits, bias)
        return product.unflatten(0, states.shape[:-1])

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        return self._kernels.dequantise(self.weight, self.scale, self.bits).to(dtype)


def find_backend(
    weight: torch.Tensor, bits: int, dtype: torch.dtype
) -> Callable[[torch.Tensor, torch.Tensor, int], Multiply] | None:
    """Return what prepares an official weight on a GPU for activations of `dtype`; None leaves it to torch."""
    kernels = load_kernels(weight.device, dtype)
    if kernels is None or not kernels.supports_bits(bits):
        return None
    if not CudaKernels.supports_linear(weight.size(1) * 8 // bits, bits):
        return None

    def prepare(weight: torch.Tensor, scale: torch.Tensor, bits: int) -> Multiply:
        return CudaMultiply(kernels, weight, scale, bits)

    return prepare
