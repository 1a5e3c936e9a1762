"""The host's queue and its main thread: one job at a time, whoever asked for it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from modules import progress, shared
from modules.call_queue import queue_lock

from lib_adcopy.hosts.threads import called_by, on_asking_thread

T = TypeVar("T")
# How long the thread that waits for a stop outlives its picture; a stop itself wakes it at once.
_STOP_SECONDS = 1.0


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
def interrupted_by(stop: threading.Event) -> Iterator[None]:
    """While a picture is drawn: passes our own stop on to the host, in the step at work."""
    ended, lock = threading.Event(), threading.Lock()

    def pass_on() -> None:
        while not ended.is_set():
            if not stop.wait(_STOP_SECONDS):
                continue
            with lock:
                # Once: some hosts write a line into their log each time. And never into the next one's picture.
                if not ended.is_set():
                    shared.state.interrupt()
            return

    threading.Thread(target=pass_on, name="adcopy-stop", daemon=True).start()
    try:
        yield
    finally:
        with lock:
            ended.set()


def on_drawing_thread(work: Callable[[], T]) -> T:
    """Runs `work` where the host draws its own pictures: Forge and reForge on their main thread, the others on the
    thread of whoever pressed the button."""
    try:
        from modules_forge import main_thread
    except ImportError:
        return on_asking_thread(work)
    if threading.current_thread() is threading.main_thread():
        return work()
    # Their runner answers None for an error and keeps it to itself.
    return called_by(main_thread.run_and_wait_result, work)
