"""Every long step ends in one of four ways (done, stopped, nothing to do, failed), says so, and leaves nothing busy."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("gradio")

from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.fields import fields_of
from lib_adcopy.domain.layout import LayoutChoice
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.ui.event_table import STEPS
from lib_adcopy.ui.jobs import Running
from lib_adcopy.ui.pipeline_handlers import PipelineHandlers
from lib_adcopy.ui.session import Call, Session
from lib_adcopy.ui.values import FIELDS
from tests.unit.ui.test_revision_rounds import last

HANDLERS = tuple(dict.fromkeys(row.handler for row in STEPS))
BRIEF = "陶瓷马克杯，奶白色，哑光，39元"
# What a step is stopped in: a use case that waits for the stop, as a long one would.
STOPPED_IN = {
    "write": "write", "fallback": "write", "revise": "revise", "asked": "revise", "derive": "derive", "draw": "draw",
    "create": "create", "compose": "compose", "export": "export",
}  # fmt: skip


def values(**changed):
    shown = {name: row.default for name, row in FIELDS.items()}
    texts = {"brief": BRIEF, "copy": "", "wish": "短一点", "asked": '"短一点"\n1', "like": "0\n1",
             "mend": '"contrast"\n1', "prompt": "", "negative_prompt": "", "mode": "picture"}  # fmt: skip
    slots = {f"slot_{name}": "" for name in ("headline", "subline", "points", "price", "badge", "note", "cta", "brand")}
    return {**shown, **slots, **texts, "photo": None, "photo_kept": "", "reference_kept": "",
            "picture_from": "words", "writer": "template", "count": 2, "copy_seed": 5, **changed}


class Bench:
    def __init__(self, home):
        self.running = Running()
        self.studio = Studio(StandaloneHost(home))
        self.steps = PipelineHandlers(self.studio, self.running)
        self.session = Session("one")
        self.values = values()

    def written(self):
        done = last(self.steps.write(self.call()))
        self.session, self.values = done["session"], {**self.values, "copy": done["copy"]}
        return self

    def call(self, **changed):
        return Call(self.session, "zh", {**self.values, **changed}, "one")

    def press(self, handler, **changed):
        return last(getattr(self.steps, handler)(self.call(**changed)))


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def kind(update):
    line = update["status"]
    found = [name for name in ("busy", "stopped", "nothing", "error") if f"adcopy-{name}" in line]
    return found[0] if found else "done"


# Without a checkpoint or a photo there is no picture, and without a change nothing is undone; the step says so.
ENDS = {"draw": "error", "main_pictures": "error", "undo_creative": "nothing"}


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_step_that_succeeds_says_done(bench, handler):
    update = bench.written().press(handler)
    assert kind(update) == ENDS.get(handler, "done")
    assert update["session"].ended.kind == kind(update)
    assert not bench.running.is_busy("one")


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_step_that_fails_says_why_and_keeps_the_copy(bench, handler, monkeypatch):
    bench.written()
    for name in ("write", "revise", "derive", "draw", "create", "compose", "export"):
        monkeypatch.setattr(bench.studio, name, refuse)
    for name in ("mended", "export_main_pictures"):
        monkeypatch.setattr(bench.studio.creative, name, refuse)
    bench.session = bench.session.with_layout_set(LayoutChoice()).with_layout_set(LayoutChoice(layout_seed=1))
    monkeypatch.setattr("lib_adcopy.ui.pipeline_handlers.write_like", refuse)
    update = bench.press(handler, prompt="mug")
    assert kind(update) == "error" and "显存" in update["status"]
    assert "copy" not in update and update["session"].candidates == bench.session.candidates
    assert not bench.running.is_busy("one")


def refuse(*given, **options):
    raise AdCopyError("hosts.out_of_memory")


@pytest.mark.parametrize(("handler", "use_case"), STOPPED_IN.items())
def test_a_step_can_be_stopped_and_says_so_while_it_ends(bench, tmp_path, handler, use_case, monkeypatch):
    bench.written()
    begun = threading.Event()

    def waits(*given, stop=None, **options):
        begun.set()
        (stop or bench.running._stops["one"]).wait(10)
        return iter(()) if use_case in ("write", "revise") else tmp_path if use_case == "export" else given[0]

    monkeypatch.setattr(bench.studio, use_case, waits)
    # What comes of it does not matter here.
    updates = getattr(bench.steps, handler)(bench.call(prompt="mug"))
    assert "adcopy-busy" in next(updates)["status"]
    shown = []

    def watch():
        shown.extend(updates)

    page = threading.Thread(target=watch)
    page.start()
    assert begun.wait(10)
    assert bench.running.stop("one")
    page.join(20)
    assert any("正在停止" in update.get("status", "") for update in shown)
    assert "adcopy-busy" not in [update["status"] for update in shown if "status" in update][-1]
    assert not bench.running.is_busy("one") and not bench.running.stop("one")


@pytest.mark.parametrize("wish", ["换成抖音风格再换回小红书", "换一条"])
def test_a_revision_that_changes_nothing_is_no_round(bench, wish, monkeypatch):
    from lib_adcopy.app.events import Written

    bench.written()
    same = bench.session.candidates[0]
    monkeypatch.setattr(
        bench.studio, "revise", lambda ad, *given, **options: iter([Written(replace_candidates(ad, same))])
    )
    update = bench.press("revise", copy=same.copy.text, wish=wish)
    assert kind(update) == "nothing" and wish[:3] in update["status"]
    assert update["session"].rounds == () and "wish" not in update


def replace_candidates(ad, copy):
    from dataclasses import replace

    return replace(ad, candidates=(copy,), copy=copy.copy)


def test_every_field_a_step_reads_is_a_box(bench):
    assert set(fields_of(type(bench.studio.parse(BRIEF)))) <= set(values())
