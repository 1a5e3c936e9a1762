"""One seller's whole way in a real webui, and again after Reload UI: every step of the tab with the starter writing."""

from __future__ import annotations

import time

import pytest

from tests.browser import screenshot
from tests.hosts.conftest import small
from tests.hosts.real_webui import opened

pytestmark = pytest.mark.webui
BRIEF = "裙子，文艺风格，简约图案，连衣裙，圆领"
STARTER = "starter（ChatGLM，16 位）"


def test_write_choose_revise_derive_edit_draw_interrupt_send_reload_and_again(webui, browser):
    tab = webui.tab(browser)
    small(webui, tab)
    write_choose_and_revise(tab)
    derive_edit_and_draw(webui, tab)
    interrupt(tab)
    send_to_img2img(tab)
    assert tab.errors == []
    reload_ui(webui, tab)
    small(webui, tab)
    write_choose_and_revise(tab)
    derive_edit_and_draw(webui, tab)
    screenshot(tab, f"{webui.name}.png")
    tab.context.close()
    assert tab.errors == []
    assert webui.faults() == []


def write_choose_and_revise(tab):
    tab.choose("writer", STARTER)
    tab.fill("brief", BRIEF)
    tab.run("write")
    first = tab.text("copy")
    tab.part("candidates").locator("input[type=radio]").nth(1).check()
    tab.until(lambda: tab.text("copy") != first)
    chosen = tab.text("copy")
    tab.fill("wish", "短一点")
    tab.run("revise")
    assert 0 < len(tab.text("copy")) < len(chosen)


def derive_edit_and_draw(webui, tab):
    tab.run("derive")
    assert "<lora:add_detail:0.5>" in tab.text("prompt")
    tab.fill("copy", tab.text("copy") + "喜欢就带走。")
    tab.fill("prompt", "white fabric, " + tab.text("prompt"))
    # The host names embeddings only where it reads the negative prompt anew, which it keeps from picture to picture.
    tab.fill("negative_prompt", f"{tab.text('negative_prompt')}, grain {time.time_ns()}")
    tab.run("generate", seconds=600)
    tab.until(lambda: tab.pictures() > 0)
    said = tab.page.locator("#html_info_adcopy").first.inner_text()
    assert said.startswith("white fabric, ")
    # Forge calls the embeddings' hashes TI.
    for named in ("Lora hashes", "add_detail", "TI", "EasyNegative"):
        assert named in said
    tab.run("compose")
    tab.until(lambda: tab.pictures() > 1)


def interrupt(tab):
    tab.number("steps", 150)
    tab.press("generate")
    tab.until(lambda: tab.page.locator(".progressDiv").count() > 0, 120)
    tab.page.wait_for_timeout(1500)
    tab.press("interrupt")
    tab.until(lambda: "adcopy-done" in tab.kind(), 120)
    assert "已停止" in tab.status()
    tab.number("steps", 2)
    tab.run("generate", seconds=600)
    tab.until(lambda: tab.pictures() > 0)


def send_to_img2img(tab):
    prompt = tab.text("prompt")
    tab.page.wait_for_timeout(500)
    tab.press("send_img2img")
    tab.page.wait_for_selector("#img2img_prompt textarea", state="visible")
    tab.until(lambda: tab.page.locator("#img2img_prompt textarea").first.input_value() == prompt)
    tab.until(lambda: tab.page.locator("#img2img_image img, #img2img_image canvas").count() > 0)


def reload_ui(webui, tab):
    tab.page.evaluate("gradioApp().querySelector('#settings_restart_gradio').click()")
    # The host's page waits for the new server, complains until it is there, and then loads itself again.
    tab.page.wait_for_timeout(5000)
    webui.wait()
    opened(tab)
    tab.errors.clear()
