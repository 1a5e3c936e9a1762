"""source.py compiled for this processor, and called on as many threads as torch uses."""

from __future__ import annotations

import ctypes
import functools
import itertools
import logging
import platform
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch

from lib_adcopy.chatglm.x86.layout import GROUP, LANES

_log = logging.getLogger("adcopy.chatglm")
_compiling = threading.Lock()
# What makes the waking of one more thread worth its while: bytes of weight times rows.
_WORTH = 2**20
_POINTER, _NUMBER = ctypes.c_void_p, ctypes.c_int64
_ROUND = ctypes.CFUNCTYPE(None, *[_POINTER] * 4, _NUMBER)
_MULTIPLY = ctypes.CFUNCTYPE(None, *[_POINTER] * 7, *[_NUMBER] * 5)


class Program:
    """The functions of source.py by the instructions of that name. Raises RuntimeError where LLVM refuses them."""

    def __init__(self, instructions: str) -> None:
        import llvmlite.binding as llvm

        from lib_adcopy.chatglm.x86.dot import INSTRUCTIONS
        from lib_adcopy.chatglm.x86.source import write

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        module = llvm.parse_assembly(write(instructions))
        target = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3
        )
        # The code is there as long as this is.
        self._engine = llvm.create_mcjit_compiler(module, target)
        self._engine.finalize_object()
        self.exact = INSTRUCTIONS[instructions].exact
        self._round = {bits: _ROUND(self._address(f"round_{bits}")) for bits in self.exact}
        self._multiply = {bits: _MULTIPLY(self._address(f"multiply_{bits}")) for bits in self.exact}

    def _address(self, name: str) -> int:
        return int(self._engine.get_function_address(name))

    def multiply(
        self, states: torch.Tensor, weight: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None, bits: int
    ) -> torch.Tensor:
        """states bf16 (rows, in) by a weight as layout.py has it, `scale` float (out), `bias` bf16 (out): (rows, out).

        A row's numbers do not depend on the other rows, nor on the number of threads.
        """
        states, (rows, columns), outputs = states.contiguous(), states.shape, len(scale)
        rounded = torch.empty(rows, columns, dtype=torch.int8)
        factor = torch.empty(rows, columns // GROUP)
        start = torch.empty(rows, columns // GROUP, dtype=torch.int32)
        product = torch.empty(rows, outputs, dtype=torch.bfloat16)
        self._round[bits](*_pointers(states, rounded, factor, start), factor.numel())
        bias = _zeros(outputs) if bias is None else bias
        call = functools.partial(
            self._multiply[bits],
            *_pointers(weight, scale, bias, rounded, factor, start, product),
            rows, columns, outputs,
        )  # fmt: skip
        _share(call, outputs // LANES if bits == 4 else outputs, weight.nbytes * rows // _WORTH)
        return product


def program() -> Program | None:
    """The functions for this processor, compiled when first asked for."""
    with _compiling:
        return _best()


@functools.cache
def _best() -> Program | None:
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return None
    try:
        import llvmlite.binding as llvm

        from lib_adcopy.chatglm.x86.dot import best

        instructions = best(llvm.get_host_cpu_features())
        if instructions is not None:
            return Program(instructions)
        _log.info("this processor has no AVX2: ChatGLM multiplies by torch's own products")
    except (ImportError, OSError, RuntimeError) as error:
        _log.info("ChatGLM multiplies by torch's own products, for llvmlite does not serve: %s", error)
    return None


def _pointers(*tensors: torch.Tensor) -> list[int]:
    return [tensor.data_ptr() for tensor in tensors]


def _share(call: Any, units: int, worth: int) -> None:
    """call(first, last) for all units, on this thread and, where it is worth it, on others beside it."""
    threads = max(min(torch.get_num_threads(), worth), 1)
    bounds = [units * part // threads for part in range(threads + 1)]
    parts = list(itertools.pairwise(bounds))
    others = [_helpers().submit(call, *part) for part in parts[1:]]
    call(*parts[0])
    for other in others:
        other.result()


@functools.cache
def _helpers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="adcopy-product")


@functools.lru_cache(maxsize=16)
def _zeros(count: int) -> torch.Tensor:
    return torch.zeros(count, dtype=torch.bfloat16)
