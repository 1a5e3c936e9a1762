"""A picture is drawn on the thread that asked for it, and drawn all the same where that has gone."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("gradio")

from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.threads import run_on_caller_thread
from lib_adcopy.ui.jobs import BackgroundJob, Failed, Finished


def watched(work, stop=None):
    job = BackgroundJob(work, stop or threading.Event())
    job.start()
    return job.watch()


def test_what_was_told_before_is_shown_before():
    def work(tell):
        tell("begun")
        seen.append(run_on_caller_thread(threading.get_ident))
        seen.append(threading.get_ident())
        return "drawn"

    seen = []
    events = list(watched(work))
    assert events[0] == "begun" and isinstance(events[-1], Finished) and events[-1].result == "drawn"
    assert seen[0] == threading.get_ident() != seen[1]


def test_a_failure_there_is_the_works_own():
    def work(tell):
        run_on_caller_thread(fail)

    def fail():
        raise AdCopyError("hosts.no_checkpoint")

    [failed] = watched(work)
    assert isinstance(failed, Failed) and failed.error.code == "hosts.no_checkpoint"


def test_it_is_done_though_the_page_was_closed():
    def work(tell):
        tell("begun")
        closed.wait(5)
        done.append(run_on_caller_thread(threading.get_ident))
        over.set()

    closed, over, done, stop = threading.Event(), threading.Event(), [], threading.Event()
    events = watched(work, stop)
    assert next(events) == "begun"
    events.close()
    closed.set()
    assert over.wait(5)
    # It goes on without the page.
    assert done != [threading.get_ident()] and not stop.is_set()


def test_without_a_page_it_is_done_where_it_is():
    assert run_on_caller_thread(threading.get_ident) == threading.get_ident()
