"""The starter in a real browser, on a fresh machine: it writes at once, and another prefix writes another copy."""

from __future__ import annotations

import pytest

from tests.browser import TabPage
from tests.ui.conftest import ROOT, studio

pytest.importorskip("torch")
pytestmark = [pytest.mark.browser, pytest.mark.slow]
BEAUTY, CLOTHING = "口红，哑光，显白，不拔干", "类型#裙*风格#文艺*裙长#连衣裙*裙领型#圆领"


def with_the_starter(home):
    (home / "models").mkdir()
    for name in ("starter", "starter-adgen", "starter-beauty"):
        (home / "models" / name).symlink_to(ROOT / "models" / name)
    return home


@pytest.fixture(scope="module")
def fresh(browser, tmp_path_factory):
    with studio(with_the_starter(tmp_path_factory.mktemp("fresh"))) as url:
        page = TabPage(browser, url).open()
        yield page
        page.context.close()
        assert page.errors == []


def written(tab, brief, prefix):
    tab.choose("prefix", prefix)
    tab.fill("brief", brief)
    tab.run("write")
    return tab.text("copy")


def test_the_starter_writes_and_a_prefix_changes_what_it_writes(fresh):
    tab = fresh
    assert tab.text("writer") == "内置模板（无需下载）"
    tab.choose("writer", "starter（ChatGLM，16 位）")
    tab.until(lambda: tab.text("prefix") == "按品类")
    tab.unfold("writing")
    tab.number("copy_seed", 7)
    assert tab.text("prefix") == "按品类"
    dress = written(tab, CLOTHING, "按品类")
    assert "圆领" in dress and "连衣裙" in dress
    assert written(tab, CLOTHING, "starter-adgen") == dress
    assert written(tab, CLOTHING, "不使用") != dress
    # It writes of clothing alone; of all else the template writes, whatever prefix is chosen.
    note = written(tab, BEAUTY, "starter-beauty")
    assert "口红" in note and "#" in note
    assert written(tab, BEAUTY, "不使用") == note


def test_only_what_fits_the_writer_is_offered(fresh):
    tab = fresh
    tab.choose("prefix", "starter-beauty")
    tab.choose("writer", "内置模板（无需下载）")
    tab.until(lambda: tab.text("prefix") == "按品类")
    tab.part("prefix").locator("input").first.click()
    offered = tab.page.locator("ul.options li").all_inner_texts()
    tab.page.keyboard.press("Escape")
    assert any("不使用" in word for word in offered)
    assert not any("starter-" in word for word in offered)
    tab.choose("writer", "starter（ChatGLM，16 位）")
    tab.choose("prefix", "starter-beauty")
    assert tab.text("prefix") == "starter-beauty"


def test_a_page_left_alone_says_that_the_idle_model_has_gone(browser, tmp_path):
    with studio(with_the_starter(tmp_path), "--idle-minutes", "0.1") as url:
        tab = TabPage(browser, url).open()
        tab.choose("writer", "starter（ChatGLM，16 位）")
        tab.fill("brief", BEAUTY)
        tab.run("write")
        tab.until(lambda: "语言模型：在 CPU" in tab.part("where").inner_text())
        tab.until(lambda: "语言模型：未加载" in tab.part("where").inner_text(), 30)
        tab.context.close()
        assert tab.errors == []


def test_where_the_models_are_is_told_whenever_the_tab_comes_into_sight(browser, tmp_path):
    with studio(with_the_starter(tmp_path)) as url:
        tab, other = TabPage(browser, url).open(), TabPage(browser, url).open()
        tab.until(lambda: "语言模型：未加载" in tab.part("where").inner_text())
        # As a webui does while another of its tabs is in front.
        tab.part("root").evaluate("root => { root.style.display = 'none'; }")
        other.choose("writer", "starter（ChatGLM，16 位）")
        other.fill("brief", "连衣裙，圆领")
        other.run("write")
        tab.page.wait_for_timeout(1000)
        tab.part("root").evaluate("root => { root.style.display = ''; }")
        tab.until(lambda: "语言模型：在 CPU" in tab.part("where").inner_text())
        tab.choose("language", "English")
        tab.until(lambda: "on the CPU" in tab.part("where").inner_text())
        tab.unfold("models")
        tab.until(lambda: "16 bit" in tab.part("models_list").inner_text())
        for page in (tab, other):
            page.context.close()
            assert page.errors == []


def test_the_model_is_loaded_and_unloaded_by_buttons(fresh):
    fresh.choose("writer", "starter（ChatGLM，16 位）")
    fresh.unfold("models")
    fresh.press("unload")
    fresh.until(lambda: "语言模型：未加载" in fresh.part("where").inner_text())
    fresh.press("models_load")
    fresh.until(lambda: "语言模型：在 CPU" in fresh.part("where").inner_text())
    assert "已就绪" in fresh.part("models_progress").inner_text()
    fresh.press("unload")
    fresh.until(lambda: "语言模型：未加载" in fresh.part("where").inner_text())
