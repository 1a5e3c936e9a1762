"""The interface a quantised layer multiplies through."""

from __future__ import annotations

import torch


class Multiply(torch.nn.Module):
    """One prepared weight (out, in). Its tensors on a GPU are registered buffers, so that they can be offloaded.

    Called with states (..., in) and a bias (out) or None, it returns (..., out) without a gradient; the layer computes
    the gradient itself from `dequantised`.
    """

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        raise NotImplementedError

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        """Return the weight (out, in), for training and tests; may be slow."""
        raise NotImplementedError


def apply_scale(product: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    """Return product * scale + bias, with the scale of each output in fp32: rounding it would shift a whole row."""
    exact = product * scale if bias is None else torch.addcmul(bias, product, scale)
    return exact.to(product.dtype)
