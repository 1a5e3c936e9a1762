"""The thread that asked for a piece of work, lent to the thread that does it.

torch keeps what makes it quick by the thread: a processor's crew, a card's plans for convolutions. A picture drawn on a
thread that draws the webui's own pictures finds them ready; small ones on a new thread were seen to take twice as long.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
# Calls what it is given, on the thread that asked, and returns when that is done.
Lent = Callable[[Callable[[], None]], None]
_LENT: ContextVar[Lent | None] = ContextVar("adcopy_asking_thread", default=None)


@contextmanager
def asked_by(lent: Lent) -> Iterator[None]:
    """Within it, on this thread, `on_asking_thread` has a thread to go to."""
    token = _LENT.set(lent)
    try:
        yield
    finally:
        _LENT.reset(token)


def on_asking_thread(work: Callable[[], T]) -> T:
    """What `work` gives or raises, done by whoever asked for it; here where nobody lent a thread."""
    lent = _LENT.get()
    return work() if lent is None else called_by(lent, work)


def called_by(run: Callable[[Callable[[], None]], object], work: Callable[[], T]) -> T:
    """What `work` gives or raises when `run` calls it, on whichever thread that is; `run` itself need give nothing."""
    outcome: list[T] = []
    raised: list[BaseException] = []

    def boxed() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            raised.append(error)

    run(boxed)
    if raised:
        raise raised[0]
    return outcome[0]


class Errand:
    """Work for another thread, done once: by that thread, or by the one that wants it where the other has gone."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._taken = threading.Lock()
        self._done = threading.Event()

    def do(self) -> None:
        """Does it, unless somebody does already."""
        if self._taken.acquire(blocking=False):
            try:
                self._work()
            finally:
                self._done.set()

    def wait(self, gone: Callable[[], bool], every_seconds: float) -> None:
        """Until it is done; done here as soon as the other thread is `gone`."""
        while not self._done.wait(every_seconds):
            if gone():
                self.do()
