"""Long work of the library on threads of its own: it outlives the page that began it, and a second press joins it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.progress import Progress, Tell

_log = logging.getLogger("adcopy.library")
Work = Callable[[Tell, threading.Event], Path | None]


class Job:
    """`progress` is the latest; once `finished`, `path` is what came of it (None where it was stopped) or `error` why
    nothing did."""

    def __init__(self) -> None:
        self.progress = Progress("listing")
        self.stop, self.finished = threading.Event(), threading.Event()
        self.path: Path | None = None
        self.error: Exception | None = None

    def tell(self, progress: Progress) -> None:
        self.progress = progress


class Jobs:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Job] = {}

    def begin(self, what: str, work: Work) -> Job:
        """Starts `work`, or gives the job that is at `what` already."""
        with self._lock:
            job = self._running.get(what)
            if job is None or job.finished.is_set():
                job = self._running[what] = Job()
                threading.Thread(target=_run, args=(job, work), name="adcopy-library", daemon=True).start()
            return job

    def stop(self) -> bool:
        """Stops everything; whether there was anything."""
        with self._lock:
            running = [job for job in self._running.values() if not job.finished.is_set()]
        for job in running:
            job.stop.set()
        return bool(running)


def _run(job: Job, work: Work) -> None:
    try:
        job.path = work(job.tell, job.stop)
    except AdCopyError as error:
        job.error = error
    except Exception as error:
        _log.exception("the library's work failed")
        job.error = error
    finally:
        job.finished.set()
