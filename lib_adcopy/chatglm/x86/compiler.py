"""source.py compiled for this processor, and called on as many threads as torch uses."""

from __future__ import annotations

import ctypes
import functools
import logging
import platform
import threading
from collections.abc import Sequence

import torch

from lib_adcopy.chatglm.x86 import team
from lib_adcopy.chatglm.x86.layout import GROUP, LANES

_log = logging.getLogger("adcopy.chatglm")
_compiling = threading.Lock()
# From where a product is worth the waking of other threads: bytes of weight times rows.
_WORTH = 2**20
_POINTER, _NUMBER = ctypes.c_void_p, ctypes.c_int64
_ROUND = ctypes.CFUNCTYPE(None, *[_POINTER] * 4, _NUMBER)
_MULTIPLY = ctypes.CFUNCTYPE(None, *[_POINTER] * 7, *[_NUMBER] * 5)


class Program:
    """The functions of source.py by the instructions of that name. Raises RuntimeError where LLVM refuses them."""

    def __init__(self, instructions: str) -> None:
        import llvmlite.binding as llvm

        from lib_adcopy.chatglm.x86.dot import INSTRUCTIONS
        from lib_adcopy.chatglm.x86.source import THREADS, write

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._openmp = team.openmp()
        for name in THREADS if self._openmp else ():
            llvm.add_symbol(name, team.address(getattr(self._openmp, THREADS[name])))
        module = llvm.parse_assembly(write(instructions, shared=self._openmp is not None))
        target = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3
        )
        # The code is there as long as this is.
        self._engine = llvm.create_mcjit_compiler(module, target)
        self._engine.finalize_object()
        self.exact = INSTRUCTIONS[instructions].exact
        self._round = {bits: _ROUND(self._address(f"round_{bits}")) for bits in self.exact}
        self._multiply = {bits: _MULTIPLY(self._address(f"multiply_{bits}")) for bits in self.exact}
        self._share = {bits: self._address(f"share_{bits}") for bits in self.exact if self._openmp}

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
        pointers = _pointers(weight, scale, bias, rounded, factor, start, product)
        numbers = [rows, columns, outputs, 0, outputs // LANES if bits == 4 else outputs]
        self._run(bits, pointers, numbers, alone=weight.nbytes * rows < _WORTH)
        return product

    def _run(self, bits: int, pointers: Sequence[int], numbers: Sequence[int], *, alone: bool) -> None:
        threads = torch.get_num_threads()
        if alone or threads == 1:
            self._multiply[bits](*pointers, *numbers)
        elif self._openmp is not None:
            arguments = (_NUMBER * (len(pointers) + len(numbers)))(*pointers, *numbers)
            self._openmp.GOMP_parallel(self._share[bits], arguments, threads, 0)
        else:
            *same, first, last = numbers
            team.split(functools.partial(self._multiply[bits], *pointers, *same), first, last, threads)


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


@functools.lru_cache(maxsize=16)
def _zeros(count: int) -> torch.Tensor:
    return torch.zeros(count, dtype=torch.bfloat16)
