"""The port a layer multiplies through."""

from __future__ import annotations

import torch


class Multiply(torch.nn.Module):
    """One prepared weight (out, in). What it keeps on a card is a registered buffer, so that it can be parked.

    Called with states (..., in) and a bias (out) or None, it gives (..., out) without a gradient; the layer works out
    the gradient itself from `dequantised`.
    """

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        raise NotImplementedError

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        """The weight (out, in), for training and for whoever wants the numbers; slow is fine."""
        raise NotImplementedError


def scaled(product: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    """product * scale + bias, row by row of the weight; `scale` in fp32, because a rounded one tilts a whole row."""
    exact = product * scale if bias is None else torch.addcmul(bias, product, scale)
    return exact.to(product.dtype)
