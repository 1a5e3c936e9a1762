"""How a layer multiplies by its 8- or 4-bit weight: chosen once a layer, when its weight is there.

The official format (quantisation.py) is what files hold and what the plain path computes with. A backend repacks one
weight for the fastest product its device has, and lets the official copy go.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from lib_adcopy.chatglm.kernels.dot import DotMultiply
from lib_adcopy.chatglm.kernels.fbgemm import FbgemmMultiply
from lib_adcopy.chatglm.kernels.int4pack import Int4PackMultiply
from lib_adcopy.chatglm.kernels.int8pack import Int8PackMultiply
from lib_adcopy.chatglm.kernels.multiply import Multiply

__all__ = ["Multiply", "choose", "fast_on"]

# Called with the official weight (int8, packed), its scale (out) and bits (8 or 4).
Backend = Callable[[torch.Tensor, torch.Tensor, int], Multiply]

_CPU = (DotMultiply, Int4PackMultiply, Int8PackMultiply, FbgemmMultiply)


def fast_on(device: torch.device, dtype: torch.dtype) -> bool:
    """Whether a CPU model of this dtype may round: who asks for float32 asks for the reference's numbers."""
    return device.type == "cpu" and dtype == torch.bfloat16


def choose(weight: torch.Tensor, scale: torch.Tensor, bits: int, dtype: torch.dtype) -> Multiply | None:
    """The weight prepared for activations of `dtype` on its own device; None leaves it to the plain path."""
    found: Backend | None = None
    if weight.device.type != "cpu":
        from lib_adcopy.chatglm.cuda import backend

        found = backend(weight, bits, dtype)
    elif fast_on(weight.device, dtype):
        found = next((multiply for multiply in _CPU if multiply.suits(weight, bits)), None)
    return found(weight, scale, bits) if found else None
