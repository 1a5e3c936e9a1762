"""The products in LLVM's language. They multiply whole numbers: activations are rounded to 8 bits, in groups.

Of each GROUP activations x: factor = absmax / 127, q = round-half-even(x / factor). Weights are q + middle, unsigned,
because the instructions want one side so; start = -middle * sum(q) takes it off again. A product's element is
scale * sum over groups of factor * (start + dot(weight, q)) + bias: whole numbers within a group, float beyond.

How weights lie: layout.py. With 8 bits (middle 128) lanes are columns. With 4 (middle 8) a lane is a row; its low
nibbles are the odd of eight columns and its high ones the even, so their activations lie in that order too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from lib_adcopy.chatglm.x86.dot import INSTRUCTIONS, Dot
from lib_adcopy.chatglm.x86.sharing import write_sharing
from lib_adcopy.chatglm.x86.vectors import (
    BYTES,
    FLOAT,
    FLOATS,
    I16,
    I32,
    INTS,
    SHORTS,
    call,
    chosen,
    constant,
    first_lane,
    function,
    load,
    loop,
    narrowed,
    number,
    prefetch,
    spread,
    store,
    widened,
)  # fmt: skip
from lib_adcopy.chatglm.x86.weight_layout import GROUP, LANES

# What is shared by threads; a kind's number is its place.
FUNCTIONS = ("repack", "multiply_4", "multiply_8")
MIDDLE = {4: 8, 8: 128}
# Blocks or rows of the weight that are read side by side, and how many bytes before their turn: a processor asks the
# memory for one place after another within a page, and then has to wait.
_SIDE_BY_SIDE = (2, 1)
_AHEAD = 8192
# Rows of activations that share one reading of the weight.
_TILES = (4, 2, 1)
_ODD_THEN_EVEN = (1, 3, 5, 7, 0, 2, 4, 6, 9, 11, 13, 15, 8, 10, 12, 14)
_POINTERS = ("weight", "scale", "bias", "states", "factor", "start", "product")


def write(instructions: str) -> str:
    """Two functions for each number of bits that these instructions are exact for, one for weights of 4 bits, and those
    of sharing.py for FUNCTIONS:

    round_{bits}(states bf16, rounded int8, factor float, start int32; groups), and multiply_{bits}(weight, scale float,
    bias bf16, rounded, factor, start, product bf16; rows, columns, outputs, first, last), which fills the columns of
    `product` (rows, outputs) that belong to the weight's blocks (4 bits) or rows (8 bits) first to last; and
    repack(official, blocks; bytes a row, first, last), which fills blocks first to last.
    """
    module = ir.Module("adcopy")
    _, exact, dot = INSTRUCTIONS[instructions]
    for bits in exact:
        _write_round(module, bits)
    _write_repack(module)
    _write_multiply_4(module, dot)
    if 8 in exact:
        _write_multiply_8(module, dot)
    write_sharing(module, [module.globals[name] for name in FUNCTIONS if name in module.globals])
    return str(module)


def _write_round(module: ir.Module, bits: int) -> None:
    b, given = function(module, f"round_{bits}", ("states", "rounded", "factor", "start"), ("groups",))

    def group(index: Any, _: Any) -> Sequence[Any]:
        at = [b.add(b.mul(index, number(GROUP)), number(LANES * part)) for part in range(GROUP // LANES)]
        states = [widened(b, load(b, given["states"], b.mul(place, number(2)), SHORTS)) for place in at]
        largest = _largest(b, states)
        some = b.fcmp_ordered(">", largest, ir.Constant(FLOAT, 0.0))
        inverse = b.select(some, b.fdiv(ir.Constant(FLOAT, 127.0), largest), ir.Constant(FLOAT, 0.0))
        shares = [b.fmul(part, spread(b, inverse)) for part in states]
        whole = [b.fptosi(call(b, "llvm.rint.v16f32", FLOATS, share), INTS) for share in shares]
        for part, place in zip(whole, at, strict=True):
            narrow = b.trunc(part, BYTES)
            store(b, chosen(b, narrow, _ODD_THEN_EVEN) if bits == 4 else narrow, given["rounded"], place)
        total = call(b, "llvm.vector.reduce.add.v16i32", I32, functools.reduce(b.add, whole))
        fourth = b.mul(index, number(4))
        store(b, b.fmul(largest, ir.Constant(FLOAT, 1 / 127)), given["factor"], fourth)
        store(b, b.mul(total, ir.Constant(I32, -MIDDLE[bits])), given["start"], fourth)
        return ()

    loop(b, number(0), given["groups"], 1, group)
    b.ret_void()


def _largest(b: ir.IRBuilder, floats: Sequence[Any]) -> Any:
    """The largest size of all lanes; NaN if one is: without their sign, floats are ordered as whole numbers are."""

    def larger(one: Any, other: Any) -> Any:
        return b.select(b.icmp_unsigned(">", one, other), one, other)

    most = functools.reduce(larger, [b.and_(b.bitcast(part, INTS), constant(INTS, 0x7FFFFFFF)) for part in floats])
    return b.bitcast(call(b, "llvm.vector.reduce.umax.v16i32", I32, most), FLOAT)


class _Rows:
    """Some rows of activations, as a product reads them."""

    def __init__(self, b: ir.IRBuilder, given: dict[str, Any], first: Any, count: int) -> None:
        self._b, self._given = b, given
        self.rows = [b.add(first, number(row)) for row in range(count)]
        self._states = [b.mul(row, given["columns"]) for row in self.rows]
        # A group's factor and start take four bytes.
        self._groups = [b.sdiv(place, number(GROUP // 4)) for place in self._states]

    def states(self, row: int, column: Any, kind: Any) -> Any:
        return load(self._b, self._given["states"], self._b.add(self._states[row], column), kind)

    def start(self, row: int, group: Any) -> Any:
        return self._of_group("start", row, group, I32)

    def added(self, sums: Sequence[Any], group: Any, wholes: Sequence[Any]) -> list[Any]:
        """sums + factor * the group's whole numbers; both have an element for each unit and, within it, each row."""
        b, count = self._b, len(self.rows)
        factors = [spread(b, self._of_group("factor", row, group, FLOAT)) for row in range(count)]
        return [
            call(b, "llvm.fma.v16f32", FLOATS, b.sitofp(whole, FLOATS), factors[at % count], sums[at])
            for at, whole in enumerate(wholes)
        ]

    def put(self, row: int, value: Any, output: Any) -> None:
        b = self._b
        place = b.add(b.mul(self.rows[row], self._given["outputs"]), output)
        store(b, value, self._given["product"], b.mul(place, number(2)))

    def _of_group(self, name: str, row: int, group: Any, kind: Any) -> Any:
        b = self._b
        return load(b, self._given[name], b.add(self._groups[row], b.mul(group, number(4))), kind)


