"""A picture of ours under the real webui's own buttons, and sent to each of its tabs."""

from __future__ import annotations

import pytest

from tests.hosts.test_real_webui import BRIEF

pytestmark = pytest.mark.webui
PROMPT = "a red dress, <lora:add_detail:0.5>"
WHERE = {"txt2img": "#txt2img_prompt", "inpaint": "#img2maskimg", "extras": "#extras_image"}


@pytest.fixture
def drawn(tab):
    tab.fill("brief", BRIEF)
    tab.fill("copy", "圆领的连衣裙\n穿上就想出门。")
    tab.fill("prompt", PROMPT)
    tab.number("steps", 3)
    tab.number("seed", 41)
    tab.run("generate", seconds=300)
    tab.until(lambda: tab.pictures() > 0)
    tab.page.wait_for_timeout(500)
    return tab


@pytest.mark.parametrize("target", WHERE)
def test_a_picture_is_sent_to_every_tab(drawn, target):
    drawn.press(f"send_{target}")
    drawn.page.wait_for_selector(WHERE[target], state="visible")
    if target == "txt2img":
        page = drawn.page
        drawn.until(lambda: page.locator("#txt2img_prompt textarea").first.input_value() == PROMPT)
        drawn.until(lambda: page.locator("#txt2img_steps input[type=number]").first.input_value() == "3")
        drawn.until(lambda: page.locator("#txt2img_seed input").first.input_value() == "41")
    else:
        drawn.until(lambda: drawn.page.locator(f"{WHERE[target]} :is(img, canvas)").count() > 0)
    if target == "inpaint":
        drawn.until(lambda: drawn.page.locator("#img2img_prompt textarea").first.input_value() == PROMPT)
    drawn.page.wait_for_timeout(1000)
    assert drawn.page.locator(WHERE[target]).first.is_visible()


def test_the_panel_saves_a_picture_and_zips_it_with_its_poster(drawn, webui):
    drawn.run("compose")
    drawn.until(lambda: drawn.pictures() > 1)
    drawn.page.wait_for_timeout(1000)
    before = set((webui.folder / "log").rglob("*"))
    drawn.page.locator("#save_adcopy").click()
    drawn.until(lambda: "Saved" in drawn.page.locator("#html_log_adcopy").first.inner_text())
    drawn.page.locator("#save_zip_adcopy").click()
    drawn.until(lambda: drawn.page.locator("#download_files_adcopy a").count() > 0)
    drawn.until(lambda: ".zip" in drawn.page.locator("#download_files_adcopy").first.inner_text())
    made = {file.suffix for file in set((webui.folder / "log").rglob("*")) - before}
    assert made >= {".png", ".zip"}
