"""int8 and int4 weights in the official format.

Per output row: scale = absmax / 127 (or 7) as half, q = round-half-even(w / scale). int4: byte j of a row holds
column 2j in its high and 2j + 1 in its low nibble, both signed. `weight` int8 (out, in) or (out, in / 2),
`weight_scale` (out).
"""

from __future__ import annotations

import torch

_LARGEST = {8: 127, 4: 7}
# Numbers quantised at a time, so that intermediate results stay in the CPU's cache.
_CHUNK = 2**21


def quantise(weight: torch.Tensor, bits: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Quantise a weight (out, in) to (packed int8, half scale). A row of zeros gets scale 1, NaN in the reference."""
    # In half throughout, as the published bytes were computed: fp32 differs where a quotient is near .5.
    half = weight.half()
    largest = half.abs().amax(dim=1, keepdim=True)
    scale = torch.where(largest > 0, largest / _LARGEST[bits], torch.ones_like(largest))
    q = torch.round((half / scale).float()).clamp_(-_LARGEST[bits] - 1, _LARGEST[bits]).to(torch.int8)
    return (pack(q) if bits == 4 else q), scale.squeeze(1)


def quantise_in_slices(weight: torch.Tensor, bits: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Quantise onto `device`, some rows at a time."""
    rows, columns = weight.shape
    packed = torch.empty(rows, columns * bits // 8, dtype=torch.int8, device=device)
    scale = torch.empty(rows, dtype=torch.half, device=device)
    height = max(_CHUNK // columns, 1)
    for start in range(0, rows, height):
        part = slice(start, start + height)
        packed[part], scale[part] = quantise(weight[part].to(device), bits)
    return packed, scale


def pack(q: torch.Tensor) -> torch.Tensor:
    """Pack int8 in [-8, 7] (out, in) to int8 (out, in / 2)."""
    # Two columns at a time: the even one is the low byte of an int16.
    pairs = q.contiguous().view(torch.int16)
    return torch.bitwise_or(pairs << 4, (pairs >> 8) & 15).to(torch.int8)


def unpack(packed: torch.Tensor) -> torch.Tensor:
    """Unpack int8 (out, in / 2) to int8 (out, in) in [-8, 7]."""
    high = torch.bitwise_right_shift(packed, 4)
    low = torch.bitwise_right_shift(torch.bitwise_left_shift(packed, 4), 4)
    return torch.stack([high, low], dim=-1).flatten(-2)


def dequantise(packed: torch.Tensor, scale: torch.Tensor, bits: int, dtype: torch.dtype) -> torch.Tensor:
    """Return the weight (out, in) in `dtype`."""
    q = unpack(packed) if bits == 4 else packed
    return q.to(dtype) * scale.to(dtype).unsqueeze(1)
