"""The choice of how a layer multiplies by its 8- or 4-bit weight: made once a layer, when its weight is loaded.

The official format (quantisation.py) is what files hold and what the plain path computes with. A backend repacks one
weight for the fastest product its device has, and the official copy is freed.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from lib_adcopy.chatglm.kernels.dot import DotMultiply
from lib_adcopy.chatglm.kernels.fbgemm import FbgemmMultiply
from lib_adcopy.chatglm.kernels.int4pack import Int4PackMultiply
from lib_adcopy.chatglm.kernels.int8pack import Int8PackMultiply
from lib_adcopy.chatglm.kernels.multiply import Multiply

# Called with the official weight (int8, packed), its scale (out) and bits (8 or 4).
Backend = Callable[[torch.Tensor, torch.Tensor, int], Multiply]

# The fastest first.
_CPU_BACKENDS = (DotMultiply, Int4PackMultiply, Int8PackMultiply, FbgemmMultiply)


def rounds_activations(device: torch.device, dtype: torch.dtype) -> bool:
    """Return whether the fast products apply to a CPU model of this dtype; float32 keeps the reference's numbers."""
    return device.type == "cpu" and dtype == torch.bfloat16


def prepare_multiply(weight: torch.Tensor, scale: torch.Tensor, bits: int, dtype: torch.dtype) -> Multiply | None:
    """Prepare a weight for activations of `dtype` on its own device; None leaves it to the plain path."""
    backend: Backend | None = None
    if weight.device.type != "cpu":
        from lib_adcopy.chatglm.cuda.multiply import find_backend

        backend = find_backend(weight, bits, dtype)
    elif rounds_activations(weight.device, dtype):
        backend = next((multiply for multiply in _CPU_BACKENDS if multiply.suits(weight, bits)), None)
    return backend(weight, scale, bits) if backend else None
