"""Task sharing between threads as LLVM IR: threads take parts of one task from a task record until none is left.

The submitting thread takes parts too and waits only for those that others have begun, so a thread whose core another
program has delays nobody. A task record is an array of 64-bit numbers: the function's kind, its units, TICKET, the
number of finished parts, and from ARGUMENTS on the function's arguments. A ticket has the number of parts in its upper
half and the next part in its lower half: adding one takes that part, if there is one. The record does not change until
the task is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir

from lib_adcopy.chatglm.x86.vectors import I64, call, function, i64, load, loop

KIND, UNITS, TICKET, DONE, ARGUMENTS = range(5)
_HALF = 32


def write_task_sharing(module: ir.Module, functions: Sequence[ir.Function]) -> None:
    """Emit submit(record; parts), which returns when the whole task is done, and worker_loop(record; polls).

    The loop works on parts of any task until it has found none so many times. `functions` by their kind take pointers,
    numbers, and last the first and the last of their units.
    """
    _write_take_parts(module, functions)
    _write_submit(module)
    _write_worker_loop(module)


def _write_take_parts(module: ir.Module, functions: Sequence[ir.Function]) -> None:
    """Emit take_parts(record): works on parts until none is left."""
    b, arguments = function(module, "take_parts", ("record",), ())
    taking, end = b.append_basic_block(), b.append_basic_block()
    b.branch(taking)
    b.position_at_end(taking)
    ticket = b.atomic_rmw("add", _field(b, arguments["record"], TICKET), i64(1), "acq_rel")
    parts, part = _parts(b, ticket)
    working = b.append_basic_block()
    b.cbranch(b.icmp_unsigned("<", part, parts), working, end)
    b.position_at_end(working)
    units = load(b, arguments["record"], i64(8 * UNITS), I64)
    bounds = [b.udiv(b.mul(units, each), parts) for each in (part, b.add(part, i64(1)))]
    done, kinds = b.append_basic_block(), [b.append_basic_block() for _ in functions]
    choice = b.switch(load(b, arguments["record"], i64(8 * KIND), I64), done)
    for kind, (block, called) in enumerate(zip(kinds, functions, strict=True)):
        choice.add_case(i64(kind), block)
        b.position_at_end(block)
        b.call(called, [*_load_arguments(b, arguments["record"], called), *bounds])
        b.branch(done)
    b.position_at_end(done)
    b.atomic_rmw("add", _field(b, arguments["record"], DONE), i64(1), "release")
    b.branch(taking)
    b.position_at_end(end)
    b.ret_void()


def _load_arguments(b: ir.IRBuilder, record: Any, called: ir.Function) -> list[Any]:
    """Load all arguments but the bounds."""
    values = []
    for at, argument in enumerate(called.args[:-2]):
        value = load(b, record, i64(8 * (ARGUMENTS + at)), I64)
        values.append(b.inttoptr(value, argument.type) if isinstance(argument.type, ir.PointerType) else value)
    return values


def _write_submit(module: ir.Module) -> None:
    b, arguments = function(module, "submit", ("record",), ("parts",))
    b.store_atomic(i64(0), _field(b, arguments["record"], DONE), "release", 8)
    b.store_atomic(b.shl(arguments["parts"], i64(_HALF)), _field(b, arguments["record"], TICKET), "release", 8)
    b.call(module.globals["take_parts"], [arguments["record"]])
    waiting, end = b.append_basic_block(), b.append_basic_block()
    b.branch(waiting)
    b.position_at_end(waiting)
    _pause(b)
    done = b.load_atomic(_field(b, arguments["record"], DONE), "acquire", 8)
    b.cbranch(b.icmp_unsigned("<", done, arguments["parts"]), waiting, end)
    b.position_at_end(end)
    b.ret_void()


def _write_worker_loop(module: ir.Module) -> None:
    b, arguments = function(module, "worker_loop", ("record",), ("polls",))

    def poll(_: Any, __: Any) -> Sequence[Any]:
        parts, part = _parts(b, b.load_atomic(_field(b, arguments["record"], TICKET), "acquire", 8))
        with b.if_then(b.icmp_unsigned("<", part, parts)):
            b.call(module.globals["take_parts"], [arguments["record"]])
        _pause(b)
        return ()

    loop(b, i64(0), arguments["polls"], 1, poll)
    b.ret_void()


def _parts(b: ir.IRBuilder, ticket: Any) -> tuple[Any, Any]:
    """Return the number of parts and the next part."""
    return b.lshr(ticket, i64(_HALF)), b.and_(ticket, i64(2**_HALF - 1))


def _field(b: ir.IRBuilder, record: Any, at: int) -> Any:
    return b.bitcast(b.gep(record, [i64(8 * at)]), I64.as_pointer())


def _pause(b: ir.IRBuilder) -> None:
    call(b, "llvm.x86.sse2.pause", ir.VoidType())
