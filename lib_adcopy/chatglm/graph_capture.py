"""Records work on a GPU as a CUDA graph, beside a webui whose other threads use the same GPU."""

from __future__ import annotations

import gc
import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

_log = logging.getLogger("adcopy.chatglm")


def captures_by_thread() -> bool:
    """Return whether this torch can capture while other threads use the GPU; 2.0 cannot."""
    try:
        return "capture_error_mode" in inspect.signature(torch.cuda.CUDAGraph.capture_begin).parameters
    except (TypeError, ValueError):
        return False


def record(work: Callable[[], None], device: torch.device) -> torch.cuda.CUDAGraph:
    """Record what `work` launches, without running it. Raises RuntimeError where the driver refuses.

    Not torch.cuda.graph, which collects garbage and empties the host's cache; thread_local, because the webui's other
    threads may allocate GPU memory meanwhile.
    """
    graph, side = torch.cuda.CUDAGraph(), torch.cuda.Stream(device)
    current = torch.cuda.current_stream(device)
    side.wait_stream(current)
    try:
        with torch.cuda.stream(side), _without_garbage_collection():
            graph.capture_begin(capture_error_mode="thread_local")
            try:
                work()
            finally:
                graph.capture_end()
    except RuntimeError:
        _end_allocation_to_pool(graph, device)
        raise
    finally:
        current.wait_stream(side)
    return graph


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Collect no garbage in the block: a tensor or graph freed while capturing ends the capture."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _end_allocation_to_pool(graph: torch.cuda.CUDAGraph, device: torch.device) -> None:
    """End what a failed capture_end leaves: the allocator takes itself to be capturing, and empty_cache asserts.

    torch has no public function for it; the private one has had two names.
    """
    names = ("_cuda_endAllocateToPool", "_cuda_endAllocateCurrentStreamToPool")
    end = next((found for name in names if (found := getattr(torch._C, name, None))), None)
    if end is None:
        return
    try:
        pool = graph.pool()
        end(device.index if device.index is not None else torch.cuda.current_device(), pool)
    except (RuntimeError, TypeError) as error:
        # The pool had been ended: the capture failed before it began, or only after its end.
        _log.debug("the capture's pool was not open: %s", error)
