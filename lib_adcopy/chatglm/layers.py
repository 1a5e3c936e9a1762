"""Linear and Embedding with a weight of 8 or 4 bits."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.backends import prepare_multiply
from lib_adcopy.chatglm.kernels.multiply import Multiply
from lib_adcopy.chatglm.quantisation import dequantise


class QuantisedLinear(torch.nn.Module):
    """A linear layer whose weight has 8 or 4 bits; the bias stays in the activations' dtype.

    `weight` and `weight_scale` are in the official format until `prepare` replaces them by a faster Multiply.
    """

    weight: torch.Tensor
    weight_scale: torch.Tensor

    def __init__(self, inputs: int, outputs: int, bits: int, *, bias: bool = True) -> None:
        super().__init__()
        self.bits = bits
        self.register_buffer("weight", torch.empty(outputs, inputs * bits // 8, dtype=torch.int8))
        self.register_buffer("weight_scale", torch.empty(outputs, dtype=torch.half))
        self.bias = torch.nn.Parameter(torch.empty(outputs)) if bias else None
        self.multiply: Multiply | None = None

    def prepare(self, dtype: torch.dtype) -> None:
        """Choose how to multiply activations of `dtype`, once the weight is loaded and on its device."""
        self.multiply = prepare_multiply(self.weight, self.weight_scale, self.bits, dtype)
        if self.multiply is not None:
            del self.weight, self.weight_scale

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        """Return the weight (out, in)."""
        if self.multiply is not None:
            return self.multiply.dequantised(dtype)
        return dequantise(self.weight, self.weight_scale, self.bits, dtype)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        if states.requires_grad and torch.is_grad_enabled():
            product = _QuantisedProduct.apply(states, self)
            return product if self.bias is None else product + self.bias
        return self.product(states, self.bias)

    def product(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        if self.multiply is not None:
            return self.multiply(states, bias)
        return F.linear(states, self.dequantised(states.dtype), bias)


class _QuantisedProduct(torch.autograd.Function):
    """Product with a gradient for the states only; the weight is dequantised again in backward instead of kept."""

    @staticmethod
    def forward(context: Any, states: torch.Tensor, layer: QuantisedLinear) -> torch.Tensor:
        context.layer = layer
        return layer.product(states, None)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:  # type: ignore[override]
        return gradient @ context.layer.dequantised(gradient.dtype), None


class QuantisedEmbedding(torch.nn.Module):
    """An embedding of 4 bits, as in the int4-qe checkpoint, or of 8; its output is of `dtype`."""

    weight: torch.Tensor
    weight_scale: torch.Tensor

    def __init__(self, count: int, width: int, bits: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.bits, self.dtype = bits, dtype
        self.register_buffer("weight", torch.empty(count, width * bits // 8, dtype=torch.int8))
        self.register_buffer("weight_scale", torch.empty(count, dtype=torch.half))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        flat = ids.flatten()
        rows = dequantise(self.weight[flat], self.weight_scale[flat], self.bits, torch.float32)
        return rows.to(self.dtype).unflatten(0, ids.shape)