# Writes the products of some rows by some units of the weight (blocks of 4 bits, rows of 8) side by side.
_Tile = Callable[[ir.IRBuilder, Any, Sequence[Any], _Rows], None]


def _write_multiply(module: ir.Module, bits: int, tile: _Tile) -> None:
    """All rows by each unit from first to last."""
    numbers = ("rows", "columns", "outputs", "first", "last")
    b, given = function(module, f"multiply_{bits}", _POINTERS, numbers)

    def by_units(index: Any, width: int) -> None:
        units = [b.add(index, number(beside)) for beside in range(width)]
        row = number(0)
        for count in _TILES:

            def rows(first: Any, _: Any, count: int = count) -> Sequence[Any]:
                tile(b, given, units, _Rows(b, given, first, count))
                return ()

            (row,) = loop(b, row, b.sub(given["rows"], number(count - 1)), count, rows)

    unit = given["first"]
    for width in _SIDE_BY_SIDE:

        def some(index: Any, _: Any, width: int = width) -> Sequence[Any]:
            by_units(index, width)
            return ()

        (unit,) = loop(b, unit, b.sub(given["last"], number(width - 1)), width, some)
    b.ret_void()


def _ahead(b: ir.IRBuilder, given: dict[str, Any], place: Any) -> Any:
    """INTS of the weight from there, after asking for what comes later."""
    prefetch(b, given["weight"], b.add(place, number(_AHEAD)))
    return load(b, given["weight"], place, INTS)


def _sums(b: ir.IRBuilder, given: dict[str, Any], count: int, group: Callable[..., Sequence[Any]]) -> list[Any]:
    """What `group(index, sums)` has added to so many sums after the last group."""
    groups = b.sdiv(given["columns"], number(GROUP))
    return loop(b, number(0), groups, 1, group, [constant(FLOATS, 0.0)] * count)[1:]


