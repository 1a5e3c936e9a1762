"""What was typed and made is there again: after a reload, a restart of the server, a lost connection; tab by tab."""

from __future__ import annotations

import pytest

from tests.browser import TabPage
from tests.ui.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BRIEF = "陶瓷马克杯，奶白色，哑光，39元"


def made(tab):
    """What a page shows of its work."""
    return {
        **{name: tab.text(name) for name in ("brief", "platform", "tone", "writer", "copy")},
        "cards": tab.part("candidates").locator(".adcopy-card b").all_inner_texts(),
        "chips": tab.part("facts").locator(".adcopy-chip").count(),
        "pictures": tab.pictures() > 0,
        "review": tab.part("review").inner_text(),
    }


def back(tab, before):
    tab.until(lambda: tab.text("copy") == before["copy"] and tab.pictures() > 0)
    tab.until(lambda: made(tab) == before)


def work(tab):
    tab.fill("brief", BRIEF)
    tab.choose("platform", "淘宝")
    tab.choose("tone", "活泼")
    tab.run("create")
    tab.until(lambda: tab.pictures() > 0)
    # Until the script has looked at it.
    tab.page.wait_for_timeout(700)
    return made(tab)


def test_a_reload_finds_texts_choices_candidates_and_the_result(tab):
    before = work(tab)
    tab.open()
    back(tab, before)
    assert "已保存到" in tab.status()
    tab.run("compose")


def test_a_restarted_server_finds_them_and_says_that_it_was_gone(browser, tmp_path):
    server = Server(tmp_path)
    tab = TabPage(browser, server.start()).open()
    before = work(tab)
    server.stop()
    tab.press("write")
    tab.until(lambda: "adcopy-error" in tab.kind() and "断开" in tab.status())
    server.start()
    tab.until(lambda: "adcopy-done" in tab.kind(), 60)
    assert made(tab) == before
    tab.open()
    back(tab, before)
    tab.run("compose")
    tab.context.close()
    server.stop()


def test_two_tabs_of_one_browser_keep_apart(browser, studio_url):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    one, other = (TabPage(browser, studio_url, context=context).open() for _ in range(2))
    one.fill("brief", BRIEF)
    one.run("write")
    other.fill("brief", "帐篷，防水，299元")
    other.run("write")
    for page in (one, other):
        page.page.wait_for_timeout(700)
        page.open()
    one.until(lambda: "马克杯" in one.text("copy"))
    other.until(lambda: "帐篷" in other.text("copy"))
    assert (one.text("brief"), other.text("brief")) == (BRIEF, "帐篷，防水，299元")
    context.close()


def test_a_tab_opened_later_goes_on_with_the_page_used_last(browser, studio_url):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    first = TabPage(browser, studio_url, context=context).open()
    first.fill("brief", BRIEF)
    first.run("write")
    first.page.wait_for_timeout(700)
    copy = first.text("copy")
    first.page.close()
    later = TabPage(browser, studio_url, context=context).open()
    later.until(lambda: later.text("copy") == copy)
    context.close()


def test_another_language_says_everything_in_it(tab):
    tab.fill("brief", BRIEF)
    tab.fill("copy", "国家级马克杯\n这是最好的马克杯，39元。")
    tab.run("write")
    tab.choose("language", "English")
    tab.until(lambda: tab.part("create").inner_text() == "Create ad")
    tab.until(lambda: tab.status() == "Done")
    tab.until(lambda: "Covers" in tab.part("candidates").inner_text() and "Covers" in tab.part("review").inner_text())
    assert "price" in tab.part("facts").inner_text()
    assert "Copy title" in tab.part("copying").inner_text()
    assert "shorter" in tab.part("wishes").inner_text()


def test_stop_with_nothing_running_says_so(tab):
    tab.press("interrupt")
    tab.until(lambda: "没有正在进行的任务" in tab.status())
    assert "adcopy-busy" not in tab.kind()
