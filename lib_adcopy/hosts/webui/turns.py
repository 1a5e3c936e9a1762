"""The host's queue and its main thread: one job at a time, whoever asked for it."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from modules import progress, shared
from modules.call_queue import queue_lock

from lib_adcopy.hosts.base import DrawProgress

T = TypeVar("T")
# Less than a step takes, so that one is stopped in it; a page need not hear of progress as often.
_LOOK_SECONDS = 0.02
_TELL_SECONDS = 0.2


def new_task() -> str:
    """An id of the form the webui's progress bar asks for."""
    return f"task(adcopy-{uuid.uuid4().hex})"


def busy() -> bool:
    """Whether someone's job is running now."""
    return bool(shared.state.job)


@contextmanager
def turn(task_id: str, *, queued: Callable[[], None] | None = None) -> Iterator[None]:
    """Holds the queue as the webui's own buttons do, so that its progress bar and its Interrupt know the job.

    `queued` is called once the task can be asked about and before it waits. The lock is not re-entrant.
    """
    progress.add_task_to_queue(task_id)
    if queued:
        queued()
    with queue_lock:
        state = shared.state
        state.begin(job=task_id)
        progress.start_task(task_id)
        try:
            yield
        finally:
            progress.finish_task(task_id)
            state.end()
            # The webui's own wrapper clears these too: a flag left standing would stop the next user's picture.
            state.skipped = state.interrupted = state.stopping_generation = False


class LanguageModelTurn:
    """A turn in which a language model writes: `step` is its n-th token."""

    def step(self, n: int) -> None:
        shared.state.sampling_step = n

    @property
    def stopped(self) -> bool:
        return bool(shared.state.interrupted)


@contextmanager
def language_model_turn(title: str, task_id: str, steps: int) -> Iterator[LanguageModelTurn]:
    with turn(task_id or new_task()):
        shared.state.job_count = 1
        shared.state.sampling_steps = steps
        shared.state.textinfo = title
        yield LanguageModelTurn()


@contextmanager
def watched(on_progress: Callable[[DrawProgress], None], stop: threading.Event) -> Iterator[None]:
    """While a picture is drawn: tells how far it is, and passes our own stop on to the host."""
    done = threading.Event()

    def look() -> None:
        told, last = 0.0, None
        while not done.wait(_LOOK_SECONDS):
            # Once: some hosts write a line into their log each time.
            if stop.is_set() and not shared.state.interrupted:
                shared.state.interrupt()
            if time.monotonic() - told >= _TELL_SECONDS and (now := _progress()) != last:
                told, last = time.monotonic(), now
                on_progress(now)

    watcher = threading.Thread(target=look, name="adcopy-progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def on_main_thread(work: Callable[[], T]) -> T:
    """Runs `work` where the host wants its model touched: Forge and reForge on their main thread, the others here.

    Their runner answers None for an error and keeps it to itself, so outcome and error travel in a box of ours.
    """
    try:
        from modules_forge import main_thread
    except ImportError:
        return work()
    if threading.current_thread() is threading.main_thread():
        return work()
    outcome: list[T] = []
    raised: list[BaseException] = []

    def boxed() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            raised.append(error)

    main_thread.run_and_wait_result(boxed)
    if raised:
        raise raised[0]
    return outcome[0]


def _progress() -> DrawProgress:
    """As the webui's own progress bar counts: whole jobs done, and steps of the one at work."""
    state: Any = shared.state
    step, steps, jobs = int(state.sampling_step or 0), int(state.sampling_steps or 0), int(state.job_count or 0)
    fraction = 0.0
    if jobs > 0:
        fraction += int(state.job_no or 0) / jobs
        if steps > 0:
            fraction += step / steps / jobs
    return DrawProgress(min(max(fraction, 0.0), 1.0), step, steps)
