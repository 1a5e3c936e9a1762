"""Long work on a thread of its own: a page watches it, and it goes on without the page."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lib_adcopy.app.events import Drawing, Exporting, Loading, Writing
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.threads import OneShotTask, bind_caller_thread

_log = logging.getLogger("adcopy.ui")
# A watcher that waits no longer than this notices a closed page.
_PATIENCE_SECONDS = 0.25
# A page is told at most five times a second how far the work is.
_PACE_SECONDS = 0.2
# A watcher that was not seen for so long has gone: a server may keep its generator for a while.
_GONE_SECONDS = 5.0
# Ended work is kept for a page that comes back, of so many pages.
_ENDED_KEPT = 8
# Its number, when it was told, and the event.
_Told = tuple[int, float, Any]
_PROGRESS = (Writing, Drawing, Loading, Exporting)


@dataclass(frozen=True)
class Failed:
    """The work ended in this error, one the user can mend or one of ours."""

    error: Exception


@dataclass(frozen=True)
class Stopping:
    """Somebody asked the work to stop; it has not ended yet."""


@dataclass(frozen=True)
class Finished:
    """The work ended, with what it returned."""

    result: Any


class BackgroundJob:
    """One press's work. `on_end` is called on its thread when it is over, before a watcher is told.

    What the work wants done on the thread that asked for it is done by a thread that watches, where there is one.
    """

    def __init__(
        self,
        work: Callable[[Callable[[Any], None]], Any],
        stop: threading.Event,
        on_end: Callable[[BackgroundJob], None] = lambda job: None,
    ) -> None:
        self.stop = stop
        # Whether a page was shown its end.
        self.was_seen = False
        # What a page that comes later is shown; set by whoever knows how the work is shown.
        self.shown: Callable[[], Iterator[dict[str, Any]]] = lambda: iter(())
        # Called on the work's thread after its end, where no page was looking.
        self.on_unseen: Callable[[], None] = lambda: None
        self._work, self._on_end = work, on_end
        self._events: list[_Told] = []
        self._count = 0
        self._tasks: list[OneShotTask] = []
        self._changed = threading.Condition(threading.RLock())
        self._watchers: dict[int, float] = {}

    def start(self) -> None:
        """Begin the work."""
        threading.Thread(target=self._run, name="adcopy", daemon=True).start()

    @property
    def has_ended(self) -> bool:
        """Return whether the work is over, well or not."""
        with self._changed:
            return bool(self._events) and isinstance(self._events[-1][2], Failed | Finished)

    def tell_stopping(self) -> None:
        """Show that the work was asked to stop."""
        self._tell(Stopping())

    @property
    def is_watched(self) -> bool:
        """Return whether a page is looking."""
        now = time.monotonic()
        with self._changed:
            return any(now - seen < _GONE_SECONDS for seen in self._watchers.values())

    def watch(self) -> Iterator[Any]:
        """Yield every event from the beginning, of progress only the newest, until Finished or Failed."""
        for _, event in self.watch_timed():
            yield event

    def watch_timed(self) -> Iterator[tuple[float, Any]]:
        """Watch, with the time.monotonic() it was told at, however late it is looked at."""
        me, seen, paced = object(), 0, 0.0
        try:
            while True:
                tasks, events = self._wait(id(me), seen, paced)
                if events:
                    paced = time.monotonic() + _PACE_SECONDS
                for number, at, event in events:
                    seen = number
                    yield at, event
                    if isinstance(event, Failed | Finished):
                        # Whoever reads on has passed it to the page.
                        self.was_seen = True
                        return
                # After what was told before them.
                for task in tasks:
                    task.run()
        finally:
            with self._changed:
                self._watchers.pop(id(me), None)

    def _wait(self, watcher: int, seen: int, paced: float) -> tuple[list[OneShotTask], list[_Told]]:
        """Wait a moment for news; return what is to be done on the watcher's thread, and the events it may show now."""
        with self._changed:
            self._watchers[watcher] = time.monotonic()
            for _ in range(2):
                news = [told for told in self._events if told[0] > seen]
                left = paced - time.monotonic() if self._only_progress(news) else 0.0
                if self._tasks or (news and left <= 0):
                    tasks, self._tasks = self._tasks, []
                    return tasks, news
                self._changed.wait(min(left, _PATIENCE_SECONDS) if news else _PATIENCE_SECONDS)
            return [], []

    @staticmethod
    def _only_progress(events: list[_Told]) -> bool:
        return all(isinstance(event, _PROGRESS) for _, _, event in events)

    def _run(self) -> None:
        ended: Failed | Finished
        try:
            with bind_caller_thread(self._run_here):
                ended = Finished(self._work(self._tell))
        except AdCopyError as error:
            ended = Failed(error)
        except Exception as error:
            _log.exception("the work behind the tab failed")
            ended = Failed(error)
        self._on_end(self)
        was_watched = self.is_watched
        self._tell(ended)
        if not was_watched:
            self.on_unseen()

    def _run_here(self, wanted: Callable[[], None]) -> None:
        task = OneShotTask(wanted)
        with self._changed:
            self._tasks.append(task)
            self._changed.notify_all()
        task.wait(lambda: not self.is_watched, _PATIENCE_SECONDS)

    def _tell(self, event: Any) -> None:
        with self._changed:
            if self.has_ended:
                return
            self._count += 1
            if self._events and _is_newer(event, self._events[-1][2]):
                self._events.pop()
            self._events.append((self._count, time.monotonic(), event))
            self._changed.notify_all()


class Running:
    """Knows which browser tab is at what, so that its Stop stops its own work, and a page that comes back finds it."""

    def __init__(self) -> None:
        self._stops: dict[str, threading.Event] = {}
        self._jobs: OrderedDict[str, BackgroundJob] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, session: str) -> threading.Event:
        """Return a stop for new work; what the session still had running is stopped."""
        stop = threading.Event()
        with self._lock:
            before, self._stops[session] = self._stops.get(session), stop
        if before is not None:
            before.set()
        return stop

    def keep(self, session: str, job: BackgroundJob) -> None:
        """Remember a session's work for a page that comes back, in the place of its work before."""
        with self._lock:
            self._jobs[session] = job
            self._jobs.move_to_end(session)
            ended = [key for key, one in self._jobs.items() if one.has_ended]
            for key in ended[: max(0, len(ended) - _ENDED_KEPT)]:
                del self._jobs[key]

    def job(self, session: str) -> BackgroundJob | None:
        """Return the session's last work, None where there is none."""
        with self._lock:
            return self._jobs.get(session)

    def end(self, session: str, stop: threading.Event) -> None:
        """Forget work that is over, unless the session has begun other work since."""
        with self._lock:
            if self._stops.get(session) is stop:
                del self._stops[session]

    def is_busy(self, session: str) -> bool:
        """Return whether the session has work that nobody has stopped."""
        with self._lock:
            running = self._stops.get(session)
        return running is not None and not running.is_set()

    def stop(self, session: str) -> bool:
        """Stop the session's work; return whether there was any."""
        with self._lock:
            running, job = self._stops.get(session), self._jobs.get(session)
        if running is None or running.is_set():
            # Asked before, and not over yet.
            return running is not None and job is not None and not job.has_ended
        running.set()
        if job is not None and job.stop is running:
            job.tell_stopping()
        return True


def _is_newer(event: Any, before: Any) -> bool:
    """Return whether `event` says the same as `before`, later: a page cannot show more than one state at a time."""
    return isinstance(event, _PROGRESS) and type(event) is type(before) and _index(event) == _index(before)


def _index(event: Any) -> int:
    return getattr(getattr(event, "draft", None), "index", 0)
