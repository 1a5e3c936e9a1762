"""Long work on a thread of its own, its events read by the handler that shows them."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.threads import OneShotTask, bind_caller_thread

_log = logging.getLogger("adcopy.ui")
# A handler that waits no longer than this notices a closed page.
_PATIENCE_SECONDS = 0.25


@dataclass(frozen=True)
class Failed:
    """The work ended in this error, one the user can mend or one of ours."""

    error: Exception


@dataclass(frozen=True)
class Finished:
    result: Any


class Running:
    """Which browser tab is at what, so that its Interrupt stops its own work and nobody else's."""

    def __init__(self) -> None:
        self._stops: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def begin(self, session: str) -> threading.Event:
        """A stop for new work; what the session still had running is stopped."""
        stop = threading.Event()
        with self._lock:
            before, self._stops[session] = self._stops.get(session), stop
        if before is not None:
            before.set()
        return stop

    def end(self, session: str, stop: threading.Event) -> None:
        """Forgets work that is over, unless the session has begun other work since."""
        with self._lock:
            if self._stops.get(session) is stop:
                del self._stops[session]

    def is_busy(self, session: str) -> bool:
        """Whether the session has work that nobody has stopped."""
        with self._lock:
            running = self._stops.get(session)
        return running is not None and not running.is_set()

    def stop(self, session: str) -> bool:
        """Stops the session's work; whether there was any."""
        with self._lock:
            running = self._stops.get(session)
        if running is None or running.is_set():
            return False
        running.set()
        return True


def stream(work: Callable[[Callable[[Any], None]], Any], stop: threading.Event) -> Iterator[Any]:
    """Every event that `work` tells, then Finished or Failed. Closing the iterator sets `stop`.

    What the work wants done on the thread that asked for it is done by the thread that iterates.
    """
    events: queue.Queue[Any] = queue.Queue()
    closed = threading.Event()

    def run_here(wanted: Callable[[], None]) -> None:
        task = OneShotTask(wanted)
        events.put(task)
        task.wait(closed.is_set, _PATIENCE_SECONDS)

    def run() -> None:
        try:
            with bind_caller_thread(run_here):
                events.put(Finished(work(events.put)))
        except AdCopyError as error:
            events.put(Failed(error))
        except Exception as error:
            _log.exception("the work behind the tab failed")
            events.put(Failed(error))

    threading.Thread(target=run, name="adcopy", daemon=True).start()
    try:
        while True:
            try:
                event = events.get(timeout=_PATIENCE_SECONDS)
            except queue.Empty:
                continue
            for newest in _newest(event, events):
                if isinstance(newest, OneShotTask):
                    newest.run()
                    continue
                yield newest
                if isinstance(newest, Finished | Failed):
                    return
    finally:
        closed.set()
        stop.set()


def _newest(event: Any, events: queue.Queue[Any]) -> list[Any]:
    """Of events of one kind that piled up, only the last: a page cannot show more than one state at a time."""
    found = [event]
    while True:
        try:
            following = events.get_nowait()
        except queue.Empty:
            return found
        if type(following) is type(found[-1]) and _index(following) == _index(found[-1]):
            found[-1] = following
        else:
            found.append(following)


def _index(event: Any) -> int:
    return getattr(getattr(event, "draft", None), "index", 0)
