"""The user's own styles, and the webui's, in the tab: saved, chosen, applied, deleted."""

from __future__ import annotations

import json

import pytest

from tests.browser import TabPage

pytestmark = pytest.mark.browser
MUG = "陶瓷马克杯，白色"


@pytest.fixture(scope="module", autouse=True)
def webui_styles(home):
    """A styles.csv as a webui has it, beside the studio's models folder."""
    (home / "styles.csv").write_text(
        'name,prompt,negative_prompt\n胶片感,"cinematic photo of {prompt}, 35mm film",oversaturated\n', encoding="utf-8"
    )


def saved(home, name):
    return json.loads((home / "data" / ".adcopy" / "styles" / f"{name}.json").read_text(encoding="utf-8"))


def number(tab, name):
    return float(tab.part(name).locator("input[type=number]").first.input_value())


def keep(tab, name, kind="done"):
    tab.fill("style_name", name)
    tab.press("style_save")
    tab.until(lambda: name in tab.status() and f"adcopy-{kind}" in tab.kind())


def test_what_stands_in_the_boxes_is_saved_chosen_applied_and_deleted(browser, studio_url, home):
    tab = TabPage(browser, studio_url).open()
    tab.fill("brief", MUG)
    tab.choose("style", "街拍上身")
    tab.run("derive")
    tab.fill("prompt", tab.text("prompt") + ", film grain")
    tab.unfold("settings")
    tab.number("steps", 17)
    tab.unfold("styles")
    keep(tab, "我的 胶片")
    assert tab.text("style") == "我的 胶片"
    style = saved(home, "我的 胶片")
    assert "film grain" in style["positive"] and "mug" not in json.dumps(style)
    assert style["steps"] == 17

    tab.choose("style", "经典")
    tab.until(lambda: number(tab, "steps") == 30)
    tab.choose("style", "我的 胶片")
    tab.until(lambda: number(tab, "steps") == 17)
    tab.fill("brief", "连衣裙，红色")
    tab.run("derive")
    assert "film grain" in tab.text("prompt") and "mug" not in tab.text("prompt")

    tab.press("style_delete")
    tab.until(lambda: tab.text("style") == "经典")
    assert not (home / "data" / ".adcopy" / "styles" / "我的 胶片.json").exists()
    tab.run("derive")
    assert "film grain" not in tab.text("prompt")
    tab.context.close()
    assert tab.errors == []


def test_a_style_is_saved_on_a_page_that_was_loaded_again(tab, home):
    tab.fill("brief", MUG)
    tab.run("derive")
    tab.page.wait_for_timeout(600)
    tab.open()
    tab.until(lambda: "mug" in tab.text("prompt"))
    tab.unfold("styles")
    keep(tab, "again")
    assert "mug" not in json.dumps(saved(home, "again"))
    tab.press("style_delete")
    tab.until(lambda: tab.text("style") == "经典")


@pytest.mark.parametrize("name", ["../../evil", "经典", "胶片感", "<img src=x onerror='window.hit=1'>"])
def test_a_name_that_cannot_be_gets_one_sentence_and_the_list_stays(tab, home, name):
    tab.page.evaluate("window.hit = 0")
    before = set(home.rglob("*.json"))
    tab.fill("prompt", "film grain")
    tab.unfold("styles")
    keep(tab, name, "error")
    assert "\n" not in tab.status()
    assert tab.page.evaluate("window.hit") == 0
    assert tab.text("style") == "经典"
    assert set(home.rglob("*.json")) == before


def test_ours_stay(tab):
    tab.unfold("styles")
    tab.press("style_delete")
    assert "不是您自己存的风格" in tab.wait("error")
    tab.fill("brief", MUG)
    tab.run("derive")
    assert "8k resolution" in tab.text("prompt")


def test_a_style_of_the_webuis_own_list_is_chosen_around_the_product(tab):
    tab.press("refresh")
    tab.page.wait_for_timeout(800)
    tab.choose("style", "胶片感")
    tab.fill("brief", MUG)
    tab.run("derive")
    assert tab.text("prompt") == "cinematic photo of a single white ceramic mug, 35mm film"
    assert tab.text("negative_prompt").startswith("oversaturated")
