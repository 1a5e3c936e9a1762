"""Teaching in a real browser: a seller's table in, a report, a training to watch and to stop, its prefix to choose."""

from __future__ import annotations

import json
import re

import pytest

from tests import parrot_chatglm
from tests.browser import TabPage, screenshot
from tests.tiny_chatglm import make
from tests.ui.conftest import studio

pytest.importorskip("torch")
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def taught(browser, tmp_path_factory):
    home = tmp_path_factory.mktemp("taught")
    make(home / "models" / "tiny-chatglm")
    parrot_chatglm.make(home / "models" / "tiny-parrot", "好看。")
    pairs = [(f"产品#杯子{at}*卖点#轻", f"杯子{at}很轻，<b>出门</b>就带它。") for at in range(12)]
    rows = [json.dumps({"content": query, "summary": copy}, ensure_ascii=False) for query, copy in pairs]
    (home / "shop.jsonl").write_text("\n".join([*rows, "no json", rows[0]]), encoding="utf-8")
    general = [{"content": "今天天气", "summary": "很好。"}, {"content": "讲个笑话", "summary": "从前有座山。"}]
    lines = [json.dumps(row, ensure_ascii=False) for row in general]
    (home / "general.jsonl").write_text("\n".join([*lines, "broken"]), encoding="utf-8")
    with studio(home) as url:
        page = TabPage(browser, url, height=1400).open()
        page.home = home
        yield page
        page.context.close()
        assert page.errors == []


def shown(tab, name, words, seconds=120):
    tab.until(lambda: words in tab.part(name).inner_text(), seconds)


def test_a_table_is_looked_at_taught_and_its_prefix_chosen(taught):
    tab = taught
    tab.unfold("tuning")
    tab.press("tune_start")
    shown(tab, "tune_progress", "请先选择存放示例的文件")
    tab.part("tune_data").locator("input[type=file]").first.set_input_files(str(tab.home / "shop.jsonl"))
    shown(tab, "tune_report", "12 条示例")
    report = tab.part("tune_report").inner_text()
    assert "第 13 行：不是 JSON 对象" in report
    assert "第 14 行：与第 1 行重复" in report
    shown(tab, "tune_cost", "训练 11 条，留出 1 条")
    shown(tab, "tune_cost", "这次训练大约需要")
    # The smallest of models has a recipe of its own, chosen with it.
    assert tab.part("tune_preset").locator("input:checked").evaluate("at => at.parentElement.innerText") == "入门模型"
    tab.fill("tune_name", "my-shop")
    tab.unfold("tune_more")
    tab.number("tune_steps", 2000)
    tab.part("tune_projection").locator("input").check()
    tab.number("tune_held_out", 0.25)
    tab.number("tune_seed", 7)
    tab.press("tune_start")
    shown(tab, "tune_progress", "步 · 损失")
    tab.until(lambda: tab.part("tune_progress").locator("circle").count() >= 1, 120)
    screenshot(tab, "training.png")
    tab.press("tune_stop")
    shown(tab, "tune_progress", "已停止并保存")
    tab.until(lambda: tab.text("prefix") == "my-shop")
    tab.unfold("models")
    shown(tab, "models_list", "my-shop")
    tab.unfold("models")
    made = tab.home / "models" / "my-shop"
    assert (made / "pytorch_model.bin").is_file()
    card = json.loads((made / "card.json").read_text(encoding="utf-8"))
    assert {name: card["settings"][name] for name in ("projection", "held_out", "seed")} == {
        "projection": True, "held_out": 0.25, "seed": 7,
    }  # fmt: skip
    assert (card["examples"], card["held_out_examples"]) == (9, 3)
    assert tab.part("tune_progress").locator("b").count() == 0


def test_what_a_training_takes_follows_recipe_steps_and_model(taught):
    page = TabPage(taught.context.browser, taught.url, height=1400).open()
    page.unfold("tuning")
    page.unfold("tune_more")
    # Nothing is said of a training before there is a file.
    page.number("tune_steps", 5)
    page.part("tune_data").locator("input[type=file]").first.set_input_files(str(taught.home / "shop.jsonl"))
    shown(page, "tune_cost", "1 分")
    report = page.part("tune_report").inner_html()

    def said():
        # The line itself: gradio 3 counts seconds beside it.
        return "".join(page.part("tune_cost").locator(".adcopy-status").all_inner_texts())

    def changes(does):
        before = said()
        does()
        page.until(lambda: "这次训练大约需要" in said() and said() != before)

    changes(lambda: page.number("tune_steps", 20_000_000))
    changes(lambda: page.part("tune_preset").get_by_text("长文案").click())
    page.number("tune_steps", -1)
    shown(page, "tune_cost", "至少为 1")
    # So many that every second of a step is seen.
    changes(lambda: page.number("tune_steps", 200_000_000))
    changes(lambda: page.part("tune_projection").locator("input").check())
    changes(lambda: page.choose("tune_model", "tiny-parrot（ChatGLM，16 位）"))
    page.number("tune_held_out", 0.5)
    shown(page, "tune_cost", "训练 6 条，留出 6 条")
    assert page.part("tune_report").inner_html() == report
    # General pairs are looked at as well: no row of theirs is left out in silence.
    page.part("tune_general").locator("input[type=file]").first.set_input_files(str(taught.home / "general.jsonl"))
    shown(page, "tune_report", "通用示例")
    assert "第 3 行：不是 JSON 对象" in page.part("tune_report").inner_text()
    assert page.part("tune_report").locator("svg").count() == 2
    page.part("tune_data").get_by_role("button").first.click()
    page.until(lambda: said() == "" and page.part("tune_report").inner_text() == "")
    assert page.errors == []
    page.context.close()


def test_a_training_goes_on_when_the_page_is_closed_and_is_joined_again(taught):
    tab = taught
    tab.press("tune_start")
    shown(tab, "tune_progress", "步 · 损失")
    # It goes on where it was stopped, and its curve begins where it began.
    step = int(re.search(r"第 (\d+)", tab.part("tune_progress").inner_text())[1])
    assert step > 40
    points = tab.part("tune_progress").locator("polyline.adcopy-loss").get_attribute("points")
    assert float(points.split(",")[0]) < 35
    other = TabPage(tab.context.browser, tab.url, height=1400).open()
    other.unfold("tuning")
    other.part("tune_data").locator("input[type=file]").first.set_input_files(str(tab.home / "shop.jsonl"))
    shown(other, "tune_report", "12 条示例")
    other.fill("tune_name", "another")
    other.press("tune_start")
    shown(other, "tune_progress", "步 · 损失")
    assert not (tab.home / "models" / "another").exists()
    other.press("tune_stop")
    shown(other, "tune_progress", "已停止并保存。现在就可以试用 my-shop")
    other.context.close()
