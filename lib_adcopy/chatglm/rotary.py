"""Rotary embedding in two dimensions: the first half of a head rotates by position, the second by block position."""

from __future__ import annotations

import torch


class Rotary(torch.nn.Module):
    """cos and sin tables (positions, head_dim / 2) in fp32, whatever the model's dtype.

    The reference rounds inv_freq through fp16 and ignores the checkpoint's copy. This does so too: at position 100 the
    difference shows in the logits.
    """

    cos: torch.Tensor
    sin: torch.Tensor

    def __init__(self, head_dim: int, positions: int) -> None:
        super().__init__()
        half = head_dim // 2
        frequency = 1.0 / (10000 ** (torch.arange(0, half, 2, dtype=torch.float32, device="cpu") / half))
        angles = torch.outer(torch.arange(positions, dtype=torch.float32, device="cpu"), frequency.half().float())
        self.register_buffer("cos", torch.cat([angles.cos(), angles.cos()], dim=-1), persistent=False)
        # The sign of the swapped half is part of the table.
        self.register_buffer("sin", torch.cat([-angles.sin(), angles.sin()], dim=-1), persistent=False)

    def forward(self, position_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return cos and sin, each (batch, 1, time, 1, head_dim), of position ids (batch, 2, time)."""
        cos, sin = self.cos[position_ids], self.sin[position_ids]
        return cos.transpose(1, 2).flatten(2)[:, None, :, None], sin.transpose(1, 2).flatten(2)[:, None, :, None]


def rotate(states: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotate (batch, heads, time, n, head_dim) in fp32, each half of the head by its own angles."""
    exact = states.float()
    swapped = exact.unflatten(-1, (2, 2, -1)).flip(-2).flatten(-3)
    return torch.addcmul(exact * cos, swapped, sin).to(states.dtype)
