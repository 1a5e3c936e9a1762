"""The functions of kernels.cu on tensors, launched on torch's current stream so that a graph can capture them."""

from __future__ import annotations

import ctypes
import functools
import logging
import threading
from typing import Any

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.cuda.compiler import build
from lib_adcopy.chatglm.cuda.libraries import Bindings, open_bindings
from lib_adcopy.chatglm.quantisation import dequantise, quantise

MAX_ROWS = 8
# One instantiation each; a batch size in between uses the next larger one.
_BATCHES = (1, 2, 4, 8)
_HEAD_DIMS = (32, 64, 128)
_MAX_NORM_WIDTH = 8192
_LINEAR_THREADS, _LINEAR_ROWS, _ATTEND_THREADS, _NORM_THREADS, _DEQUANTISE_THREADS = 256, 16, 256, 512, 256
_OLDEST_CAPABILITY = (6, 0)

_log = logging.getLogger("adcopy.chatglm")
_lock = threading.Lock()


class CudaKernels:
    """The compiled kernels on one GPU. Tensors are fp16, contiguous and on that GPU unless stated otherwise."""

    def __init__(self, device: torch.device, bindings: Bindings, image: bytes) -> None:
        self.device = device
        self._driver = bindings.driver
        self._functions: dict[str, Any] = {}
        # Whether a whole step was found to give torch's logits; None before the first.
        self.can_decode: bool | None = None
        # False once a step could not be captured as a graph.
        self.can_capture: bool | None = None
        with torch.cuda.device(device):
            self._bind_context()
            self._module = self._driver.cuModuleLoadData(image)

    @staticmethod
    def supports_linear(inputs: int, bits: int) -> bool:
        """Return whether rows of `inputs` weights can be read in whole vectors of 16 bytes."""
        return inputs * bits % 128 == 0

    @staticmethod
    def supports_decoding(head_dim: int, hidden: int) -> bool:
        """Return whether there are kernels for these sizes."""
        return head_dim in _HEAD_DIMS and hidden % 8 == 0 and hidden <= _MAX_NORM_WIDTH

    def linear(
        self,
        states: torch.Tensor,
        weight: torch.Tensor,
        scale: torch.Tensor | None,
        bits: int,
        bias: torch.Tensor | None,
        *,
        gelu: bool = False,
        out: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Multiply states (rows, in), at most 8 rows, to (rows, out), with GELU applied if `gelu`.

        `weight` is official int8 or int4 (int8 tensor) with `scale` (out), or fp16 (out, in) with bits 16 and no scale.
        """
        rows, inputs = states.shape
        outputs = weight.size(0)
        if out is None:
            out = states.new_empty(rows, outputs)
        batch = next(size for size in _BATCHES if size >= rows)
        grid = (-(-outputs // _LINEAR_ROWS), 1, 1)
        self._launch(
            f"linear_{bits}_{batch}", grid, _LINEAR_THREADS,
            weight, scale, bias, states, out, inputs, outputs, rows, int(gelu),
        )  # fmt: skip
        return out

    def dequantise(self, weight: torch.Tensor, scale: torch.Tensor, bits: int) -> torch.Tensor:
        """Return the weight (out, in), bit for bit that of quantisation.dequantise."""
        outputs, inputs = weight.size(0), weight.size(1) * 8 // bits
        out = torch.empty(outputs, inputs, dtype=torch.half, device=weight.device)
        chunks = out.numel() // 8
        grid = (-(-chunks // _DEQUANTISE_THREADS), 1, 1)
        self._launch(
            f"dequantise_{bits}", grid, _DEQUANTISE_THREADS, weight, scale, out, inputs, ctypes.c_longlong(chunks)
        )
        return out

    def attend(
        self,
        mixed: torch.Tensor,
        cosine: torch.Tensor,
        sine: torch.Tensor,
        positions: torch.Tensor,
        filled: torch.Tensor,
        column_mask: torch.Tensor | None,
        keys: torch.Tensor,
        values: torch.Tensor,
        out: torch.Tensor,
    ) -> None:
        """Compute one step's attention; append to `keys`, `values` (rows, heads, length, head_dim) at column `filled`.

        mixed (rows, heads * 3 * head_dim); cosine, sine fp32 (positions, head_dim / 2); positions int64 (rows, 2);
        filled int32 (1); column_mask uint8 (rows, length), 1 where attention is allowed; out (rows, heads * head_dim).
        """
        rows, heads, length, head_dim = keys.shape
        self._launch(
            f"attend_{head_dim}", (heads, rows, 1), _ATTEND_THREADS,
            mixed, cosine, sine, positions, filled, column_mask, keys, values, length, out,
        )  # fmt: skip

    def add_norm(
        self,
        states: torch.Tensor,
        residual: torch.Tensor | None,
        alpha: float,
        norm: torch.nn.LayerNorm,
        out: torch.Tensor,
    ) -> None:
        """Compute out = norm(states + alpha * residual), all (rows, width)."""
        rows, width = states.shape
        self._launch(
            "add_norm", (rows, 1, 1), _NORM_THREADS,
            states, residual, float(alpha), norm.weight, norm.bias, float(norm.eps), out, width,
        )  # fmt: skip

    def _launch(self, name: str, grid: tuple[int, int, int], threads: int, *arguments: Any) -> None:
        values = [_argument(value) for value in arguments]
        with torch.cuda.device(self.device):
            self._bind_context()
            if name not in self._functions:
                self._functions[name] = self._driver.cuModuleGetFunction(self._module, name)
            stream = torch.cuda.current_stream(self.device).cuda_stream
            pointers = [ctypes.addressof(value) for value in values]
            self._driver.cuLaunchKernel(self._functions[name], *grid, threads, 1, 1, 0, stream, pointers)

    def _bind_context(self) -> None:
        """Make the GPU's context current on a thread that has not used it; only torch knows which one that is."""
        if not self._driver.cuCtxGetCurrent().value:
            torch.zeros(1, device=self.device)


def load_kernels(device: torch.device, dtype: torch.dtype) -> CudaKernels | None:
    """Load a GPU's kernels, once; None, with a line in the log, where they are unavailable or give wrong results."""
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
            if _results_match(kernels):
                return kernels
            reason = "the kernels' results are not torch's"
        except torch.cuda.OutOfMemoryError:
            raise
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
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


def _results_match(kernels: CudaKernels) -> bool:
    """Compare small products with torch's, once a GPU: a driver that miscompiles must cost speed, not correctness."""
    generator = torch.Generator("cpu").manual_seed(0)
    weights = torch.randn(40, 1152, generator=generator).half().to(kernels.device)
    formats: list[tuple[torch.Tensor, torch.Tensor | None, int, torch.Tensor]] = [(weights, None, 16, weights)]
    for bits in (4, 8):
        weight, scale = quantise(weights, bits)
        plain = dequantise(weight, scale, bits, torch.half)
        if not torch.equal(kernels.dequantise(weight, scale, bits), plain):
            return False
        formats.append((weight, scale, bits, plain))
    # Every instantiation, and a batch in between.
    for rows in (*_BATCHES, 3):
        states = torch.randn(rows, 1152, generator=generator).half().to(kernels.device)
        for stored, factors, bits, plain in formats:
            if not _close(kernels.linear(states, stored, factors, bits, None), F.linear(states, plain)):
                return False
    return True


def _close(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    """Return whether two results differ by no more than fp16's rounding of a sum of thousands."""
    difference = (ours.float() - theirs.float()).abs().max()
    return bool(difference <= 4e-3 * theirs.float().abs().max())


def _argument(value: torch.Tensor | float | ctypes._SimpleCData | None) -> ctypes._SimpleCData:
    if isinstance(value, torch.Tensor):
        return ctypes.c_void_p(value.data_ptr())
    if value is None:
        return ctypes.c_void_p(None)
    if isinstance(value, int):
        return ctypes.c_int(value)
    return ctypes.c_float(value) if isinstance(value, float) else value
