"""The tab in a real browser, served by the studio: what a seller does, and what happens when he does it wrong."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.storage import read, record_text, save
from tests.browser import TabPage, screenshot

pytestmark = pytest.mark.browser
BRIEF = "裙子，文艺风格，简约图案，连衣裙，圆领"
PAIRS = "类型#上衣*颜色#红色*风格#青春*衣样式#外套*衣长#短款"
CJK = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("brief", [BRIEF, PAIRS])
def test_one_button_makes_a_finished_creative(tab, home, brief):
    tab.fill("brief", brief)
    said = tab.run("create")
    assert "已保存到" in said
    assert CJK.search(tab.text("copy"))
    assert tab.text("prompt")
    assert not CJK.search(tab.text("prompt"))
    tab.until(lambda: tab.pictures() > 0)
    newest = max((home / "outputs").rglob("*.png"), key=lambda file: file.stat().st_mtime)
    record = read(newest)
    assert record.brief == brief
    assert record.copy.text == tab.text("copy")
    assert record.prompt.positive == tab.text("prompt")
    screenshot(tab, "studio.png")


def test_the_steps_run_one_by_one(tab):
    tab.fill("brief", BRIEF)
    tab.run("write")
    first = tab.text("copy")
    tab.card(1)
    tab.until(lambda: tab.text("copy") != first)
    chosen = tab.text("copy")
    tab.fill("wish", "短一点")
    tab.run("revise")
    shorter = tab.text("copy")
    assert len(shorter) < len(chosen)
    tab.press("undo")
    tab.until(lambda: tab.text("copy") == chosen)
    tab.run("derive")
    assert "dress" in tab.text("prompt")
    tab.run("compose")
    tab.until(lambda: tab.pictures() > 0)


def test_copy_only_draws_nothing(tab):
    tab.fill("brief", BRIEF)
    tab.choose("mode", "只要文案")
    tab.run("create")
    assert tab.text("copy")
    assert tab.text("prompt") == ""


@pytest.mark.parametrize(
    ("brief", "sentence"),
    [("", "描述"), ("红" * 20_000, "字"), ("\x07\x08 ，， <b></b>", "描述")],
    ids=["empty", "20,000 characters", "nothing but control characters and markup"],
)
def test_a_bad_brief_gets_one_sentence_and_loses_nothing(tab, brief, sentence):
    tab.fill("copy", "已有的文案\n不能丢")
    tab.fill("brief", brief)
    said = tab.run("write", kind="error")
    assert sentence in said
    assert "\n" not in said
    assert tab.text("copy") == "已有的文案\n不能丢"


def test_markup_and_tags_in_a_brief_stay_words(tab):
    tab.page.evaluate("window.hit = 0")
    tab.fill("brief", "连衣裙，<img src=x onerror='window.hit=1'>，<lora:evil:9>，红色")
    tab.run("create")
    assert tab.page.evaluate("window.hit") == 0
    assert "<lora:evil" not in tab.text("prompt")
    assert "<" not in tab.text("copy")


def test_drawing_without_a_checkpoint_says_what_to_do(tab):
    tab.fill("brief", BRIEF)
    said = tab.run("generate", kind="error")
    assert "models/Stable-diffusion" in said


def test_a_reload_keeps_what_was_written(tab):
    tab.fill("brief", BRIEF)
    tab.run("create")
    kept = {name: tab.text(name) for name in ("brief", "copy", "prompt", "negative_prompt")}
    tab.page.wait_for_timeout(600)
    tab.open()
    tab.until(lambda: tab.text("copy") != "")
    assert {name: tab.text(name) for name in kept} == kept
    tab.run("compose")


def test_a_reload_while_writing_leaves_the_studio_at_work(tab):
    tab.fill("brief", BRIEF)
    tab.press("create")
    tab.open()
    assert tab.text("brief") == BRIEF
    tab.run("write")
    assert tab.text("copy")


def test_banned_words_are_shown_and_replaced_on_request(tab):
    tab.fill("brief", BRIEF)
    tab.fill("copy", "全国第一的连衣裙\n这是最好的圆领连衣裙，国家级品质。")
    tab.until(lambda: "禁用" in tab.part("review").inner_text())
    tab.press("lawful")
    tab.until(lambda: "国家级" not in tab.text("copy"))
    assert "第一" not in tab.text("copy")
    tab.until(lambda: "禁用" not in tab.part("review").inner_text())


def test_the_language_is_the_browsers_until_it_is_chosen(browser, studio_url):
    page = TabPage(browser, studio_url, locale="en-US").open()
    page.until(lambda: page.part("create").inner_text() == "Create ad")
    assert page.part("brief").get_attribute("title").startswith("Product")
    assert page.text("writer").startswith("Built-in")
    page.until(lambda: re.search(r"[a-z]{3}", page.status()) and not re.search(r"[一-鿿]", page.status()))
    page.choose("language", "中文")
    page.until(lambda: page.part("create").inner_text() == "一键生成广告")
    assert page.text("platform") == "小红书"
    page.open()
    page.until(lambda: page.part("create").inner_text() == "一键生成广告")
    page.context.close()
    assert page.errors == []


def test_a_picture_brings_its_brief_and_copy_back(tab, home):
    tab.fill("brief", PAIRS)
    tab.choose("platform", "淘宝")
    tab.run("create")
    copy = tab.text("copy")
    newest = max((home / "outputs").rglob("*.png"), key=lambda file: file.stat().st_mtime)
    tab.press("clear")
    tab.until(lambda: tab.text("copy") == "")
    tab.fill("brief", "别的")
    tab.unfold("restoring")
    tab.part("restore").locator("input[type=file]").set_input_files(str(newest))
    tab.until(lambda: tab.text("copy") == copy)
    assert tab.text("brief") == PAIRS
    assert tab.text("platform") == "淘宝"


def test_a_picture_brings_the_settings_it_was_drawn_with_back(tab, tmp_path):
    ad = Ad(parse_brief("连衣裙", brand_words=("青禾",)), drawing=DrawSettings(steps=12, width=10**9, seed=41))
    text = record_text(ad)
    files = [save(Image.new("RGB", (8, 8)), text, tmp_path, name) for name in ("one", "two")]
    width = tab.part("width").locator("input[type=number]").first.input_value()
    tab.unfold("restoring")
    # Two, one after the other: the box is free again after the first.
    for file in files:
        tab.fill("brief", "别的")
        tab.part("restore").locator("input[type=file]").set_input_files(str(file))
        tab.until(lambda: tab.text("brief") == "连衣裙")
    numbers = {name: tab.part(name).locator("input").first.input_value() for name in ("steps", "width", "seed")}
    assert numbers == {"steps": "12", "width": width, "seed": "41"}
    assert tab.text("brand_words") == "青禾"


def test_a_foreign_picture_is_told_from_ours(tab, tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "other.png")
    tab.unfold("restoring")
    tab.part("restore").locator("input[type=file]").set_input_files(str(tmp_path / "other.png"))
    assert "Ad Copy" in tab.wait("error")


def test_two_people_never_see_each_others_text(browser, studio_url, tab):
    other = TabPage(browser, studio_url).open()
    tab.fill("brief", BRIEF)
    other.fill("brief", "陶瓷马克杯，奶白色，哑光")
    tab.press("create")
    other.run("create")
    tab.wait()
    assert "裙" in tab.text("copy")
    assert "裙" not in other.text("copy")
    assert "mug" in other.text("prompt")
    other.context.close()


def test_what_one_page_begins_does_not_stop_what_another_has_running(browser, studio_url, tab):
    other = TabPage(browser, studio_url).open()
    for page in (tab, other):
        page.fill("brief", BRIEF)
        page.number("count", 6)
    for _ in range(3):
        tab.press("write")
        other.run("write")
        tab.wait()
        assert tab.part("candidates").locator(".adcopy-card").count() == 6
    other.context.close()


def test_attributes_are_picked_into_the_brief_and_taken_out(tab):
    tab.fill("brief", "裙子，文艺风格")
    tab.until(lambda: "文艺" in tab.part("facts").inner_text())
    tab.choose("kind", "领型")
    tab.page.wait_for_timeout(500)
    tab.choose("value", "圆领")
    tab.until(lambda: tab.text("brief") == "裙子，文艺风格，圆领")
    tab.until(lambda: "圆领" in tab.part("facts").inner_text())
    tab.part("facts").locator(".adcopy-chip").filter(has_text="文艺").locator(".adcopy-press").last.click()
    tab.until(lambda: tab.text("brief") == "裙子，圆领")


def test_one_finding_is_mended_and_the_others_stay(tab):
    tab.fill("brief", BRIEF)
    tab.fill("copy", "国家级连衣裙\n这是最好的圆领连衣裙。")
    tab.until(lambda: tab.part("review").locator(".adcopy-press").count() == 2)
    tab.part("review").locator(".adcopy-press").first.click()
    tab.until(lambda: "国家级" not in tab.text("copy"))
    assert "最好" in tab.text("copy")


def test_the_history_of_changes_is_shown_and_cleared(tab):
    tab.fill("brief", BRIEF)
    tab.run("write")
    tab.fill("wish", "短一点")
    tab.run("revise")
    tab.unfold("history")
    tab.until(lambda: "短一点" in tab.scrolled_to("rounds").inner_text())
    tab.press("forget")
    tab.until(lambda: "短一点" not in tab.scrolled_to("rounds").inner_text())


def test_a_phone_shows_one_column(browser, studio_url):
    page = TabPage(browser, studio_url, width=390, height=844).open()
    assert page.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    brief, copy = page.part("brief").bounding_box(), page.part("copy").bounding_box()
    assert copy["y"] > brief["y"] + brief["height"]
    page.context.close()


def test_every_control_has_a_tooltip(tab):
    controls = tab.page.locator("#adcopy_root :is(button, .block)[id^=adcopy_]:has(label, button, input), "
                                "#adcopy_root button[id^=adcopy_]")
    untold = "parts => parts.filter(part => !part.title && !part.closest('.adcopy-hidden')).map(part => part.id)"
    tab.until(lambda: tab.part("create").get_attribute("title"))
    shown = {"adcopy_gallery", "adcopy_facts", "adcopy_review", "adcopy_networks_used", "adcopy_notes",
             # A sub-tab's word says all of it.
             "adcopy_create_tab-button", "adcopy_models_tab-button"}  # fmt: skip
    assert set(controls.evaluate_all(untold)) - shown == set()


def test_the_page_asks_for_nothing_of_ours_outside(tab):
    assert tab.outside <= {"cdnjs.cloudflare.com"}


def test_ctrl_enter_draws(tab):
    tab.fill("brief", BRIEF)
    tab.part("prompt").locator("textarea").press("Control+Enter")
    assert "models/Stable-diffusion" in tab.wait("error")


def test_escape_stops_what_runs_and_nothing_else(tab):
    tab.fill("brief", BRIEF)
    said = tab.run("write")
    box = tab.part("copy").locator("textarea")
    box.press("Escape")
    tab.page.wait_for_timeout(700)
    assert tab.status() == said
    tab.part("status").locator(".adcopy-status").evaluate("line => line.classList.add('adcopy-busy')")
    box.press("Escape")
    # The line says so where nothing runs after all.
    tab.until(lambda: "没有正在进行的任务" in tab.status())


def test_alt_enter_skips_what_runs_and_nothing_else(tab):
    tab.fill("brief", BRIEF)
    tab.run("write")
    tab.page.evaluate("document.querySelector('#adcopy_skip').addEventListener('click', () => { window.skipped = 1; })")
    box = tab.part("copy").locator("textarea")
    box.press("Alt+Enter")
    tab.page.wait_for_timeout(300)
    assert tab.page.evaluate("window.skipped") is None
    tab.part("status").locator(".adcopy-status").evaluate("line => line.classList.add('adcopy-busy')")
    box.press("Alt+Enter")
    assert tab.page.evaluate("window.skipped") == 1


def test_the_weight_of_a_network_goes_from_minus_two_to_two(tab):
    tab.unfold("networks")
    weight = tab.part("network_weight").locator("input[type=range]")
    assert (weight.get_attribute("min"), weight.get_attribute("max")) == ("-2", "2")


def test_a_format_sets_the_sizes_and_hires_fix_and_a_style_the_rest(tab):
    def number(name):
        return float(tab.part(name).locator("input[type=number]").first.input_value())

    tab.unfold("settings")
    assert number("hires_scale") == 2
    tab.choose("format", "淘宝主图")
    tab.until(lambda: number("width") == number("height") > 500)
    assert 1 < number("hires_scale") < 1.5
    tab.choose("style", "白底棚拍")
    tab.until(lambda: number("steps") == 28 and number("cfg_scale") == 6.5)
    assert tab.text("sampler").startswith("DPM++ 2M")
    tab.choose("format", "公众号小图")
    tab.until(lambda: number("hires_scale") == 1)
