"""The models panel in a real browser: what is there, getting more, and where each model is."""

from __future__ import annotations

import pytest

from lib_adcopy.model_library.sources import PUBLISHED
from tests.browser import TabPage, screenshot
from tests.ui.conftest import studio
from tests.unit.model_library.conftest import model_files, safetensors
from tests.unit.model_library.hub import hub_at_work

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def hub():
    with hub_at_work() as working:
        working.files = {**model_files(), "add_detail.safetensors": safetensors({"lora_down.weight": (60, 100)})}
        working.commit = PUBLISHED["chatglm-6b-int4"].hubs["huggingface"].revision
        yield working


def said(tab):
    return tab.part("models_progress").inner_text()


def test_a_model_and_a_lora_are_got_by_a_button(browser, hub, tmp_path):
    with studio(tmp_path) as url:
        tab = TabPage(browser, url, height=1400).open()
        tab.unfold("models")
        assert "还没有语言模型" in tab.part("models_list").inner_text()
        tab.fill("models_mirror", hub.address)
        tab.choose("models_source", "Hugging Face")
        tab.press("models_fetch")
        tab.until(lambda: "已就绪" in said(tab), 60)
        assert "chatglm-6b-int4" in tab.part("models_list").inner_text()
        assert (tmp_path / "models" / "chatglm-6b-int4" / "model.safetensors").is_file()
        tab.choose("models_source_model", "chatglm-6b-int4")
        tab.fill("models_address", f"{hub.address}/add_detail.safetensors")
        tab.press("models_download")
        tab.until(lambda: "add_detail" in said(tab), 60)
        tab.until((tmp_path / "models" / "Lora" / "add_detail.safetensors").is_file, 60)
        tab.fill("models_address", "add_detail")
        tab.press("models_download")
        tab.until(lambda: "不是下载地址" in said(tab), 60)
        tab.press("models_look")
        tab.until(lambda: "语言模型：未加载" in tab.part("where").inner_text())
        screenshot(tab, "models.png")
        assert tab.outside <= {"cdnjs.cloudflare.com"}
        tab.context.close()
        assert tab.errors == []


def test_a_download_is_stopped_and_goes_on(browser, hub, tmp_path):
    import threading

    hub.slow = threading.Event()
    with studio(tmp_path) as url:
        tab = TabPage(browser, url, height=1400).open()
        tab.unfold("models")
        tab.fill("models_mirror", hub.address)
        tab.choose("models_source", "Hugging Face")
        tab.press("models_fetch")
        tab.until(lambda: "下载中" in said(tab), 60)
        tab.press("models_stop")
        tab.until(lambda: "已停止" in said(tab), 60)
        hub.slow = None
        tab.press("models_fetch")
        tab.until(lambda: "已就绪" in said(tab), 60)
        tab.context.close()
        assert tab.errors == []