def _write_multiply_4(module: ir.Module, dot: Dot) -> None:
    nibble = constant(INTS, 0x0F0F0F0F)

    def tile(b: ir.IRBuilder, given: dict[str, Any], blocks: Sequence[Any], states: _Rows) -> None:
        count = len(states.rows)
        # LANES rows of half a byte a column.
        size = b.mul(given["columns"], number(LANES // 2))
        weights = [b.mul(block, size) for block in blocks]

        def group(index: Any, sums: Sequence[Any]) -> Sequence[Any]:
            # Two chains for each: an addition waits for the one before it.
            odd_sums = [spread(b, states.start(row, index)) for row in range(count)] * len(blocks)
            even_sums = [constant(INTS, 0)] * len(odd_sums)
            for eight in range(GROUP // 8):
                column = b.add(b.mul(index, number(GROUP)), number(8 * eight))
                places = [b.add(weight, b.mul(column, number(LANES // 2))) for weight in weights]
                both = [_ahead(b, given, place) for place in places]
                odd = [b.and_(each, nibble) for each in both]
                even = [b.and_(b.lshr(each, constant(INTS, 4)), nibble) for each in both]
                for row in range(count):
                    first = spread(b, states.states(row, column, I32))
                    second = spread(b, states.states(row, b.add(column, number(4)), I32))
                    for block in range(len(blocks)):
                        at = block * count + row
                        odd_sums[at] = dot(b, odd_sums[at], odd[block], first)
                        even_sums[at] = dot(b, even_sums[at], even[block], second)
            return states.added(sums, index, [b.add(*pair) for pair in zip(odd_sums, even_sums, strict=True)])

        sums = iter(_sums(b, given, count * len(blocks), group))
        for block in blocks:
            output = b.mul(block, number(LANES))
            scale = load(b, given["scale"], b.mul(output, number(4)), FLOATS)
            bias = widened(b, load(b, given["bias"], b.mul(output, number(2)), SHORTS))
            for row in range(count):
                done = call(b, "llvm.fma.v16f32", FLOATS, next(sums), scale, bias)
                states.put(row, narrowed(b, done), output)

    _write_multiply(module, 4, tile)


def _write_multiply_8(module: ir.Module, dot: Dot) -> None:
    # Turns the sign bit of every byte.
    middle = constant(INTS, 0x80808080)

    def tile(b: ir.IRBuilder, given: dict[str, Any], outputs: Sequence[Any], states: _Rows) -> None:
        count = len(states.rows)
        weights = [b.mul(output, given["columns"]) for output in outputs]

        def group(index: Any, sums: Sequence[Any]) -> Sequence[Any]:
            column = b.mul(index, number(GROUP))
            unsigned = [b.xor(_ahead(b, given, b.add(weight, column)), middle) for weight in weights]
            starts = [first_lane(b, states.start(row, index), constant(INTS, 0)) for row in range(count)]
            rows = [states.states(row, column, INTS) for row in range(count)]
            wholes = [dot(b, starts[row], weight, rows[row]) for weight in unsigned for row in range(count)]
            return states.added(sums, index, wholes)

        sums = iter(_sums(b, given, count * len(outputs), group))
        for output in outputs:
            scale = load(b, given["scale"], b.mul(output, number(4)), FLOAT)
            bias = widened(b, load(b, given["bias"], b.mul(output, number(2)), I16))
            for row in range(count):
                done = b.fadd(b.fmul(_total(b, next(sums)), scale), bias)
                lanes = narrowed(b, first_lane(b, done, constant(FLOATS, 0.0)))
                states.put(row, b.extract_element(lanes, ir.Constant(I32, 0)), output)

    _write_multiply(module, 8, tile)


def _write_repack(module: ir.Module) -> None:
    b, given = function(module, "repack", ("official", "blocks"), ("width", "first", "last"))
    middle = constant(INTS, 0x88 * 0x01010101)

    def block(index: Any, _: Any) -> Sequence[Any]:
        size = b.mul(given["width"], number(LANES))
        place = b.mul(index, size)
        rows = [b.add(place, b.mul(given["width"], number(row))) for row in range(LANES)]

        def eight_columns(at: Any, _: Any) -> Sequence[Any]:
            lanes = constant(INTS, 0)
            for lane, row in enumerate(rows):
                columns = load(b, given["official"], b.add(row, at), I32)
                lanes = b.insert_element(lanes, columns, ir.Constant(I32, lane))
            store(b, b.xor(lanes, middle), given["blocks"], b.add(place, b.mul(at, number(LANES))))
            return ()

        loop(b, number(0), given["width"], 4, eight_columns)
        return ()

    loop(b, given["first"], given["last"], 1, block)
    b.ret_void()


def _total(b: ir.IRBuilder, lanes: Any) -> Any:
    """The sum of all lanes, by halves."""
    while lanes.type.count > 1:
        half = lanes.type.count // 2
        lanes = b.fadd(chosen(b, lanes, range(half)), chosen(b, lanes, range(half, 2 * half)))
    return b.extract_element(lanes, ir.Constant(I32, 0))
