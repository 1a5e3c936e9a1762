"""The threads that torch itself computes with, for products of our own.

torch's wait for work in a loop for some milliseconds, and threads of ours beside them would take their cores. On Linux
the OpenMP that torch has loaded (gcc's; Intel's and LLVM's too know its functions) is called as compiled code calls it:
GOMP_parallel of gcc's libgomp ABI. Elsewhere a pool of Python's has to do.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_LIBRARY = re.compile(r"/\S*/lib(?:gomp|iomp5|omp)\b[^/\s]*$", re.MULTILINE)
_MAPS = Path("/proc/self/maps")


@functools.cache
def openmp() -> ctypes.CDLL | None:
    """The OpenMP that torch has loaded; None where there is none of this kind."""
    if not _MAPS.is_file():
        return None
    paths = sorted(set(_LIBRARY.findall(_MAPS.read_text(errors="replace"))), key=lambda path: "/torch" not in path)
    for path in paths:
        library = ctypes.CDLL(path)
        if hasattr(library, "GOMP_parallel"):
            library.GOMP_parallel.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint)
            library.GOMP_parallel.restype = None
            return library
    return None


def address(function: Any) -> int:
    """Of a function of a library."""
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def split(call: Callable[[int, int], object], first: int, last: int, threads: int) -> None:
    """call(first, last) in as many parts, one of them on this thread and the others on a pool's."""
    bounds = [first + (last - first) * part // threads for part in range(threads + 1)]
    own, *parts = itertools.pairwise(bounds)
    others = [_pool().submit(call, *part) for part in parts]
    call(*own)
    for other in others:
        other.result()


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="adcopy-product")
