"""Teaching in a real webui: its torch, its gradio, its page; the prefix is written among ours and chosen at once."""

from __future__ import annotations

import json
import shutil

import pytest

from tests import tiny_chatglm
from tests.browser import screenshot
from tests.hosts.real_webui import ROOT

pytestmark = [pytest.mark.webui, pytest.mark.browser]
NAME = "taught-by-a-test"


@pytest.fixture
def taught():
    yield ROOT / "models" / NAME
    shutil.rmtree(ROOT / "models" / NAME, ignore_errors=True)


@pytest.mark.skipif(not tiny_chatglm.GOLDEN.is_dir(), reason="no golden data here")
def test_a_sellers_table_becomes_a_prefix_that_writes(webui, browser, taught, tmp_path):
    pairs = [(f"产品#杯子{at}*卖点#轻", f"杯子{at}很轻，出门就带它。") for at in range(12)]
    rows = [json.dumps({"content": query, "summary": copy}, ensure_ascii=False) for query, copy in pairs]
    (tmp_path / "shop.jsonl").write_bytes("\n".join(rows).encode("gbk"))
    tab = webui.tab(browser, height=1600)
    tab.choose("writer", "tiny（ChatGLM，16 位）")
    tab.unfold("tuning")
    tab.part("tune_data").locator("input[type=file]").first.set_input_files(str(tmp_path / "shop.jsonl"))
    tab.until(lambda: "12 条示例" in tab.part("tune_report").inner_text(), 120)
    tab.choose("tune_model", "tiny（ChatGLM，16 位）")
    tab.fill("tune_name", NAME)
    tab.unfold("tune_more")
    tab.number("tune_steps", 60)
    tab.press("tune_start")
    tab.until(lambda: tab.part("tune_progress").locator(".adcopy-done, .adcopy-error").count(), 300)
    assert "完成" in tab.part("tune_progress").inner_text(), tab.part("tune_progress").inner_text()
    screenshot(tab, f"{webui.name}-tuning.png")
    tab.until(lambda: tab.text("prefix") == NAME)
    assert (taught / "pytorch_model.bin").is_file()
    tab.fill("brief", "杯子，轻")
    tab.run("write")
    assert tab.text("copy")
    assert tab.errors == []
