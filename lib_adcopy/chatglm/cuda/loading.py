"""Loads a GPU's kernels at first use and checks them against torch: bits by bits, and for each number of rows.

A driver or compiler that gets one of them wrong must cost speed, not correctness, and no more speed than that one.
"""

from __future__ import annotations

import functools
import logging
import threading

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.cuda.compiler import build
from lib_adcopy.chatglm.cuda.kernels import CudaKernels
from lib_adcopy.chatglm.cuda.libraries import open_bindings
from lib_adcopy.chatglm.errors import is_out_of_memory
from lib_adcopy.chatglm.quantisation import dequantise, quantise

_OLDEST_CAPABILITY = (6, 0)
# Every kernel filled, and two that are not. The largest first: where 4 is faulty, 3 rows try the next larger.
_CHECKED_ROWS = (8, 5, 4, 3, 2, 1)
# Neither fills the last block, tile or slice.
_CHECKED_SHAPE = (40, 1152)
_log = logging.getLogger("adcopy.chatglm")
_lock = threading.Lock()


def load_kernels(device: torch.device, dtype: torch.dtype) -> CudaKernels | None:
    """Load a GPU's kernels, once; None, with a line in the log, where they are unavailable or all give wrong results.

    Raises what says that memory ran out: the next call tries again.
    """
    index = device.index if device.index is not None else torch.cuda.current_device() if device.type == "cuda" else 0
    with _lock:
        return _open(torch.device(device.type, index), dtype)


@functools.cache
def _open(device: torch.device, dtype: torch.dtype) -> CudaKernels | None:
    reason = _unsupported_reason(device, dtype)
    if reason is None:
        try:
            bindings = open_bindings()
            kernels = CudaKernels(device, bindings, build(bindings.nvrtc, torch.cuda.get_device_capability(device)))
            if check(kernels):
                return kernels
            reason = "the kernels' results are not torch's"
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
            if is_out_of_memory(error):
                raise
            reason = str(error)
    _log.warning("ChatGLM on %s uses plain torch, slower, with the same numbers: %s", device, reason)
    return None


def _unsupported_reason(device: torch.device, dtype: torch.dtype) -> str | None:
    if device.type != "cuda" or torch.version.hip is not None:
        return "the kernels are for NVIDIA GPUs"
    if dtype != torch.half:
        return f"the kernels take float16, not {str(dtype).removeprefix('torch.')}"
    capability = torch.cuda.get_device_capability(device)
    if capability < _OLDEST_CAPABILITY:
        return f"compute capability {capability[0]}.{capability[1]} is too old"
    return None


def check(kernels: CudaKernels) -> bool:
    """Compare small products with torch's and note in `kernels.faulty` which are wrong; False where all are.

    A launch that fails is a wrong product, but for one that fails for want of memory, which is raised.
    """
    generator = torch.Generator("cpu").manual_seed(0)
    weights = torch.randn(_CHECKED_SHAPE, generator=generator).half().to(kernels.device)
    states = torch.randn(max(_CHECKED_ROWS), _CHECKED_SHAPE[1], generator=generator).half().to(kernels.device)
    for bits in (4, 8, 16):
        weight, scale, plain = _stored(kernels, weights, bits)
        for rows in _CHECKED_ROWS:
            batch = kernels.batch(bits, rows)
            if batch is not None and not _is_right(kernels, states[:rows], weight, scale, bits, plain):
                kernels.faulty.add((bits, batch))
                _log.warning("the CUDA kernel for %d bits and %d rows is not used: its results are not torch's", bits,
                             batch)  # fmt: skip
    return any(kernels.supports_rows(bits, rows) for bits in (4, 8, 16) for rows in _CHECKED_ROWS)


def _stored(
    kernels: CudaKernels, weights: torch.Tensor, bits: int
) -> tuple[torch.Tensor, torch.Tensor | None, torch.Tensor]:
    """Return the weight as it is stored, its scale, and what it stands for."""
    if bits == 16:
        return weights, None, weights
    weight, scale = quantise(weights, bits)
    return weight, scale, dequantise(weight, scale, bits, torch.half)


def _is_right(
    kernels: CudaKernels,
    states: torch.Tensor,
    weight: torch.Tensor,
    scale: torch.Tensor | None,
    bits: int,
    plain: torch.Tensor,
) -> bool:
    """Return whether the product is torch's, and so are the dequantised weights, which longer batches multiply by."""
    try:
        if scale is not None and not torch.equal(kernels.dequantise(weight, scale, bits), plain):
            return False
        return _close(kernels.linear(states, weight, scale, bits, None), F.linear(states, plain))
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise
        _log.warning("a CUDA kernel failed: %s", error)
        return False


def _close(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    """Return whether two results differ by no more than fp16's rounding of a sum of thousands."""
    difference = (ours.float() - theirs.float()).abs().max()
    return bool(difference <= 4e-3 * theirs.float().abs().max())
