"""A page that comes back finds what it had made: after a reload, a restart, and a step that ended without it."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("gradio")

from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.domain.review import Claim, Finding, Review
from lib_adcopy.i18n import Message
from lib_adcopy.ui.jobs import BackgroundJob
from lib_adcopy.ui.kept_pictures import KeptPicture
from lib_adcopy.ui.pipeline_handlers import PipelineHandlers
from lib_adcopy.ui.session import Ended, Session
from lib_adcopy.ui.session_record import from_json, to_json
from lib_adcopy.ui.session_store import SessionStore, is_page_key
from tests.unit.ui.test_step_ends import Bench

PAGE, OTHER = "a" * 48, "b" * 48
REVIEW = Review(
    covered=(("", "杯子"),), missing=(), claims=(Claim("number", "3"),), repetition=0.0, too_long=("title",),
    findings=(Finding("最好", 0, 2, "ban", "广告法", "改"),),
)  # fmt: skip
MADE = Session(
    PAGE,
    candidates=(Candidate(Copy("标题", "正文。", ("杯子",), "template", 7), REVIEW),),
    rounds=(("短一点", Copy("", "短。")),),
    posters=(KeptPicture(path=Path("/x/y.png")),),
    composed=1,
    slots=(("headline", "杯子"),),
    checks=(("ok", Message("creative.check.x", {"n": 1})),),
    platform="douyin",
    ended=Ended(Message("ui.status.done")),
).with_undo_point("以前的", [("platform", "taobao")])


def test_a_session_comes_back_from_its_record():
    assert from_json(json.loads(json.dumps(to_json(MADE))), PAGE) == MADE


def test_a_server_that_was_restarted_finds_a_pages_session(tmp_path):
    SessionStore(tmp_path).apply(Session(PAGE), MADE)
    assert SessionStore(tmp_path).get(PAGE) == MADE
    assert SessionStore(tmp_path).get(OTHER) is None
    # The file's name does not tell the key, which opens the page's texts.
    assert all(PAGE not in file.name for file in tmp_path.iterdir())


@pytest.mark.parametrize("broken", ["", "[]", '{"version": 99}', '{"version": 1, "candidates": 3}'])
def test_a_broken_file_is_no_session(tmp_path, broken):
    SessionStore(tmp_path).apply(Session(PAGE), MADE)
    next(iter(tmp_path.iterdir())).write_text(broken)
    assert SessionStore(tmp_path).get(PAGE) is None


@pytest.mark.parametrize("key", ["", "x", "../../etc/passwd", "A" * 48, "a" * 47, None, 7, ["a" * 48]])
def test_what_is_no_key_of_a_page_opens_no_file(tmp_path, key):
    assert not is_page_key(key)
    store = SessionStore(tmp_path)
    if isinstance(key, str):
        store.apply(Session(key), replace(MADE, key=key))
    assert list(tmp_path.iterdir()) == []


def test_two_presses_at_once_lose_nothing_of_each_other():
    store, first = SessionStore(), Session(PAGE)
    store.apply(first, replace(first, platform="douyin"))
    store.apply(first, first.with_undo_point("旧的"))
    assert store.get(PAGE).platform == "douyin" and store.get(PAGE).undo[0].copy == "旧的"


def test_sessions_in_memory_are_bounded():
    store = SessionStore()
    for number in range(300):
        store.apply(Session(f"{number:048x}"), Session(f"{number:048x}", platform="jd"))
    assert len(store._sessions) <= 64


def test_a_step_goes_on_without_its_page_and_is_kept(tmp_path):
    bench = Bench(tmp_path)
    store = SessionStore(tmp_path / "pages")
    may_go_on, is_kept = threading.Event(), threading.Event()
    write, apply = bench.studio.write, store.apply

    def slowly(*given, **options):
        may_go_on.wait(10)
        yield from write(*given, **options)

    def kept(before, after):
        try:
            return apply(before, after)
        finally:
            is_kept.set()

    bench.studio.write, store.apply = slowly, kept
    steps = PipelineHandlers(bench.studio, bench.running, store)
    bench.session = Session(PAGE)
    updates = steps.write(replace(bench.call(), session_id=PAGE))
    assert "adcopy-busy" in next(updates)["status"]
    # The page is closed.
    updates.close()
    may_go_on.set()
    assert is_kept.wait(10)
    assert len(SessionStore(tmp_path / "pages").get(PAGE).candidates) == 2
    # One that comes back is shown how it ended.
    shown = list(bench.running.job(PAGE).shown())
    assert "adcopy-done" in shown[-1]["status"] and any(update.get("copy") for update in shown)


def test_progress_is_told_at_most_five_times_a_second():
    from lib_adcopy.app.events import Drawing
    from lib_adcopy.hosts.base import DrawProgress

    def work(tell):
        for number in range(2000):
            tell(Drawing(DrawProgress(fraction=number / 2000)))
        may_end.wait(10)

    may_end = threading.Event()
    job = BackgroundJob(work, threading.Event())
    job.start()
    seen = []
    for at, _ in job.watch_timed():
        seen.append(at)
        may_end.set()
    # Thousands of reports within one period are one or two.
    assert len(seen) < 10
