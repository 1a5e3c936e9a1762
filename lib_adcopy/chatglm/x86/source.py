"""The products as LLVM IR. They multiply integers: activations are rounded to 8 bits, in groups.

Of each GROUP activations x: factor = absmax / 127, q = round-half-even(x / factor). Weights are q + middle, unsigned,
as the instructions need one unsigned operand; start = -middle * sum(q) subtracts it again. A product's element is
scale * sum over groups of factor * (start + dot(weight, q)) + bias: integers within a group, floats across groups.

Layout of the weights: weight_layout.py. With 8 bits (middle 128) lanes are columns. With 4 (middle 8) a lane is a row;
its low nibbles are the odd of eight columns and its high ones the even, so the activations have that order too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from lib_adcopy.chatglm.x86.dot import INSTRUCTIONS, Dot
from lib_adcopy.chatglm.x86.task_sharing import write_task_sharing
from lib_adcopy.chatglm.x86.vectors import (
    BYTES,
    FLOAT,
    FLOATS,
    I16,
    I32,
    INTS,
    SHORTS,
    bfloat16_to_float,
    broadcast,
    call,
    float_to_bfloat16,
    function,
    i64,
    insert_first_lane,
    load,
    loop,
    prefetch,
    select_lanes,
    splat,
    store,
)  # fmt: skip
from lib_adcopy.chatglm.x86.weight_layout import GROUP, LANES

# The functions that threads share; a task's kind is an index into this.
FUNCTIONS = ("repack", "multiply_4", "multiply_8")
MIDDLE = {4: 8, 8: 128}
# Blocks or rows of the weight that are read side by side, and how many bytes ahead they are prefetched: by itself a CPU
# prefetches only within a page.
_SIDE_BY_SIDE = (2, 1)
_PREFETCH_BYTES = 8192
# Rows of activations multiplied for one read of the weight.
_TILES = (4, 2, 1)
_ODD_THEN_EVEN = (1, 3, 5, 7, 0, 2, 4, 6, 9, 11, 13, 15, 8, 10, 12, 14)
_POINTERS = ("weight", "scale", "bias", "states", "factor", "start", "product")


def write(instructions: str) -> str:
    """Return the module's IR.

    It has these functions, the first two for each number of bits the instructions are exact for, and those of
    task_sharing.py for FUNCTIONS. round_{bits}(states bf16, rounded int8, factor float, start int32; groups).
    multiply_{bits}(weight, scale float, bias bf16, rounded, factor, start, product bf16; rows, columns, outputs, first,
    last) fills the columns of `product` (rows, outputs) that belong to the weight's blocks (4 bits) or rows (8 bits)
    first to last. repack(official, blocks; bytes a row, first, last) fills blocks first to last.
    """
    module = ir.Module("adcopy")
    _, exact_bits, dot = INSTRUCTIONS[instructions]
    for bits in exact_bits:
        _write_round(module, bits)
    _write_repack(module)
    _write_multiply_4(module, dot)
    if 8 in exact_bits:
        _write_multiply_8(module, dot)
    write_task_sharing(module, [module.globals[name] for name in FUNCTIONS if name in module.globals])
    return str(module)


def _write_round(module: ir.Module, bits: int) -> None:
    b, arguments = function(module, f"round_{bits}", ("states", "rounded", "factor", "start"), ("groups",))

    def group(index: Any, _: Any) -> Sequence[Any]:
        at = [b.add(b.mul(index, i64(GROUP)), i64(LANES * part)) for part in range(GROUP // LANES)]
        states = [bfloat16_to_float(b, load(b, arguments["states"], b.mul(place, i64(2)), SHORTS)) for place in at]
        largest = _largest(b, states)
        is_nonzero = b.fcmp_ordered(">", largest, ir.Constant(FLOAT, 0.0))
        inverse = b.select(is_nonzero, b.fdiv(ir.Constant(FLOAT, 127.0), largest), ir.Constant(FLOAT, 0.0))
        shares = [b.fmul(part, broadcast(b, inverse)) for part in states]
        rounded = [b.fptosi(call(b, "llvm.rint.v16f32", FLOATS, share), INTS) for share in shares]
        for part, place in zip(rounded, at, strict=True):
            narrow = b.trunc(part, BYTES)
            store(b, select_lanes(b, narrow, _ODD_THEN_EVEN) if bits == 4 else narrow, arguments["rounded"], place)
        total = call(b, "llvm.vector.reduce.add.v16i32", I32, functools.reduce(b.add, rounded))
        fourth = b.mul(index, i64(4))
        store(b, b.fmul(largest, ir.Constant(FLOAT, 1 / 127)), arguments["factor"], fourth)
        store(b, b.mul(total, ir.Constant(I32, -MIDDLE[bits])), arguments["start"], fourth)
        return ()

    loop(b, i64(0), arguments["groups"], 1, group)
    b.ret_void()


def _largest(b: ir.IRBuilder, floats: Sequence[Any]) -> Any:
    """Return the largest absolute value of all lanes, NaN if one is: without the sign, floats order as integers do."""

    def larger(one: Any, other: Any) -> Any:
        return b.select(b.icmp_unsigned(">", one, other), one, other)

    largest = functools.reduce(larger, [b.and_(b.bitcast(part, INTS), splat(INTS, 0x7FFFFFFF)) for part in floats])
    return b.bitcast(call(b, "llvm.vector.reduce.umax.v16i32", I32, largest), FLOAT)


class _ActivationRows:
    """Rows of rounded activations with their factors and starts, as a product reads them."""

    def __init__(self, b: ir.IRBuilder, arguments: dict[str, Any], first: Any, count: int) -> None:
        self._b, self._arguments = b, arguments
        self.rows = [b.add(first, i64(row)) for row in range(count)]
        self._states = [b.mul(row, arguments["columns"]) for row in self.rows]
        # A group's factor and start have four bytes each.
        self._groups = [b.sdiv(place, i64(GROUP // 4)) for place in self._states]

    def states(self, row: int, column: Any, kind: Any) -> Any:
        return load(self._b, self._arguments["states"], self._b.add(self._states[row], column), kind)

    def start(self, row: int, group: Any) -> Any:
        return self._of_group("start", row, group, I32)

    def added(self, sums: Sequence[Any], group: Any, integers: Sequence[Any]) -> list[Any]:
        """Return sums + factor * the group's integers; both have an element for each unit and, within it, each row."""
        b, count = self._b, len(self.rows)
        factors = [broadcast(b, self._of_group("factor", row, group, FLOAT)) for row in range(count)]
        return [
            call(b, "llvm.fma.v16f32", FLOATS, b.sitofp(integer, FLOATS), factors[at % count], sums[at])
            for at, integer in enumerate(integers)
        ]

    def put(self, row: int, value: Any, output: Any) -> None:
        b = self._b
        place = b.add(b.mul(self.rows[row], self._arguments["outputs"]), output)
        store(b, value, self._arguments["product"], b.mul(place, i64(2)))

    def _of_group(self, name: str, row: int, group: Any, kind: Any) -> Any:
        b = self._b
        return load(b, self._arguments[name], b.add(self._groups[row], b.mul(group, i64(4))), kind)


