"""A picture at work in a real webui: what its page shows of it, and how soon it stops when it is told to."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

pytestmark = pytest.mark.webui
STEPS = 150


@pytest.fixture
def drawing(webui, tab):
    """A picture whose steps take long enough to press a key in, and which would take minutes."""
    width, height = (size * 2 for size in webui.size)
    for name, value in (("width", width), ("height", height), ("steps", STEPS)):
        tab.number(name, value)
    tab.fill("prompt", "a red dress")
    return tab


def test_the_bar_the_time_left_and_the_picture_as_it_grows_are_shown_and_escape_stops_its_step(webui, drawing):
    tab, before = drawing, len(webui.log.read_text())
    tab.press("generate")
    bar = tab.page.locator(".progressDiv .progress")
    tab.until(lambda: bar.count() and re.search(r"\d+%\s+ETA: \S+", bar.first.inner_text()), 120)
    tab.until(lambda: tab.page.locator(".livePreview img").count() > 0, 240)
    told = steps(webui, before)[-1]
    tab.part("prompt").locator("textarea").press("Escape")
    tab.until(lambda: "adcopy-done" in tab.kind(), 120)
    assert "已停止" in tab.status()
    # The step at work when the key was pressed, and one that began while the word of it was on its way.
    assert steps(webui, before)[-1] <= told + 2 < STEPS
    tab.until(lambda: tab.page.locator(".progressDiv").count() == 0)


def test_alt_enter_goes_on_to_the_next_picture(webui, drawing):
    tab, before, made = drawing, len(webui.log.read_text()), len(webui.outputs)
    tab.number("steps", 20)
    tab.number("batch_count", 2)
    tab.press("generate")
    tab.until(lambda: steps(webui, before, 20)[-1] >= 2, 120)
    tab.part("prompt").locator("textarea").press("Alt+Enter")
    tab.until(lambda: "adcopy-done" in tab.kind(), 300)
    assert tab.status() == "完成"
    # A webui saves unfinished pictures only where it is set to.
    assert len(webui.outputs) > made
    told = steps(webui, before, 20)
    # The second began before the first had come to its end, and went to its own.
    first = next(step for step, following in pairwise(told) if following < step)
    assert first < 20 == max(told)


def steps(webui, before, of=STEPS):
    """The steps the webui's log told of since it was `before` characters long, 0 at first."""
    return [0, *(int(step) for step in re.findall(rf"(\d+)/{of} \[", webui.log.read_text()[before:]))]
