"""Building blocks for LLVM IR over vectors of 16 lanes.

Only what llvmlite has had since 0.41 is used, with typed pointers, which it prints as its LLVM needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from lib_adcopy.chatglm.x86.weight_layout import LANES

I8, I16, I32, I64, FLOAT = ir.IntType(8), ir.IntType(16), ir.IntType(32), ir.IntType(64), ir.FloatType()
BYTES, SHORTS, INTS, FLOATS = (ir.VectorType(kind, LANES) for kind in (I8, I16, I32, FLOAT))
Body = Callable[[Any, list[Any]], Sequence[Any]]


def i64(value: int) -> Any:
    """Return a 64-bit constant."""
    return ir.Constant(I64, value)


def splat(kind: Any, value: float) -> Any:
    """Return a constant vector with `value` in every lane."""
    return ir.Constant(kind, [value] * kind.count)


def function(module: ir.Module, name: str, pointers: Sequence[str], numbers: Sequence[str]) -> tuple[Any, Any]:
    """Start a function of byte pointers and then 64-bit numbers; return its builder and its arguments by name."""
    kinds = [I8.as_pointer()] * len(pointers) + [I64] * len(numbers)
    new = ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), name)
    for argument, known in zip(new.args, (*pointers, *numbers), strict=True):
        argument.name = known
    return ir.IRBuilder(new.append_basic_block()), {argument.name: argument for argument in new.args}


def loop(builder: ir.IRBuilder, start: Any, stop: Any, step: int, body: Body, carried: Sequence[Any] = ()) -> list[Any]:
    """Emit `carried = body(index, carried)` for each index before `stop`; return [index, *carried] after the last."""
    before = builder.block
    inside, after = builder.append_basic_block(), builder.append_basic_block()
    builder.cbranch(builder.icmp_signed("<", start, stop), inside, after)
    builder.position_at_end(inside)
    first = [start, *carried]
    current = [builder.phi(value.type) for value in first]
    updated = body(current[0], current[1:])
    following = [builder.add(current[0], i64(step)), *updated]
    end = builder.block
    builder.cbranch(builder.icmp_signed("<", following[0], stop), inside, after)
    builder.position_at_end(after)
    results = [builder.phi(value.type) for value in first]
    for phis in (current, results):
        for phi, start_value, next_value in zip(phis, first, following, strict=True):
            phi.add_incoming(start_value, before)
            phi.add_incoming(next_value, end)
    return results


def load(builder: ir.IRBuilder, pointer: Any, offset: Any, kind: Any) -> Any:
    """Load an unaligned value of `kind`, `offset` bytes after the pointer."""
    place = builder.bitcast(builder.gep(pointer, [offset]), kind.as_pointer())
    value = builder.load(place)
    value.align = 1
    return value


def store(builder: ir.IRBuilder, value: Any, pointer: Any, offset: Any) -> None:
    """Store an unaligned value `offset` bytes after the pointer."""
    place = builder.bitcast(builder.gep(pointer, [offset]), value.type.as_pointer())
    builder.store(value, place, align=1)


def broadcast(builder: ir.IRBuilder, value: Any) -> Any:
    """Return a vector with the value in every lane."""
    vector = ir.VectorType(value.type, LANES)
    one = insert_first_lane(builder, value, ir.Constant(vector, ir.Undefined))
    return builder.shuffle_vector(one, one, splat(INTS, 0))


def insert_first_lane(builder: ir.IRBuilder, value: Any, vector: Any) -> Any:
    """Return the vector with the value in its first lane."""
    return builder.insert_element(vector, value, ir.Constant(I32, 0))


def select_lanes(builder: ir.IRBuilder, vector: Any, lanes: Sequence[int]) -> Any:
    """Return these lanes of a vector, in this order."""
    return builder.shuffle_vector(vector, vector, ir.Constant(ir.VectorType(I32, len(lanes)), list(lanes)))


def call(builder: ir.IRBuilder, name: str, result: Any, *arguments: Any) -> Any:
    """Call an LLVM intrinsic."""
    intrinsic = builder.module.globals.get(name)
    if intrinsic is None:
        kinds = [argument.type for argument in arguments]
        intrinsic = ir.Function(builder.module, ir.FunctionType(result, kinds), name)
    return builder.call(intrinsic, arguments)


def bfloat16_to_float(builder: ir.IRBuilder, halves: Any) -> Any:
    """Convert bfloat16 (as SHORTS, or one I16), which is the upper half of a float."""
    vector = isinstance(halves.type, ir.VectorType)
    sixteen = splat(INTS, 16) if vector else ir.Constant(I32, 16)
    bits = builder.shl(builder.zext(halves, INTS if vector else I32), sixteen)
    return builder.bitcast(bits, FLOATS if vector else FLOAT)


def float_to_bfloat16(builder: ir.IRBuilder, floats: Any) -> Any:
    """Convert FLOATS to bfloat16 (as SHORTS), rounding half to even."""
    bits = builder.bitcast(floats, INTS)
    odd = builder.and_(builder.lshr(bits, splat(INTS, 16)), splat(INTS, 1))
    rounded = builder.add(builder.add(bits, odd), splat(INTS, 0x7FFF))
    return builder.trunc(builder.lshr(rounded, splat(INTS, 16)), SHORTS)


def prefetch(builder: ir.IRBuilder, pointer: Any, offset: Any) -> None:
    """Prefetch an address, which need not exist, into the second-level cache."""
    reading, second, data = (ir.Constant(I32, value) for value in (0, 2, 1))
    place = builder.gep(pointer, [offset])
    call(builder, "llvm.prefetch.p0i8", ir.VoidType(), place, reading, second, data)
