"""A revision tells the truth: what was asked happened in the copy and in the boxes, or the line says it did not."""

from __future__ import annotations

import pytest

pytest.importorskip("gradio")

from lib_adcopy.ui.copy_handlers import CopyHandlers
from lib_adcopy.ui.session import Call, Session
from tests.unit.ui.test_step_ends import Bench, kind


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.values["brief"] = "陶瓷马克杯，奶白色，哑光"
    return made.written()


def revised(bench, wish):
    return bench.press("revise", wish=wish)


def test_another_platforms_style_changes_the_copy_and_the_box(bench):
    update = revised(bench, "换成抖音风格")
    assert update["platform"] == "douyin" and update["copy"] != bench.values["copy"]
    assert update["session"].platform == "douyin"


def test_a_price_asked_for_becomes_a_fact_of_the_brief(bench):
    update = revised(bench, "加上价格199元")
    assert "199" in update["copy"]
    prices = bench.studio.parse(update["brief"]).facts_of("price")
    assert len(prices) == 1 and "199" in prices[0].text


def test_a_fact_asked_for_is_not_said_twice_after_it_stands_in_the_brief(bench):
    first = revised(bench, "加上价格199元")
    bench.session = first["session"]
    bench.values |= {"brief": first["brief"], "copy": first["copy"]}
    second = revised(bench, "活泼一点")
    assert second["copy"].partition("\n")[2].count("199") == 1


def test_the_wish_is_used_up_and_kept_where_it_was_not_followed(bench):
    assert revised(bench, "短一点")["wish"] == ""
    refused = revised(bench, "翻译成英文")
    assert kind(refused) == "error" and "wish" not in refused
    assert 'data-go="models"' in refused["status"]


def test_undo_takes_the_boxes_back_with_the_copy(bench):
    update = revised(bench, "换成抖音风格")
    call = Call(update["session"], "zh", {**bench.values, "copy": update["copy"], "platform": "douyin"})
    undone = CopyHandlers(bench.studio).undo(call)
    assert (undone["copy"], undone["platform"]) == (bench.values["copy"], "xiaohongshu")
    assert undone["session"].rounds == ()


def test_clear_says_what_it_clears_and_undo_brings_all_of_it_back(bench):
    copies = CopyHandlers(bench.studio)
    before = Call(bench.session, "zh", {**bench.values, "prompt": "a mug", "negative_prompt": "text"})
    cleared = copies.clear(before)
    assert cleared["copy"] == cleared["prompt"] == cleared["candidates"] == "" and "撤销" in cleared["status"]
    assert cleared["session"].candidates == () and "brief" not in cleared
    texts = {"copy": "", "prompt": "", "negative_prompt": ""}
    back = copies.undo(Call(cleared["session"], "zh", {**bench.values, **texts}))
    assert (back["copy"], back["prompt"]) == (bench.values["copy"], "a mug")
    assert "adcopy-card" in back["candidates"] and back["session"].candidates == bench.session.candidates


def test_an_empty_page_has_nothing_to_clear_and_nothing_to_undo(tmp_path):
    made = Bench(tmp_path)
    copies, call = CopyHandlers(made.studio), Call(Session("one"), "zh", made.values)
    assert kind(copies.clear(call)) == kind(copies.undo(call)) == "nothing"


def test_more_like_this_gives_copies_in_the_manner_of_the_chosen_one(bench):
    from lib_adcopy.app.similar import likeness

    chosen = bench.session.candidates[0].copy
    found = bench.press("like")["session"].candidates
    assert found and all(one.copy.text != chosen.text for one in found)
    other = [one for one in bench.press("write", copy_seed=77)["session"].candidates if one.copy.text != chosen.text]
    assert max(likeness(one.copy.body, chosen.body) for one in found) >= min(
        likeness(one.copy.body, chosen.body) for one in other
    )
