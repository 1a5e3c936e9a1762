"""Undoing takes back what was done last, and nothing else with it."""

from __future__ import annotations

import pytest

pytest.importorskip("gradio")

from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.domain.copy import Copy
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.ui import render
from lib_adcopy.ui.copy_handlers import CopyHandlers
from lib_adcopy.ui.session import Call, Session

ROUND = ("短一点", Copy("", "顶级连衣裙。"))


@pytest.fixture
def edits(tmp_path):
    return CopyHandlers(Studio(StandaloneHost(tmp_path)))


def call(session, copy):
    values = {"copy": copy, "brief": "连衣裙，圆领", "platform": "xiaohongshu", "tone": "natural", "length": "medium"}
    more = dict.fromkeys(("audience", "brand_words", "avoid_words", "category"), "")
    return Call(session, "zh", {**values, **more})


def test_taking_back_a_lawful_wording_keeps_the_round_before_it(edits):
    revised = Session().with_undo_point("很长的顶级连衣裙。").after_round(*ROUND)
    mended = edits.lawful(call(revised, "顶级连衣裙。"))
    first = edits.undo(call(mended["session"], mended["copy"]))
    assert (first["copy"], first["session"].rounds) == ("顶级连衣裙。", (ROUND,))
    second = edits.undo(call(first["session"], first["copy"]))
    assert (second["copy"], second["session"].rounds) == ("很长的顶级连衣裙。", ())


def test_undoing_after_the_history_was_cleared_brings_none_of_it_back(edits):
    revised = Session().with_undo_point("很长的顶级连衣裙。").after_round(*ROUND)
    cleared = edits.forget(call(revised, "顶级连衣裙。"))["session"]
    assert edits.undo(call(cleared, "顶级连衣裙。"))["session"].rounds == ()


def test_undoing_takes_back_the_last_revision_after_an_earlier_one_was_taken_out(edits):
    second = ("活泼一点", Copy("", "连衣裙，俏皮。"))
    revised = Session().with_undo_point("很长的连衣裙。").after_round(*ROUND)
    revised = revised.with_undo_point("顶级连衣裙。").after_round(*second)
    table = [["", ROUND[1].text], [second[0], second[1].text]]
    edited = edits.rounds(Call(revised, "zh", {"rounds": table}))
    assert [wish for wish, _ in edited["session"].rounds] == ["活泼一点"]
    assert edited["rounds"]["data"] == [["活泼一点", "连衣裙，俏皮。"]]
    undone = edits.undo(call(edited["session"], "连衣裙，俏皮。"))
    assert (undone["copy"], undone["session"].rounds) == ("顶级连衣裙。", ())


def test_a_new_row_waits_for_its_second_cell(edits):
    revised = Session().after_round(*ROUND)
    table = [[ROUND[0], ROUND[1].text], ["活泼一点", ""]]
    edited = edits.rounds(Call(revised, "zh", {"rounds": table}))
    assert edited["session"].rounds == (ROUND,)
    assert "rounds" not in edited


def test_the_review_after_a_revision_is_of_what_the_rounds_want(edits):
    session = Session().after_round("不要提圆领，换成朋友圈风格", Copy("", "连衣裙。"))
    shown = edits.review(call(session, "出门就穿这条连衣裙吧\n连衣裙。"))["review"]
    assert "圆领" not in shown and f"10/{platforms()['moments'].title}" in shown


@pytest.mark.parametrize("shown", [0, 1])
def test_a_table_sent_as_it_was_before_a_round_takes_none_out(edits, shown):
    session = Session().after_round("短一点", Copy("", "短的。")).after_round("活泼一点", Copy("", "活泼的。"))
    table = render.rounds(session.rounds[:shown], "zh")["data"]
    answered = edits.rounds(Call(session, "zh", {"rounds": table}))
    assert answered["session"].rounds == session.rounds
    assert answered["rounds"]["data"] == [["短一点", "短的。"], ["活泼一点", "活泼的。"]]
