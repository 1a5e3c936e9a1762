"""int8 and int4 weights in the official format.

Per output row: scale = absmax / 127 (or 7) as half, q = round-half-even(w / scale). int4: byte j of a row holds
column 2j in its high and 2j + 1 in its low nibble, both signed. `weight` int8 (out, in) or (out, in / 2),
`weight_scale` (out).
"""

from __future__ import annotations

import torch

_LARGEST = {8: 127, 4: 7}
# Numbers quantised in one go.
_AT_ONCE = 2**21


def quantise(weight: torch.Tensor, bits: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A weight (out, in) as (packed int8, half scale). A row of zeros gets scale 1, the reference makes it NaN."""
    # In half throughout: the published bytes were worked out so, and differ from fp32's where a quotient is near .5.
    half = weight.half()
    largest = half.abs().amax(dim=1, keepdim=True)
    scale = torch.where(largest > 0, largest / _LARGEST[bits], torch.ones_like(largest))
    q = torch.round((half / scale).float()).clamp_(-_LARGEST[bits] - 1, _LARGEST[bits]).to(torch.int8)
    return (pack(q) if bits == 4 else q), scale.squeeze(1)


def quantise_in_slices(weight: torch.Tensor, bits: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """`quantise` onto `device`, some rows at a time: what is worked out on the way stays in the processor's cache."""
    rows, columns = weight.shape
    packed = torch.empty(rows, columns * bits // 8, dtype=torch.int8, device=device)
    scale = torch.empty(rows, dtype=torch.half, device=device)
    height = max(_AT_ONCE // columns, 1)
    for start in range(0, rows, height):
        part = slice(start, start + height)
        packed[part], scale[part] = quantise(weight[part].to(device), bits)
    return packed, scale


def pack(q: torch.Tensor) -> torch.Tensor:
    """int8 in [-8, 7] (out, in) -> int8 (out, in / 2)."""
    # Two columns at once: the even one is the pair's low byte.
    pairs = q.contiguous().view(torch.int16)
    return torch.bitwise_or(pairs << 4, (pairs >> 8) & 15).to(torch.int8)


def unpack(packed: torch.Tensor) -> torch.Tensor:
    """int8 (out, in / 2) -> int8 (out, in) in [-8, 7]."""
    high = torch.bitwise_right_shift(packed, 4)
    low = torch.bitwise_right_shift(torch.bitwise_left_shift(packed, 4), 4)
    return torch.stack([high, low], dim=-1).flatten(-2)


def dequantise(packed: torch.Tensor, scale: torch.Tensor, bits: int, dtype: torch.dtype) -> torch.Tensor:
    q = unpack(packed) if bits == 4 else packed
    return q.to(dtype) * scale.to(dtype).unsqueeze(1)
