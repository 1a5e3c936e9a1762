"""Threads for our own products, beside those that torch computes with.

torch's OpenMP threads spin for some milliseconds after each operation and hold their cores meanwhile, so a step of
small operations runs on one torch thread. Using torch's threads for the products too is a little faster on an idle
machine and several times slower on a busy one, where all of them wait for the one whose core another program has.
"""

from __future__ import annotations

import ctypes
import functools
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch

_LIBRARY = re.compile(r"/\S*/lib(?:gomp|iomp5|omp)\b[^/\s]*$", re.MULTILINE)
_MAPS = Path("/proc/self/maps")
# How often a thread polls for work before it sleeps: some tenths of a millisecond, longer than torch needs from one
# product of a step to the next.
_POLLS = 10_000
# Parts for each thread, so that the last one ends soon after the first.
_PARTS_PER_THREAD = 4
_TaskRecord = ctypes.c_int64 * 16
_Native = Callable[[object, int], None]


class ThreadPool:
    """Threads that share one task record; `submit` and `worker_loop` are the compiled functions of task_sharing.py."""

    def __init__(self, submit: _Native, worker_loop: _Native) -> None:
        self._submit, self._worker_loop = submit, worker_loop
        self._record = _TaskRecord()
        self._lock = threading.Lock()
        self._wake_events: list[threading.Event] = []

    def run(self, kind: int, arguments: Sequence[int], units: int, *, max_parts: int) -> None:
        """Run the function of that kind for all units, in at most `max_parts` parts on as many threads as torch has."""
        threads = _product_threads.count or torch.get_num_threads()
        parts = max(min(threads * _PARTS_PER_THREAD, max_parts, units), 1) if threads > 1 else 1
        with self._lock:
            self._record[: 4 + len(arguments)] = [kind, units, 0, 0, *arguments]
            if parts > 1:
                self._wake(threads - 1)
            self._submit(self._record, parts)

    def _wake(self, count: int) -> None:
        while len(self._wake_events) < count:
            self._wake_events.append(threading.Event())
            worker = threading.Thread(
                target=self._work, args=self._wake_events[-1:], name="adcopy-product", daemon=True
            )
            worker.start()
        for event in self._wake_events[:count]:
            if not event.is_set():
                event.set()

    def _work(self, wake: threading.Event) -> None:
        while True:
            wake.wait()
            wake.clear()
            self._worker_loop(self._record, _POLLS)


class _ProductThreads(threading.local):
    """The number of threads for this thread's products while torch computes on one; 0 otherwise."""

    count = 0


_product_threads = _ProductThreads()


@contextmanager
def single_torch_thread() -> Iterator[None]:
    """Limit torch to one thread on this thread; our own products go on using all."""
    library = find_openmp()
    if library is None or _product_threads.count:
        yield
        return
    _product_threads.count = torch.get_num_threads()
    library.omp_set_num_threads(1)
    try:
        yield
    finally:
        library.omp_set_num_threads(_product_threads.count)
        _product_threads.count = 0


@functools.cache
def find_openmp() -> ctypes.CDLL | None:
    """Return the OpenMP library that torch has loaded (gcc's, Intel's or LLVM's); None where it is not found."""
    if sys.platform == "win32":
        paths = ["libiomp5md"]
    else:
        found = set(_LIBRARY.findall(_MAPS.read_text(errors="replace"))) if _MAPS.is_file() else set()
        paths = sorted(found, key=lambda path: "/torch" not in path)
    for path in paths:
        try:
            library = ctypes.CDLL(path)
            library.omp_set_num_threads.argtypes = (ctypes.c_int,)
        except (OSError, AttributeError):
            continue
        return library
    return None