# Emits the products of some rows by some units of the weight (blocks of 4 bits, rows of 8) side by side.
_Tile = Callable[[ir.IRBuilder, Any, Sequence[Any], _ActivationRows], None]


def _write_multiply(module: ir.Module, bits: int, tile: _Tile) -> None:
    """Emit a function that multiplies all rows by each unit from first to last."""
    numbers = ("rows", "columns", "outputs", "first", "last")
    b, arguments = function(module, f"multiply_{bits}", _POINTERS, numbers)

    def by_units(index: Any, width: int) -> None:
        units = [b.add(index, i64(beside)) for beside in range(width)]
        row = i64(0)
        for count in _TILES:

            def rows(first: Any, _: Any, count: int = count) -> Sequence[Any]:
                tile(b, arguments, units, _ActivationRows(b, arguments, first, count))
                return ()

            (row,) = loop(b, row, b.sub(arguments["rows"], i64(count - 1)), count, rows)

    unit = arguments["first"]
    for width in _SIDE_BY_SIDE:

        def some(index: Any, _: Any, width: int = width) -> Sequence[Any]:
            by_units(index, width)
            return ()

        (unit,) = loop(b, unit, b.sub(arguments["last"], i64(width - 1)), width, some)
    b.ret_void()


def _load_with_prefetch(b: ir.IRBuilder, arguments: dict[str, Any], place: Any) -> Any:
    """Load INTS of the weight and prefetch what follows."""
    prefetch(b, arguments["weight"], b.add(place, i64(_PREFETCH_BYTES)))
    return load(b, arguments["weight"], place, INTS)


def _sums(b: ir.IRBuilder, arguments: dict[str, Any], count: int, group: Callable[..., Sequence[Any]]) -> list[Any]:
    """Return `count` sums after `group(index, sums)` has updated them for every group."""
    groups = b.sdiv(arguments["columns"], i64(GROUP))
    return loop(b, i64(0), groups, 1, group, [splat(FLOATS, 0.0)] * count)[1:]


