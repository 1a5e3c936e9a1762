"""What the tab's panel says of a training at work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("gradio")
pytest.importorskip("torch")

from lib_adcopy.training.service import TrainingRequest, TrainingRun
from lib_adcopy.training.settings import PRESETS, Settings
from lib_adcopy.training.training import StepResult
from lib_adcopy.ui.loss_plot import histogram
from lib_adcopy.ui.tuning import _progress, _settings, _state

UNTOUCHED = {
    "tune_preset": "few", "tune_steps": 0, "tune_rate": 0, "tune_projection": False, "tune_held_out": 0.1,
    "tune_seed": 42, "tune_share": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "left"),
    # After one step it is all that is known; later the first, which is slower, is left out.
    [([60.0], "1 小时 39 分"), ([60.0, 61.0, 62.0], "2 分")],
)
def test_the_time_left_is_told_from_the_first_step_on(seconds, left):
    job = TrainingRun(TrainingRequest(Path("x"), "m", "n", Settings(steps=100)), "task(x)")
    job.steps = [StepResult(step, 100, 1.0, None, after) for step, after in enumerate(seconds, 1)]
    assert left in _state(job, "zh")


def test_a_training_gone_on_with_is_shown_from_its_beginning_and_timed_as_it_goes_now():
    job = TrainingRun(TrainingRequest(Path("x"), "m", "n", Settings(steps=100)), "task(x)")
    # An hour a step on a busy machine, then a minute each.
    job.before = [StepResult(step, 100, 3.0, 2.5 if step == 2 else None, 3600.0 * step) for step in (1, 2)]
    job.steps = [StepResult(step, 100, 2.0, None, 7200.0 + 60 * (step - 2)) for step in (3, 4)]
    shown = _progress(job, "zh")
    assert "1 小时 36 分" in shown
    line = re.search(r'class="adcopy-loss" points="([^"]+)"', shown)
    places = [float(point.split(",")[0]) for point in line[1].split()]
    assert places == sorted(places) and len(set(places)) == 4
    assert shown.count("<circle") == 1


def test_a_training_stopped_before_its_first_step_is_not_offered():
    job = TrainingRun(TrainingRequest(Path("x"), "m", "n"), "task(x)")
    job.card = {"stopped": True, "step": 0}
    assert "没有保存" in _state(job, "zh")


def test_one_pasted_page_does_not_squeeze_the_histogram():
    drawn = histogram({0: 3, 25: 12, 9975: 1, 5000: 2}, 25)
    assert drawn.count("<rect") == 3
    assert "<title>975+: 3</title>" in drawn and ">1000+<" in drawn and ">12<" in drawn
    assert "<title>0–24: 12</title>" in histogram({0: 12}, 25) and ">200<" in histogram({0: 12}, 25)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_boxes_left_alone_or_emptied_train_the_recipe(preset):
    """What the boxes say at first is so of every recipe."""
    assert _settings({**UNTOUCHED, "tune_preset": preset}) == PRESETS[preset]
    emptied = {**UNTOUCHED, "tune_preset": preset, "tune_steps": None, "tune_rate": None, "tune_seed": None}
    assert _settings(emptied) == PRESETS[preset]


def test_every_box_reaches_the_training():
    said = {"tune_steps": 7, "tune_rate": 0.1, "tune_projection": True, "tune_held_out": 0.3, "tune_seed": 0}
    settings = _settings({**UNTOUCHED, **said, "tune_share": 0.2})
    assert (settings.steps, settings.rate, settings.projection) == (7, 0.1, True)
    assert (settings.held_out, settings.seed, settings.general_share) == (0.3, 0, 0.2)
    assert _settings({**UNTOUCHED, "tune_held_out": 0}).held_out == 0
