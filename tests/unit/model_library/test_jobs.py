"""Long work outlives whoever began it, and is never begun twice."""

from __future__ import annotations

import threading
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.jobs import Jobs
from lib_adcopy.model_library.progress import Progress


def test_a_second_press_joins_and_stop_ends_it():
    jobs, begun = Jobs(), []

    def work(tell, stop):
        begun.append(threading.current_thread())
        tell(Progress("fetching", 1, 2))
        stop.wait(10)

    job = jobs.begin("fetch x", work)
    assert jobs.begin("fetch x", work) is job
    other = jobs.begin("fetch y", work)
    assert other is not job
    assert jobs.stop()
    assert job.finished.wait(10)
    assert other.finished.wait(10)
    assert (job.path, job.error) == (None, None)
    assert job.progress.fraction == 0.5
    assert len(begun) == 2
    assert not jobs.stop()


def test_one_that_is_over_can_be_begun_again_and_says_what_came_of_it():
    jobs = Jobs()

    def fails(tell, stop):
        raise AdCopyError("model_library.shared")

    failed = jobs.begin("x", fails)
    assert failed.finished.wait(10)
    assert failed.error.code == "model_library.shared"
    again = jobs.begin("x", lambda tell, stop: Path("made"))
    assert again.finished.wait(10)
    assert again.path == Path("made")
