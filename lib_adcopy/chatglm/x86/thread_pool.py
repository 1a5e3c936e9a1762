"""Threads for products of our own, beside those that torch computes with.

torch's own, of OpenMP, wait in a loop for some milliseconds after each operation and hold their cores meanwhile, so in
a step of small operations torch does them on one thread. Its threads for the products too are a little faster on an
idle machine and several times slower on a busy one, where all of them wait for the one whose core another program has.
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
# How many times a thread looks for work before it sleeps: some tenths of a millisecond, longer than it takes torch to
# get from one product of a step to the next.
_PATIENCE = 10_000
# Parts for each thread: the last to end is then not far behind.
_PARTS = 4
_BOX = ctypes.c_int64 * 16
_Native = Callable[[object, int], None]


class Team:
    """A box (sharing.py) and the threads that serve it; `offer` and `serve` are its two functions."""

    def __init__(self, offer: _Native, serve: _Native) -> None:
        self._offer, self._serve = offer, serve
        self._box = _BOX()
        self._offering = threading.Lock()
        self._calls: list[threading.Event] = []

    def run(self, kind: int, arguments: Sequence[int], units: int, *, worth: int) -> None:
        """The function of that kind for all units, by as many threads as torch has and in at most `worth` parts."""
        threads = _held.threads or torch.get_num_threads()
        parts = max(min(threads * _PARTS, worth, units), 1) if threads > 1 else 1
        with self._offering:
            self._box[: 4 + len(arguments)] = [kind, units, 0, 0, *arguments]
            if parts > 1:
                self._call(threads - 1)
            self._offer(self._box, parts)

    def _call(self, count: int) -> None:
        while len(self._calls) < count:
            self._calls.append(threading.Event())
            threading.Thread(target=self._work, args=self._calls[-1:], name="adcopy-product", daemon=True).start()
        for call in self._calls[:count]:
            if not call.is_set():
                call.set()

    def _work(self, call: threading.Event) -> None:
        while True:
            call.wait()
            call.clear()
            self._serve(self._box, _PATIENCE)


class _Held(threading.local):
    """How many threads the products of this thread's step have, while torch has one; 0 outside."""

    threads = 0


_held = _Held()


@contextmanager
def torch_alone() -> Iterator[None]:
    """On this thread torch computes without its others, which products of our own go on using."""
    library = openmp()
    if library is None or _held.threads:
        yield
        return
    _held.threads = torch.get_num_threads()
    library.omp_set_num_threads(1)
    try:
        yield
    finally:
        library.omp_set_num_threads(_held.threads)
        _held.threads = 0


@functools.cache
def openmp() -> ctypes.CDLL | None:
    """The OpenMP that torch has loaded: gcc's, Intel's or LLVM's; None where it is not found."""
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
