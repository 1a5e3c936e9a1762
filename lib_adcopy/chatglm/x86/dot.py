"""acc + the four products of bytes in each of 16 lanes of 32 bits, by the instructions a CPU has for it.

Weights are unsigned, activations signed bytes. Intel's Intrinsics Guide: VPDPBUSD (AVX512_VNNI, AVX-VNNI) adds all
four in 32 bits; VPMADDUBSW (AVX2) adds two in 16 bits with saturation, which weights of 4 bits never reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from llvmlite import ir

from lib_adcopy.chatglm.x86.vectors import I8, I16, I32, INTS, call, select_lanes, splat
from lib_adcopy.chatglm.x86.weight_layout import LANES

Dot = Callable[[ir.IRBuilder, Any, Any, Any], Any]

_HALF = ir.VectorType(I32, LANES // 2)
_BYTES, _PAIRS = ir.VectorType(I8, 32), ir.VectorType(I16, 16)


def best_instructions(features: Mapping[str, bool]) -> str | None:
    """Return the fastest instructions among a CPU's features, named as LLVM names them; None where it has none."""
    return next((name for name, each in INSTRUCTIONS.items() if all(map(features.get, each.needed))), None)


def _vnni_512(builder: ir.IRBuilder, acc: Any, weight: Any, states: Any) -> Any:
    return call(builder, "llvm.x86.avx512.vpdpbusd.512", INTS, acc, weight, states)


def _vnni_256(builder: ir.IRBuilder, acc: Any, weight: Any, states: Any) -> Any:
    def dot(*halves: Any) -> Any:
        return call(builder, "llvm.x86.avx512.vpdpbusd.256", _HALF, *halves)

    return _by_halves(builder, dot, acc, weight, states)


def _avx2(builder: ir.IRBuilder, acc: Any, weight: Any, states: Any) -> Any:
    def dot(acc: Any, weight: Any, states: Any) -> Any:
        left, right = builder.bitcast(weight, _BYTES), builder.bitcast(states, _BYTES)
        pairs = call(builder, "llvm.x86.avx2.pmadd.ub.sw", _PAIRS, left, right)
        return builder.add(acc, call(builder, "llvm.x86.avx2.pmadd.wd", _HALF, pairs, splat(_PAIRS, 1)))

    return _by_halves(builder, dot, acc, weight, states)


def _by_halves(builder: ir.IRBuilder, dot: Callable[..., Any], *vectors: Any) -> Any:
    low, high = (
        dot(*(select_lanes(builder, vector, range(start, start + LANES // 2)) for vector in vectors))
        for start in (0, LANES // 2)
    )
    return builder.shuffle_vector(low, high, ir.Constant(INTS, list(range(LANES))))


class Instructions(NamedTuple):
    """The features a CPU needs, the weight bits for which the dot product is exact, and the dot product."""

    needed: tuple[str, ...]
    exact_bits: tuple[int, ...]
    dot: Dot


# The fastest first.
INSTRUCTIONS = {
    "avx512vnni": Instructions(("avx512vnni", "avx512bw"), (4, 8), _vnni_512),
    "avxvnni": Instructions(("avxvnni", "fma"), (4, 8), _vnni_256),
    "avx2": Instructions(("avx2", "fma"), (4,), _avx2),
}
