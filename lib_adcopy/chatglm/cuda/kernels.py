"""The functions of kernels.cu on tensors, launched on torch's current stream so that a graph can capture them."""

from __future__ import annotations

import ctypes
from collections.abc import Hashable
from typing import Any

import torch

from lib_adcopy.chatglm.cuda.libraries import Bindings

MAX_ROWS = 8
# One instantiation each; a batch size in between uses the next larger one.
_BATCHES = (1, 2, 4, 8)
_HEAD_DIMS = (32, 64, 128)
_MAX_NORM_WIDTH = 8192
_LINEAR_THREADS, _LINEAR_ROWS, _ATTEND_THREADS, _NORM_THREADS, _DEQUANTISE_THREADS = 256, 16, 256, 512, 256


class CudaKernels:
    """The compiled kernels on one GPU. Tensors are fp16, contiguous and on that GPU unless stated otherwise."""

    def __init__(self, device: torch.device, bindings: Bindings, image: bytes) -> None:
        self.device = device
        self._driver = bindings.driver
        self._functions: dict[str, Any] = {}
        # Products that the self-check found wrong: bits and the batch size of the kernel.
        self.faulty: set[tuple[int, int]] = set()
        # Whether a whole step was found to give torch's logits, by the kind of model and the number of rows.
        self.can_decode: dict[tuple[Hashable, int], bool] = {}
        # False once a step could not be captured as a graph.
        self.can_capture: bool | None = None
        self._context: int | None = None
        with torch.cuda.device(device):
            self._bind_context()
            self._context = self._driver.cuCtxGetCurrent().value
            self._module = self._driver.cuModuleLoadData(image)

    @staticmethod
    def supports_linear(inputs: int, bits: int) -> bool:
        """Return whether rows of `inputs` weights can be read in whole vectors of 16 bytes."""
        return inputs * bits % 128 == 0

    def supports_rows(self, bits: int, rows: int) -> bool:
        """Return whether there is a kernel of these bits, found to be right, for so many rows."""
        return self.batch(bits, rows) is not None

    def supports_bits(self, bits: int) -> bool:
        """Return whether any kernel of these bits was found to be right."""
        return any((bits, size) not in self.faulty for size in _BATCHES)

    def batch(self, bits: int, rows: int) -> int | None:
        """Return the smallest kernel for so many rows, by its batch size; None where there is none to be trusted."""
        return next((size for size in _BATCHES if size >= rows and (bits, size) not in self.faulty), None)

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
        """Multiply states (rows, in), of a number that supports_rows, to (rows, out), with GELU applied if `gelu`.

        `weight` is official int8 or int4 (int8 tensor) with `scale` (out), or fp16 (out, in) with bits 16 and no scale.
        """
        rows, inputs = states.shape
        outputs = weight.size(0)
        if out is None:
            out = states.new_empty(rows, outputs)
        batch = self.batch(bits, rows)
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
        """Make this GPU's context current on a thread that has not used it, or used another GPU last.

        torch knows which one that is; its device guard alone does not switch the driver's before some call of torch's.
        """
        current = self._driver.cuCtxGetCurrent().value
        if not current or current != self._context:
            torch.zeros(1, device=self.device)


def _argument(value: torch.Tensor | float | ctypes._SimpleCData | None) -> ctypes._SimpleCData:
    if isinstance(value, torch.Tensor):
        return ctypes.c_void_p(value.data_ptr())
    if value is None:
        return ctypes.c_void_p(None)
    if isinstance(value, int):
        return ctypes.c_int(value)
    return ctypes.c_float(value) if isinstance(value, float) else value
