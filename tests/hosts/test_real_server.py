"""The user's model server in a real webui: its Settings page takes the key and gives it away to nobody."""

from __future__ import annotations

import json

import pytest
import requests

from tests.hosts.real_webui import opened, running
from tests.scripted_server import Scripted, events

pytestmark = pytest.mark.webui

KEY = "sk-typed-2468"
GOOD = "标题：早上第一杯\n正文：奶白色的陶瓷马克杯，哑光的手感，350ml，39元。\n话题：#马克杯 #早餐 #桌面好物"


def test_a_server_set_on_the_settings_page_writes_and_its_key_stays_hidden(browser, tmp_path):
    scripted = Scripted()
    scripted.write(events(GOOD))
    with running(tmp_path, "--api") as webui:
        tab = None
        try:
            options = {"address": scripted.origin, "key": KEY, "model": "tiny"}
            told = {f"adcopy_server_{name}": value for name, value in options.items()}
            tab = webui.tab(browser, locale="zh-CN")
            # The webui adds its API after its page.
            tab.until(lambda: requests.get(f"{webui.url}sdapi/v1/options", timeout=60).status_code == 200)
            requests.post(f"{webui.url}sdapi/v1/options", json=told, timeout=60).raise_for_status()
            tab.page.reload()
            opened(tab)
            tab.until(lambda: tab.text("server_address") == scripted.origin)
            tab.fill("brief", "陶瓷马克杯，奶白色，哑光，350ml，39元")
            tab.choose("writer", "tiny（模型服务器）")
            tab.press("write")
            tab.until(lambda: "早上第一杯" in tab.text("copy"), 60)
            assert scripted.requests[-1][2]["Authorization"] == f"Bearer {KEY}"
            shown = requests.get(f"{webui.url}sdapi/v1/options", timeout=60).text
            report = requests.get(f"{webui.url}internal/sysinfo", timeout=60).text
            pages = requests.get(f"{webui.url}config", timeout=60).text + requests.get(webui.url, timeout=60).text
            assert scripted.origin in shown
            assert KEY not in shown + report + pages + webui.log.read_text() + (tmp_path / "config.json").read_text()
            assert json.loads(shown)["adcopy_server_key"] == ""
        finally:
            # The key's file is in the webui's own folder: forgotten with the address.
            if tab is not None:
                tab.fill("server_address", "")
                tab.press("server_save")
                tab.until(lambda: "已清除" in tab.part("server_state").inner_text())
                tab.context.close()
            scripted.close()
