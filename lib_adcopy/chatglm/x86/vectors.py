"""What the products are written with: vectors of 16 lanes, and the few forms of LLVM's language that they need.

Only what llvmlite has had since 0.41 is used, with pointers of a type, which it writes as its LLVM wants them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from lib_adcopy.chatglm.x86.weight_layout import LANES

I8, I16, I32, I64, FLOAT = ir.IntType(8), ir.IntType(16), ir.IntType(32), ir.IntType(64), ir.FloatType()
BYTES, SHORTS, INTS, FLOATS = (ir.VectorType(kind, LANES) for kind in (I8, I16, I32, FLOAT))
Body = Callable[[Any, list[Any]], Sequence[Any]]


def number(value: int) -> Any:
    return ir.Constant(I64, value)


def constant(kind: Any, value: float) -> Any:
    """`value` in every lane of the vector type."""
    return ir.Constant(kind, [value] * kind.count)


def function(module: ir.Module, name: str, pointers: Sequence[str], numbers: Sequence[str]) -> tuple[Any, Any]:
    """A builder inside a new function of byte pointers and then 64-bit numbers, and those by name."""
    kinds = [I8.as_pointer()] * len(pointers) + [I64] * len(numbers)
    made = ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), name)
    for argument, known in zip(made.args, (*pointers, *numbers), strict=True):
        argument.name = known
    return ir.IRBuilder(made.append_basic_block()), {argument.name: argument for argument in made.args}


def loop(builder: ir.IRBuilder, start: Any, stop: Any, step: int, body: Body, carried: Sequence[Any] = ()) -> list[Any]:
    """[index, *carried] as they are after `carried = body(index, carried)` for each index before `stop`."""
    before = builder.block
    inside, after = builder.append_basic_block(), builder.append_basic_block()
    builder.cbranch(builder.icmp_signed("<", start, stop), inside, after)
    builder.position_at_end(inside)
    first = [start, *carried]
    held = [builder.phi(value.type) for value in first]
    found = body(held[0], held[1:])
    following = [builder.add(held[0], number(step)), *found]
    end = builder.block
    builder.cbranch(builder.icmp_signed("<", following[0], stop), inside, after)
    builder.position_at_end(after)
    results = [builder.phi(value.type) for value in first]
    for phis in (held, results):
        for phi, start_value, next_value in zip(phis, first, following, strict=True):
            phi.add_incoming(start_value, before)
            phi.add_incoming(next_value, end)
    return results


def load(builder: ir.IRBuilder, pointer: Any, offset: Any, kind: Any) -> Any:
    """A value of `kind` from so many bytes after the pointer, wherever that is."""
    place = builder.bitcast(builder.gep(pointer, [offset]), kind.as_pointer())
    value = builder.load(place)
    value.align = 1
    return value


def store(builder: ir.IRBuilder, value: Any, pointer: Any, offset: Any) -> None:
    place = builder.bitcast(builder.gep(pointer, [offset]), value.type.as_pointer())
    builder.store(value, place, align=1)


def spread(builder: ir.IRBuilder, value: Any) -> Any:
    """The value in every lane."""
    vector = ir.VectorType(value.type, LANES)
    one = first_lane(builder, value, ir.Constant(vector, ir.Undefined))
    return builder.shuffle_vector(one, one, constant(INTS, 0))


def first_lane(builder: ir.IRBuilder, value: Any, vector: Any) -> Any:
    return builder.insert_element(vector, value, ir.Constant(I32, 0))


def chosen(builder: ir.IRBuilder, vector: Any, lanes: Sequence[int]) -> Any:
    """These of a vector's lanes, in this order."""
    return builder.shuffle_vector(vector, vector, ir.Constant(ir.VectorType(I32, len(lanes)), list(lanes)))


def call(builder: ir.IRBuilder, name: str, result: Any, *arguments: Any) -> Any:
    """One of LLVM's own functions."""
    known = builder.module.globals.get(name)
    if known is None:
        kinds = [argument.type for argument in arguments]
        known = ir.Function(builder.module, ir.FunctionType(result, kinds), name)
    return builder.call(known, arguments)


def widened(builder: ir.IRBuilder, halves: Any) -> Any:
    """bfloat16 (as SHORTS, or one I16) to float: its upper half."""
    vector = isinstance(halves.type, ir.VectorType)
    sixteen = constant(INTS, 16) if vector else ir.Constant(I32, 16)
    bits = builder.shl(builder.zext(halves, INTS if vector else I32), sixteen)
    return builder.bitcast(bits, FLOATS if vector else FLOAT)


def narrowed(builder: ir.IRBuilder, floats: Any) -> Any:
    """FLOATS to bfloat16 (as SHORTS), to the nearest and of two as near to the even one."""
    bits = builder.bitcast(floats, INTS)
    odd = builder.and_(builder.lshr(bits, constant(INTS, 16)), constant(INTS, 1))
    raised = builder.add(builder.add(bits, odd), constant(INTS, 0x7FFF))
    return builder.trunc(builder.lshr(raised, constant(INTS, 16)), SHORTS)


def prefetch(builder: ir.IRBuilder, pointer: Any, offset: Any) -> None:
    """Asks for what is there, if anything is, to be read into the second cache."""
    reading, second, data = (ir.Constant(I32, value) for value in (0, 2, 1))
    place = builder.gep(pointer, [offset])
    call(builder, "llvm.prefetch.p0i8", ir.VoidType(), place, reading, second, data)
