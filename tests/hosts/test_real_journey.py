"""One seller's whole way in a real webui, and again after Reload UI."""

from __future__ import annotations

import pytest

from tests import journey
from tests.browser import screenshot
from tests.hosts.conftest import small
from tests.hosts.real_webui import opened

pytestmark = pytest.mark.webui


def test_write_choose_revise_derive_edit_draw_interrupt_send_reload_and_again(webui, browser):
    tab = webui.tab(browser)
    small(webui, tab)
    journey.write_choose_and_revise(tab)
    journey.derive_edit_and_draw(tab)
    journey.interrupt(tab, begun=lambda: tab.page.locator(".progressDiv").count() > 0)
    send_to_img2img(tab)
    assert tab.errors == []
    reload_ui(webui, tab)
    small(webui, tab)
    journey.write_choose_and_revise(tab)
    journey.derive_edit_and_draw(tab)
    tab.unfold("settings")
    screenshot(tab, f"{webui.name}.png")
    tab.context.close()
    assert tab.errors == []
    assert webui.faults() == []


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
