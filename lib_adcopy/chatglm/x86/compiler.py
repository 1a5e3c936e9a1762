"""Compiles source.py for this CPU and calls it on as many threads as torch uses."""

from __future__ import annotations

import ctypes
import functools
import logging
import platform
import threading

import torch

from lib_adcopy.chatglm.x86.thread_pool import ThreadPool
from lib_adcopy.chatglm.x86.weight_layout import EIGHT_COLUMNS, GROUP, LANES

_log = logging.getLogger("adcopy.chatglm")
_compile_lock = threading.Lock()
# A part of a product has at least so many bytes of weight times rows.
_BYTES_PER_PART = 2**20
_POINTER, _INT64 = ctypes.c_void_p, ctypes.c_int64
_RoundFunction = ctypes.CFUNCTYPE(None, *[_POINTER] * 4, _INT64)
_PoolFunction = ctypes.CFUNCTYPE(None, _POINTER, _INT64)


class Program:
    """The compiled functions of source.py for the instructions of that name. Raises RuntimeError where LLVM fails."""

    def __init__(self, instructions: str) -> None:
        import llvmlite.binding as llvm

        from lib_adcopy.chatglm.x86.dot import INSTRUCTIONS
        from lib_adcopy.chatglm.x86.source import FUNCTIONS, write

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        module = llvm.parse_assembly(write(instructions))
        target = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3
        )
        # Owns the code.
        self._engine = llvm.create_mcjit_compiler(module, target)
        self._engine.finalize_object()
        self.exact_bits = INSTRUCTIONS[instructions].exact_bits
        self._round = {bits: _RoundFunction(self._address(f"round_{bits}")) for bits in self.exact_bits}
        self._pool = ThreadPool(
            _PoolFunction(self._address("submit")), _PoolFunction(self._address("worker_loop"))
        )
        self._kinds = {name: kind for kind, name in enumerate(FUNCTIONS)}

    def _address(self, name: str) -> int:
        return int(self._engine.get_function_address(name))

    def multiply(
        self, states: torch.Tensor, weight: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None, bits: int
    ) -> torch.Tensor:
        """Multiply states bf16 (rows, in) by a weight in the layout of weight_layout.py; return bf16 (rows, out).

        `scale` float (out), `bias` bf16 (out). A row's result does not depend on the other rows or on the number of
        threads.
        """
        states, (rows, columns), outputs = states.contiguous(), states.shape, len(scale)
        rounded = torch.empty(rows, columns, dtype=torch.int8)
        factor = torch.empty(rows, columns // GROUP)
        start = torch.empty(rows, columns // GROUP, dtype=torch.int32)
        product = torch.empty(rows, outputs, dtype=torch.bfloat16)
        self._round[bits](*_pointers(states, rounded, factor, start), factor.numel())
        bias = _zeros(outputs) if bias is None else bias
        arguments = [*_pointers(weight, scale, bias, rounded, factor, start, product), rows, columns, outputs]
        units = outputs // LANES if bits == 4 else outputs
        parts = weight.nbytes * rows // _BYTES_PER_PART
        self._pool.run(self._kinds[f"multiply_{bits}"], arguments, units, max_parts=parts)
        return product

    def repack(self, weight: torch.Tensor) -> torch.Tensor:
        """Repack an official 4-bit weight, int8 (out, in / 2), in blocks, if weight_layout.can_repack allows it."""
        weight, (rows, width) = weight.contiguous(), weight.shape
        blocks = torch.empty(rows // LANES, width // EIGHT_COLUMNS, LANES * EIGHT_COLUMNS, dtype=torch.uint8)
        arguments = [*_pointers(weight, blocks), width]
        self._pool.run(self._kinds["repack"], arguments, len(blocks), max_parts=weight.nbytes // _BYTES_PER_PART)
        return blocks


def get_program() -> Program | None:
    """Return the functions for this CPU, compiled by the first call; None where it has none."""
    with _compile_lock:
        return _compile()


@functools.cache
def _compile() -> Program | None:
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return None
    try:
        import llvmlite.binding as llvm

        from lib_adcopy.chatglm.x86.dot import best_instructions

        instructions = best_instructions(llvm.get_host_cpu_features())
        if instructions is not None:
            return Program(instructions)
        _log.info("this CPU has no AVX2: ChatGLM uses torch's own products")
    except (ImportError, OSError, RuntimeError) as error:
        _log.info("ChatGLM uses torch's own products, as llvmlite cannot be used: %s", error)
    return None


def _pointers(*tensors: torch.Tensor) -> list[int]:
    return [tensor.data_ptr() for tensor in tensors]


@functools.lru_cache(maxsize=16)
def _zeros(count: int) -> torch.Tensor:
    return torch.zeros(count, dtype=torch.bfloat16)
