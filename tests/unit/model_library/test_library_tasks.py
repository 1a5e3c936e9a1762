"""Long work outlives whoever began it, is never begun twice, and logs no token."""

from __future__ import annotations

import threading
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.progress import WorkProgress
from lib_adcopy.model_library.tasks import LibraryTasks


def test_a_second_press_joins_and_stop_ends_it():
    tasks, begun = LibraryTasks(), []

    def work(on_progress, stop):
        begun.append(threading.current_thread())
        on_progress(WorkProgress("fetching", 1, 2))
        stop.wait(10)

    task = tasks.begin("fetch x", work)
    assert tasks.begin("fetch x", work) is task
    other = tasks.begin("fetch y", work)
    assert other is not task
    assert tasks.stop()
    assert task.finished.wait(10)
    assert other.finished.wait(10)
    assert (task.path, task.error) == (None, None)
    assert task.progress.fraction == 0.5
    assert len(begun) == 2
    assert not tasks.stop()


def test_one_that_is_over_can_be_begun_again_and_says_what_came_of_it():
    tasks = LibraryTasks()

    def fails(on_progress, stop):
        raise AdCopyError("model_library.shared")

    failed = tasks.begin("x", fails)
    assert failed.finished.wait(10)
    assert failed.error.code == "model_library.shared"
    again = tasks.begin("x", lambda on_progress, stop: Path("made"))
    assert again.finished.wait(10)
    assert again.path == Path("made")


def test_an_error_that_names_a_url_is_logged_without_its_query(caplog):
    def fails(on_progress, stop):
        raise RuntimeError("404 for url: https://me:secret@hub.example/a/b.bin?token=secret&X-Amz-Signature=secret#secret")

    task = LibraryTasks().begin("x", fails)
    assert task.finished.wait(10)
    assert "https://hub.example/a/b.bin" in caplog.text
    assert "secret" not in caplog.text
