"""source.py compiled for this processor, and called on as many threads as torch uses."""

from __future__ import annotations

import ctypes
import functools
import logging
import platform
import threading

import torch

from lib_adcopy.chatglm.x86.thread_pool import Team
from lib_adcopy.chatglm.x86.weight_layout import EIGHT_COLUMNS, GROUP, LANES

_log = logging.getLogger("adcopy.chatglm")
_compiling = threading.Lock()
# What a part of a product is at least: bytes of weight times rows.
_WORTH = 2**20
_POINTER, _NUMBER = ctypes.c_void_p, ctypes.c_int64
_ROUND = ctypes.CFUNCTYPE(None, *[_POINTER] * 4, _NUMBER)
_SHARING = ctypes.CFUNCTYPE(None, _POINTER, _NUMBER)


class Program:
    """The functions of source.py by the instructions of that name. Raises RuntimeError where LLVM refuses them."""

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
        # The code is there as long as this is.
        self._engine = llvm.create_mcjit_compiler(module, target)
        self._engine.finalize_object()
        self.exact = INSTRUCTIONS[instructions].exact
        self._round = {bits: _ROUND(self._address(f"round_{bits}")) for bits in self.exact}
        self._team = Team(_SHARING(self._address("offer")), _SHARING(self._address("serve")))
        self._kinds = {name: kind for kind, name in enumerate(FUNCTIONS)}

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
        arguments = [*_pointers(weight, scale, bias, rounded, factor, start, product), rows, columns, outputs]
        units = outputs // LANES if bits == 4 else outputs
        self._team.run(self._kinds[f"multiply_{bits}"], arguments, units, worth=weight.nbytes * rows // _WORTH)
        return product

    def repacked(self, weight: torch.Tensor) -> torch.Tensor:
        """An official 4-bit weight, int8 (out, in / 2), in blocks; layout.can_repack says whether it can be."""
        weight, (rows, width) = weight.contiguous(), weight.shape
        blocks = torch.empty(rows // LANES, width // EIGHT_COLUMNS, LANES * EIGHT_COLUMNS, dtype=torch.uint8)
        arguments = [*_pointers(weight, blocks), width]
        self._team.run(self._kinds["repack"], arguments, len(blocks), worth=weight.nbytes // _WORTH)
        return blocks


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
