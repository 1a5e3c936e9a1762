"""Long work of the library on threads of its own: it outlives the page that began it, and a second press joins it."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.model_library.addresses import without_secrets
from lib_adcopy.model_library.progress import OnProgress, WorkProgress

_log = logging.getLogger("adcopy.library")
Work = Callable[[OnProgress, threading.Event], Path | None]


class LibraryTask:
    """One piece of work: `progress` is the latest, `notes` are what the user should know of it.

    Once `finished` is set, `path` is the result (None where it was stopped) or `error` says why there is none.
    """

    def __init__(self) -> None:
        self.progress = WorkProgress("listing")
        self.notes: list[Message] = []
        self.stop, self.finished = threading.Event(), threading.Event()
        self.path: Path | None = None
        self.error: Exception | None = None

    def report(self, progress: WorkProgress) -> None:
        self.progress = progress
        if progress.note is not None and progress.note not in self.notes:
            self.notes.append(progress.note)


class LibraryTasks:
    """The tasks that are running, by what they work on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tasks: dict[str, LibraryTask] = {}

    def begin(self, key: str, work: Work) -> LibraryTask:
        """Start `work` on a thread, or return the task that works on `key` already."""
        with self._lock:
            task = self._tasks.get(key)
            if task is None or task.finished.is_set():
                task = self._tasks[key] = LibraryTask()
                threading.Thread(target=_run, args=(task, work), name="adcopy-library", daemon=True).start()
            return task

    def stop(self) -> bool:
        """Stop every running task; tells whether there was one."""
        with self._lock:
            running = [task for task in self._tasks.values() if not task.finished.is_set()]
        for task in running:
            task.stop.set()
        return bool(running)


def _run(task: LibraryTask, work: Work) -> None:
    try:
        task.path = work(task.report, task.stop)
    except AdCopyError as error:
        task.error = error
    except Exception as error:
        # Libraries put whole URLs, with their tokens, into their messages.
        _log.error("the library's work failed\n%s", without_secrets(traceback.format_exc()))
        task.error = error
    finally:
        task.finished.set()
