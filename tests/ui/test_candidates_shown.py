"""Candidates in a real browser: two compared, one revised, findings mended inside the text, everything undone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
BRIEF = "陶瓷马克杯，奶白色，哑光，39元"


def action(tab, card, word):
    tab.part("candidates").locator(".adcopy-candidate").nth(card).get_by_text(word, exact=True).click()


def test_two_candidates_are_compared_and_one_is_taken(tab):
    tab.fill("brief", BRIEF)
    tab.run("write")
    first = tab.text("copy")
    action(tab, 2, "对比")
    tab.until(lambda: tab.part("compared").locator(".adcopy-compared > div").count() == 2)
    assert "写到" in tab.part("compared").inner_text()
    tab.part("compared").get_by_text("用这条").last.click()
    tab.until(lambda: tab.text("copy") != first)
    tab.part("compared").get_by_text("关闭对比").click()
    tab.until(lambda: tab.part("compared").locator(".adcopy-compared").count() == 0)


def test_one_candidate_is_revised_and_more_like_it_are_written(tab):
    tab.fill("brief", BRIEF)
    tab.run("write")
    first = tab.text("copy")
    action(tab, 1, "改这条")
    tab.until(lambda: tab.text("copy") != first)
    tab.until(lambda: tab.page.evaluate("document.activeElement.closest('#adcopy_wish') !== null"))
    chosen = tab.text("copy")
    before = tab.run_id()
    tab.part("wishes").get_by_text("短一点").click()
    tab.until(lambda: tab.run_id() != before)
    tab.wait()
    assert len(tab.text("copy")) < len(chosen)
    tab.press("undo")
    tab.until(lambda: tab.text("copy") == chosen)
    before = tab.run_id()
    action(tab, 0, "照这条再写")
    tab.until(lambda: tab.run_id() != before)
    tab.wait()
    assert tab.text("copy") != chosen


def test_a_finding_is_marked_in_the_text_with_its_reason_and_its_mend(tab):
    tab.fill("brief", BRIEF)
    tab.fill("copy", "国家级马克杯\n这是最好的马克杯，39元。")
    marked = tab.part("review").locator(".adcopy-marked")
    tab.until(lambda: marked.locator("mark").count() == 2)
    assert marked.locator("mark").first.inner_text() == "国家级"
    assert "广告法" in marked.locator("mark").first.get_attribute("title")
    marked.locator(".adcopy-press").first.click()
    tab.until(lambda: "国家级" not in tab.text("copy"))
    tab.press("lawful")
    tab.until(lambda: marked.count() == 0)
    assert not tab.part("lawful").is_visible()


def test_clear_says_what_it_took_and_undo_brings_it_back(tab):
    tab.fill("brief", BRIEF)
    tab.run("create")
    copy = tab.text("copy")
    tab.until(lambda: tab.pictures() > 0)
    tab.press("clear")
    tab.until(lambda: tab.text("copy") == "" and tab.pictures() == 0)
    assert "撤销" in tab.status() and tab.text("brief") == BRIEF
    tab.press("undo")
    tab.until(lambda: tab.text("copy") == copy and tab.pictures() > 0)
    assert tab.part("candidates").locator(".adcopy-card").count() == 3


def test_a_fact_is_added_by_a_chip_and_one_that_was_misread_is_put_right(tab):
    tab.fill("brief", "马克杯，哑光")
    assert not tab.part("fact_editor").is_visible()
    tab.part("facts").get_by_text("加一条信息").click()
    tab.until(lambda: tab.part("fact_text").is_visible())
    tab.fill("fact_text", "39元")
    tab.press("fact_set")
    tab.until(lambda: "价格 39元" in tab.part("facts").inner_text().replace("\n", " "))
    tab.until(lambda: not tab.part("fact_editor").is_visible())


def test_a_hints_button_leads_to_what_mends_it(tab):
    assert "ChatGLM" in tab.part("welcome").inner_text()
    tab.part("welcome").locator("[data-go=models]").click()
    tab.until(lambda: tab.part("models_name").is_visible())