def _write_multiply_4(module: ir.Module, dot: Dot) -> None:
    nibble = splat(INTS, 0x0F0F0F0F)

    def tile(b: ir.IRBuilder, arguments: dict[str, Any], blocks: Sequence[Any], states: _ActivationRows) -> None:
        count = len(states.rows)
        # LANES rows of half a byte a column.
        size = b.mul(arguments["columns"], i64(LANES // 2))
        weights = [b.mul(block, size) for block in blocks]

        def group(index: Any, sums: Sequence[Any]) -> Sequence[Any]:
            # Two chains of additions for each: an addition waits for the one before it.
            odd_sums = [broadcast(b, states.start(row, index)) for row in range(count)] * len(blocks)
            even_sums = [splat(INTS, 0)] * len(odd_sums)
            for eight in range(GROUP // 8):
                column = b.add(b.mul(index, i64(GROUP)), i64(8 * eight))
                places = [b.add(weight, b.mul(column, i64(LANES // 2))) for weight in weights]
                both = [_load_with_prefetch(b, arguments, place) for place in places]
                odd = [b.and_(each, nibble) for each in both]
                even = [b.and_(b.lshr(each, splat(INTS, 4)), nibble) for each in both]
                for row in range(count):
                    first = broadcast(b, states.states(row, column, I32))
                    second = broadcast(b, states.states(row, b.add(column, i64(4)), I32))
                    for block in range(len(blocks)):
                        at = block * count + row
                        odd_sums[at] = dot(b, odd_sums[at], odd[block], first)
                        even_sums[at] = dot(b, even_sums[at], even[block], second)
            return states.added(sums, index, [b.add(*pair) for pair in zip(odd_sums, even_sums, strict=True)])

        sums = iter(_sums(b, arguments, count * len(blocks), group))
        for block in blocks:
            output = b.mul(block, i64(LANES))
            scale = load(b, arguments["scale"], b.mul(output, i64(4)), FLOATS)
            bias = bfloat16_to_float(b, load(b, arguments["bias"], b.mul(output, i64(2)), SHORTS))
            for row in range(count):
                done = call(b, "llvm.fma.v16f32", FLOATS, next(sums), scale, bias)
                states.put(row, float_to_bfloat16(b, done), output)

    _write_multiply(module, 4, tile)


def _write_multiply_8(module: ir.Module, dot: Dot) -> None:
    # Flips the sign bit of every byte.
    middle = splat(INTS, 0x80808080)

    def tile(b: ir.IRBuilder, arguments: dict[str, Any], outputs: Sequence[Any], states: _ActivationRows) -> None:
        count = len(states.rows)
        weights = [b.mul(output, arguments["columns"]) for output in outputs]

        def group(index: Any, sums: Sequence[Any]) -> Sequence[Any]:
            column = b.mul(index, i64(GROUP))
            unsigned = [b.xor(_load_with_prefetch(b, arguments, b.add(weight, column)), middle) for weight in weights]
            starts = [insert_first_lane(b, states.start(row, index), splat(INTS, 0)) for row in range(count)]
            rows = [states.states(row, column, INTS) for row in range(count)]
            integers = [dot(b, starts[row], weight, rows[row]) for weight in unsigned for row in range(count)]
            return states.added(sums, index, integers)

        sums = iter(_sums(b, arguments, count * len(outputs), group))
        for output in outputs:
            scale = load(b, arguments["scale"], b.mul(output, i64(4)), FLOAT)
            bias = bfloat16_to_float(b, load(b, arguments["bias"], b.mul(output, i64(2)), I16))
            for row in range(count):
                done = b.fadd(b.fmul(_total(b, next(sums)), scale), bias)
                lanes = float_to_bfloat16(b, insert_first_lane(b, done, splat(FLOATS, 0.0)))
                states.put(row, b.extract_element(lanes, ir.Constant(I32, 0)), output)

    _write_multiply(module, 8, tile)


def _write_repack(module: ir.Module) -> None:
    b, arguments = function(module, "repack", ("official", "blocks"), ("width", "first", "last"))
    middle = splat(INTS, 0x88 * 0x01010101)

    def block(index: Any, _: Any) -> Sequence[Any]:
        size = b.mul(arguments["width"], i64(LANES))
        place = b.mul(index, size)
        rows = [b.add(place, b.mul(arguments["width"], i64(row))) for row in range(LANES)]

        def eight_columns(at: Any, _: Any) -> Sequence[Any]:
            lanes = splat(INTS, 0)
            for lane, row in enumerate(rows):
                columns = load(b, arguments["official"], b.add(row, at), I32)
                lanes = b.insert_element(lanes, columns, ir.Constant(I32, lane))
            store(b, b.xor(lanes, middle), arguments["blocks"], b.add(place, b.mul(at, i64(LANES))))
            return ()

        loop(b, i64(0), arguments["width"], 4, eight_columns)
        return ()

    loop(b, arguments["first"], arguments["last"], 1, block)
    b.ret_void()


def _total(b: ir.IRBuilder, lanes: Any) -> Any:
    """Sum all lanes, half by half."""
    while lanes.type.count > 1:
        half = lanes.type.count // 2
        lanes = b.fadd(select_lanes(b, lanes, range(half)), select_lanes(b, lanes, range(half, 2 * half)))
    return b.extract_element(lanes, ir.Constant(I32, 0))
