"""The studio with a checkpoint, in a real browser: one seller's whole way, and again after the page is reloaded."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("torch")
pytest.importorskip("diffusers")

from lib_adcopy.hosts.standalone.tokenizer import find_merges
from tests import journey
from tests.browser import TabPage, screenshot
from tests.hosts import random_sd
from tests.ui.conftest import ROOT, studio

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(find_merges() is None, reason="no package here carries CLIP's merges"),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    random_sd.make(home)
    (home / "models" / "starter").symlink_to(ROOT / "models" / "starter", target_is_directory=True)
    with studio(home) as served:
        yield served


def test_write_choose_revise_derive_edit_draw_interrupt_reload_and_again(browser, url):
    tab = TabPage(browser, url).open()
    small(tab)
    journey.write_choose_and_revise(tab)
    journey.derive_edit_and_draw(tab)
    journey.interrupt(tab, begun=lambda: "%" in tab.status())
    kept = tab.text("prompt")
    tab.page.wait_for_timeout(600)
    tab.open()
    assert tab.text("prompt") == kept
    small(tab)
    journey.write_choose_and_revise(tab)
    journey.derive_edit_and_draw(tab)
    screenshot(tab, "studio-pictures.png")
    tab.context.close()
    assert tab.errors == []


def test_a_prompt_and_a_copy_typed_by_hand_need_no_brief(browser, url):
    tab = TabPage(browser, url).open()
    small(tab)
    tab.fill("prompt", "a white mug on a table")
    tab.run("generate")
    tab.until(lambda: tab.pictures() > 0)
    tab.fill("copy", "一只白杯子\n早上的第一口咖啡。")
    tab.run("compose")
    tab.until(lambda: tab.pictures() > 1)
    tab.fill("prompt", "")
    assert "描述" in tab.run("generate", kind="error")
    tab.context.close()
    assert tab.errors == []


def test_a_long_picture_is_seen_as_it_grows_with_the_time_that_is_left(browser, url):
    tab = TabPage(browser, url).open()
    small(tab)
    tab.fill("prompt", "a white mug on a table")
    tab.number("steps", 150)
    for name in ("width", "height"):
        tab.number(name, 256)
    stood = tab.place("generate")
    tab.press("generate")
    tab.until(lambda: tab.part("status").locator("img.adcopy-preview").count() == 1)
    assert tab.place("generate") == stood
    assert re.search(r"\d+%，还要 \d+:\d\d", tab.status())
    assert tab.part("status").locator("img").evaluate("image => image.naturalWidth") == 32
    screenshot(tab, "studio-drawing.png")
    tab.press("interrupt")
    tab.until(lambda: "已停止" in tab.status())
    assert tab.part("status").locator("img").count() == 0
    tab.context.close()
    assert tab.errors == []


def small(tab):
    tab.unfold("settings")
    for name, value in (("width", 64), ("height", 64), ("steps", 2), ("hires_scale", 1)):
        tab.number(name, value)
