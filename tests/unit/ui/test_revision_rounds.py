"""The rounds of revision belong to one copy: what is written anew begins without them."""

from __future__ import annotations

import pytest

pytest.importorskip("gradio")

from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.copy import Copy
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.ui.jobs import Running
from lib_adcopy.ui.pipeline_handlers import PipelineHandlers
from lib_adcopy.ui.session import Call, Session

VALUES = {
    "brief": "连衣裙，圆领，显瘦", "platform": "taobao", "tone": "natural", "length": "medium", "audience": "",
    "brand_words": "", "avoid_words": "", "writer": "template", "prefix": None, "count": 2, "temperature": 0.95,
    "top_p": 0.7, "max_length": 2048, "copy_seed": 3, "copy": "", "wish": "",
}  # fmt: skip


@pytest.fixture
def steps(tmp_path):
    return PipelineHandlers(Studio(StandaloneHost(tmp_path)), Running())


def last(updates):
    together = {}
    for update in updates:
        together |= update
    return together


def test_a_new_copy_begins_without_the_rounds_of_the_one_before(steps):
    session = Session().with_undo_point("旧的连衣裙。").after_round("换成小红书风格，不要提圆领", Copy("", "旧的。"))
    written = last(steps.write(Call(session, "zh", VALUES)))
    assert written["session"].rounds == () and written["rounds"]["data"] == [["", ""]]
    wish = {**VALUES, "copy": written["copy"], "wish": "不要提显瘦"}
    revised = last(steps.revise(Call(written["session"], "zh", wish)))
    assert "#" not in revised["copy"] and [asked for asked, _ in revised["session"].rounds] == ["不要提显瘦"]


def test_a_failed_writing_leaves_the_rounds(steps):
    session = Session().after_round("短一点", Copy("", "旧的。"))
    failed = last(steps.write(Call(session, "zh", {**VALUES, "brief": ""})))
    assert failed["session"].rounds == session.rounds and "rounds" not in failed


def test_a_revision_for_another_platform_is_measured_by_its_limits(steps):
    written = last(steps.write(Call(Session(), "zh", VALUES)))
    wish = {**VALUES, "copy": written["copy"], "wish": "换成小红书风格"}
    revised = last(steps.revise(Call(written["session"], "zh", wish)))
    assert "/20</span>" in revised["review"] and "/1000</span>" in revised["review"]
