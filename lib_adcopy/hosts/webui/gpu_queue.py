"""The webui's queue and its main thread: one job at a time, whoever asked for it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from modules import progress, shared
from modules.call_queue import queue_lock

from lib_adcopy.hosts.threads import run_and_return, run_on_caller_thread

T = TypeVar("T")
# How long the thread that waits for a stop outlives its picture; a stop itself wakes it at once.
_STOP_SECONDS = 1.0


class WebuiJob:
    """Our turn in the queue."""

    def report_step(self, number: int) -> None:
        shared.state.sampling_step = number

    @property
    def is_interrupted(self) -> bool:
        return bool(shared.state.interrupted)


@contextmanager
def held(
    *, task_id: str = "", title: str = "", steps: int = 0, on_queued: Callable[[bool], None] | None = None
) -> Iterator[WebuiJob]:
    """Hold the queue as the webui's own buttons do, so that its progress bar and its Interrupt know the job.

    See GpuQueue.held. The webui's lock is not re-entrant.
    """
    task_id = task_id or f"task(adcopy-{uuid.uuid4().hex})"
    progress.add_task_to_queue(task_id)
    if on_queued:
        on_queued(bool(shared.state.job))
    with queue_lock:
        state = shared.state
        state.begin(job=task_id)
        progress.start_task(task_id)
        try:
            if title:
                state.job_count, state.sampling_steps, state.textinfo = 1, steps, title
            yield WebuiJob()
        finally:
            progress.finish_task(task_id)
            state.end()
            # The webui's own wrapper clears these too: a flag left set would stop the next user's picture.
            state.skipped = state.interrupted = state.stopping_generation = False


@contextmanager
def interrupted_by(stop: threading.Event) -> Iterator[None]:
    """Interrupt the webui's run in the block once `stop` is set."""
    ended, lock = threading.Event(), threading.Lock()

    def wait_for_stop() -> None:
        while not ended.is_set():
            if not stop.wait(_STOP_SECONDS):
                continue
            with lock:
                # Once, as some webuis write a line into their log each time, and never in the next user's run.
                if not ended.is_set():
                    shared.state.interrupt()
            return

    threading.Thread(target=wait_for_stop, name="adcopy-stop", daemon=True).start()
    try:
        yield
    finally:
        with lock:
            ended.set()


def run_on_drawing_thread(work: Callable[[], T]) -> T:
    """Run `work` where the webui draws: on Forge's and reForge's main thread, elsewhere on the button's thread."""
    try:
        from modules_forge import main_thread
    except ImportError:
        return run_on_caller_thread(work)
    if threading.current_thread() is threading.main_thread():
        return work()
    # Their runner answers None for an error and swallows it.
    return run_and_return(main_thread.run_and_wait_result, work)
