"""Work done on the thread of the caller who asked for it, by a worker thread.

torch keeps some speed-ups per thread: a CPU's OpenMP threads, a GPU's convolution plans. A picture drawn on a thread
that draws the webui's own pictures finds them ready; small ones on a new thread were seen to take twice as long.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
# Runs what it is given on the caller's thread and returns when that is done.
CallerThread = Callable[[Callable[[], None]], None]
_CALLER_THREAD: ContextVar[CallerThread | None] = ContextVar("adcopy_caller_thread", default=None)


@contextmanager
def bind_caller_thread(run: CallerThread) -> Iterator[None]:
    """Let `run_on_caller_thread`, called on this thread inside the block, use the caller's thread."""
    token = _CALLER_THREAD.set(run)
    try:
        yield
    finally:
        _CALLER_THREAD.reset(token)


def run_on_caller_thread(work: Callable[[], T]) -> T:
    """Return what `work` returns, or raise what it raises, run on the caller's thread; on this one if none is bound."""
    run = _CALLER_THREAD.get()
    return work() if run is None else run_and_return(run, work)


def run_and_return(run: Callable[[Callable[[], None]], object], work: Callable[[], T]) -> T:
    """Return or raise the outcome of `work`, which `run` calls on any thread; what `run` itself returns is ignored."""
    outcome: list[T] = []
    raised: list[BaseException] = []

    def record() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            raised.append(error)

    run(record)
    if raised:
        raise raised[0]
    return outcome[0]


class OneShotTask:
    """Work for another thread, done once: by that thread, or by the waiting one if the other has ended."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._claimed = threading.Lock()
        self._done = threading.Event()

    def run(self) -> None:
        """Do the work, unless another thread has begun it."""
        if self._claimed.acquire(blocking=False):
            try:
                self._work()
            finally:
                self._done.set()

    def wait(self, has_ended: Callable[[], bool], poll_seconds: float) -> None:
        """Wait until it is done; do it here as soon as the other thread `has_ended`."""
        while not self._done.wait(poll_seconds):
            if has_ended():
                self.run()
