"""Work shared by threads, in LLVM's language: parts of one piece of work are taken from a box until none is left.

Whoever offers work takes parts of it too and waits only for those that others have begun, so that a thread whose core
another program has delays nobody. A box is 64-bit numbers: which function, its units, TICKET, how many parts are done,
and from ARGUMENTS on what the function is called with. A ticket is the number of parts in its upper half and the next
part in its lower: who adds one has taken that part, if there is one, and the box stays as it is until it is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir

from lib_adcopy.chatglm.x86.vectors import I64, call, function, load, loop, number

KIND, UNITS, TICKET, DONE, ARGUMENTS = range(5)
_HALF = 32


def write_sharing(module: ir.Module, functions: Sequence[ir.Function]) -> None:
    """offer(box; parts): all of the work; serve(box; patience): parts of any work that comes, until there was none for
    so many looks. `functions` by their kind: pointers, numbers, and last the first and the last of their units.
    """
    _write_take(module, functions)
    _write_offer(module)
    _write_serve(module)


def _write_take(module: ir.Module, functions: Sequence[ir.Function]) -> None:
    """take(box): parts until none is left."""
    b, given = function(module, "take", ("box",), ())
    looking, end = b.append_basic_block(), b.append_basic_block()
    b.branch(looking)
    b.position_at_end(looking)
    ticket = b.atomic_rmw("add", _place(b, given["box"], TICKET), number(1), "acq_rel")
    parts, part = _parts(b, ticket)
    working = b.append_basic_block()
    b.cbranch(b.icmp_unsigned("<", part, parts), working, end)
    b.position_at_end(working)
    units = load(b, given["box"], number(8 * UNITS), I64)
    bounds = [b.udiv(b.mul(units, each), parts) for each in (part, b.add(part, number(1)))]
    done, kinds = b.append_basic_block(), [b.append_basic_block() for _ in functions]
    choice = b.switch(load(b, given["box"], number(8 * KIND), I64), done)
    for kind, (block, called) in enumerate(zip(kinds, functions, strict=True)):
        choice.add_case(number(kind), block)
        b.position_at_end(block)
        b.call(called, [*_arguments(b, given["box"], called), *bounds])
        b.branch(done)
    b.position_at_end(done)
    b.atomic_rmw("add", _place(b, given["box"], DONE), number(1), "release")
    b.branch(looking)
    b.position_at_end(end)
    b.ret_void()


def _arguments(b: ir.IRBuilder, box: Any, called: ir.Function) -> list[Any]:
    """All but the bounds."""
    held = []
    for at, argument in enumerate(called.args[:-2]):
        value = load(b, box, number(8 * (ARGUMENTS + at)), I64)
        held.append(b.inttoptr(value, argument.type) if isinstance(argument.type, ir.PointerType) else value)
    return held


def _write_offer(module: ir.Module) -> None:
    b, given = function(module, "offer", ("box",), ("parts",))
    b.store_atomic(number(0), _place(b, given["box"], DONE), "release", 8)
    b.store_atomic(b.shl(given["parts"], number(_HALF)), _place(b, given["box"], TICKET), "release", 8)
    b.call(module.globals["take"], [given["box"]])
    waiting, end = b.append_basic_block(), b.append_basic_block()
    b.branch(waiting)
    b.position_at_end(waiting)
    _pause(b)
    done = b.load_atomic(_place(b, given["box"], DONE), "acquire", 8)
    b.cbranch(b.icmp_unsigned("<", done, given["parts"]), waiting, end)
    b.position_at_end(end)
    b.ret_void()


def _write_serve(module: ir.Module) -> None:
    b, given = function(module, "serve", ("box",), ("patience",))

    def look(_: Any, __: Any) -> Sequence[Any]:
        parts, part = _parts(b, b.load_atomic(_place(b, given["box"], TICKET), "acquire", 8))
        with b.if_then(b.icmp_unsigned("<", part, parts)):
            b.call(module.globals["take"], [given["box"]])
        _pause(b)
        return ()

    loop(b, number(0), given["patience"], 1, look)
    b.ret_void()


def _parts(b: ir.IRBuilder, ticket: Any) -> tuple[Any, Any]:
    """How many there are, and the next."""
    return b.lshr(ticket, number(_HALF)), b.and_(ticket, number(2**_HALF - 1))


def _place(b: ir.IRBuilder, box: Any, at: int) -> Any:
    return b.bitcast(b.gep(box, [number(8 * at)]), I64.as_pointer())


def _pause(b: ir.IRBuilder) -> None:
    call(b, "llvm.x86.sse2.pause", ir.VoidType())
