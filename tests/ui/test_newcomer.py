"""Somebody new, with one sentence of task ("make an ad for your mug, 39 yuan"): how many presses, and how long."""

from __future__ import annotations

import time

import pytest

from lib_adcopy.storage import read
from tests.browser import TabPage

pytestmark = pytest.mark.browser
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.mark.parametrize("device", SIZES)
def test_a_newcomer_reaches_a_saved_creative_in_few_presses(browser, studio_url, home, device):
    width, height = SIZES[device]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", has_touch=width < 800)
    tab = TabPage(browser, studio_url, context=context).open()
    tab.page.evaluate("window.presses = 0; document.addEventListener('click', () => { window.presses += 1; }, true)")
    begun = time.monotonic()
    box = tab.part("brief").locator("textarea")
    # What a newcomer looks for is there without scrolling: where to write, and what to press.
    for part in (box, tab.part("create")):
        place = part.bounding_box()
        assert place["y"] + place["height"] <= height, part
    box.click()
    tab.page.keyboard.type("马克杯，39元")
    tab.part("create").click()
    tab.until(lambda: "adcopy-busy" in tab.kind() or "adcopy-done" in tab.kind())
    said = tab.wait()
    assert "已保存到" in said
    tab.until(lambda: tab.pictures() > 0)
    taken = time.monotonic() - begun
    assert tab.page.evaluate("window.presses") < 5
    assert taken < 90
    # And it is looking at the result.
    tab.until(lambda: 0 <= tab.part("gallery").bounding_box()["y"] < height - 100)
    newest = max((home / "outputs").rglob("*.png"), key=lambda file: file.stat().st_mtime)
    assert "39" in read(newest).copy.text
    context.close()
    assert tab.errors == []
