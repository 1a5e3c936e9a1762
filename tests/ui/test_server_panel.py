"""The user's own model server in the tab: set, tested and writing; both gradios, over HTTP and in a real browser."""

from __future__ import annotations

import pytest

pytest.importorskip("gradio")

from lib_adcopy.domain.server import ServerSettings
from tests.browser import TabPage, screenshot
from tests.page_client import PageClient
from tests.plain_page import Webui, client, served
from tests.scripted_server import CUT, Scripted, events
from tests.ui.conftest import studio

KEY = "sk-secret-8901"
BRIEF = "陶瓷马克杯，奶白色，哑光，350ml，39元"
GOOD = ("标题：早上第一杯\n正文：奶白色的陶瓷马克杯，", "哑光的手感，350ml，39元。\n", "话题：#马克杯 #早餐 #桌面好物")


@pytest.fixture
def scripted():
    server = Scripted()
    yield server
    server.close()


@pytest.fixture
def host(tmp_path):
    return Webui(tmp_path)


@pytest.fixture
def page(host):
    with served(host) as (address, made):
        opened = client(address)
        opened.studio, opened.address = made, address
        yield opened


def save(page, address, key="", model="", **more):
    boxes = {"address": address, "key": key, "model": model, **more}
    return page.call("adcopy_server_save", **{f"adcopy_server_{name}": value for name, value in boxes.items()})


def test_the_button_says_which_models_there_are_and_the_writer_is_offered(page, scripted):
    shown = save(page, scripted.origin, KEY)
    assert "有 2 个模型" in shown["adcopy_server_state"]
    assert shown["adcopy_server_key"] == "" and shown["adcopy_server_address"] == f"{scripted.origin}/v1"
    assert "qwen2.5:7b" in str(shown["adcopy_server_model"]) and "模型服务器" not in str(shown["adcopy_writer"])
    shown = save(page, scripted.origin, "", "tiny")
    assert "可以用了" in shown["adcopy_server_state"] and "adcopy-done" in shown["adcopy_server_state"]
    assert "tiny（模型服务器）" in str(shown["adcopy_writer"])
    shown = save(page, scripted.origin, "", "tiny", public=True)
    assert f"tiny（在 127.0.0.1:{scripted.port}）" in str(shown["adcopy_writer"])
    assert page.studio.server.settings().key == KEY
    assert "已清除" in save(page, "", KEY)["adcopy_server_state"]
    assert page.studio.server.settings() == ServerSettings()


WRONG = (
    (None, "tiny", (401, {}), "不接受这个密钥"),
    (None, "other", None, "没有模型“other”"),
    (None, "tiny", (302, [], {"Location": "http://127.0.0.1:9/"}), "要求转到别的地址"),
    (None, "tiny", (200, "<script>alert(1)</script>"), "没有 OpenAI 格式的接口"),
    (None, "tiny", (500, {"error": {"message": "<b>bad</b>"}}), "&lt;b&gt;bad&lt;/b&gt;"),
    ("ftp://x", "tiny", None, "这不是模型服务器的地址"),
    ("http://me:secret@127.0.0.1", "tiny", None, "这不是模型服务器的地址"),
)


def test_what_is_wrong_is_said_in_one_sentence(page, scripted):
    usual = scripted._answers["/v1/models"]
    for address, model, answer, said in WRONG:
        scripted.say("/v1/models", answer or usual[0])
        shown = save(page, address or scripted.origin, KEY, model)["adcopy_server_state"]
        assert said in shown and "adcopy-error" in shown
        assert KEY not in shown and "<script>" not in shown and "secret" not in shown


def test_a_page_shows_what_was_set_elsewhere_since_the_tab_was_built(page, scripted):
    page.studio.host.keep_options({"server_address": scripted.origin, "server_model": "tiny"})
    shown = page.call("adcopy_page", "input")
    assert shown["adcopy_server_address"] == scripted.origin and "tiny" in str(shown["adcopy_server_model"])
    assert "tiny（模型服务器）" in str(shown["adcopy_writer"]) and "value" not in shown["adcopy_writer"]
    # But not over what somebody is typing.
    typed = page.call("adcopy_page", "input", adcopy_server_address="localhost:1")
    assert scripted.origin not in str(typed["adcopy_server_address"])


def test_hand_made_values_are_refused_or_cut(page, scripted):
    for value in (None, 7, ["x"], {"a": 1}, "x" * 200_000, "\x00", "密钥"):
        assert "adcopy-" in save(page, scripted.origin, value, value, public=value)["adcopy_server_state"]
        assert "adcopy-" in save(page, value, value, value)["adcopy_server_state"]


def test_no_page_is_sent_the_key(page, host, scripted):
    save(page, scripted.origin, KEY, "tiny")
    with served(host) as (address, _):
        again = client(address)
        assert KEY not in str(again.config) and scripted.origin in str(again.config)


def test_where_others_reach_the_page_it_is_off(host, scripted):
    with served(host) as (address, made):
        save(client(address), scripted.origin, KEY, "tiny")
        asked = len(scripted.requests)
        # A page for its owner alone, reached through a tunnel.
        outside = PageClient(address, headers={"Origin": address.rstrip("/"), "X-Forwarded-For": "203.0.113.7"})
        assert "别人也能打开" in save(outside, scripted.origin, "", "other")["adcopy_server_state"]
        writer = made.writers()[-1].title.text("zh")
        shown = outside.call("adcopy_write", adcopy_brief=BRIEF, adcopy_writer=writer)["adcopy_status"]
        assert "别人也能打开" in shown and "adcopy-error" in shown
        assert made.server.settings().model == "tiny" and len(scripted.requests) == asked
    host.shared = True
    with served(host) as (address, _):
        shared = client(address)
        assert "别人也能打开" in shared.component("adcopy_server_shared")["props"]["value"]
        assert scripted.origin not in str(shared.component("adcopy_server_shared"))
        assert not any(part["props"].get("elem_id") == "adcopy_server_key" for part in shared.components.values())
        shown = shared.call("adcopy_write", adcopy_brief=BRIEF, adcopy_writer=writer)["adcopy_status"]
        assert "别人也能打开" in shown and len(scripted.requests) == asked


@pytest.mark.browser
def test_a_seller_sets_his_server_and_writes_with_it(browser, scripted, tmp_path):
    scripted.write(events(*GOOD))
    with studio(tmp_path) as url:
        tab = TabPage(browser, url, height=1400).open()
        tab.fill("server_address", f"127.0.0.1:{scripted.port}")
        tab.fill("server_key", KEY)
        tab.press("server_save")
        tab.until(lambda: "有 2 个模型" in tab.part("server_state").inner_text())
        tab.choose("server_model", "qwen2.5:7b")
        tab.press("server_save")
        tab.until(lambda: "可以用了" in tab.part("server_state").inner_text())
        assert (
            tab.text("server_key") == "" and tab.part("server_key").locator("input").get_attribute("type") == "password"
        )
        screenshot(tab, "server.png")
        tab.fill("brief", BRIEF)
        tab.choose("writer", "qwen2.5:7b（模型服务器）")
        tab.press("write")
        tab.until(lambda: "早上第一杯" in tab.text("copy"), 60)
        assert "39元" in tab.text("copy")
        before = tab.text("copy")
        scripted.write([*events("标题：写了一", finish="", done=False), CUT])
        tab.press("write")
        tab.until(lambda: "中途断开" in tab.part("status").inner_text(), 60)
        tab.until(lambda: tab.text("copy") == before)
        screenshot(tab, "server-cut.png")
        tab.context.close()
        assert tab.errors == []
    assert not any(KEY.encode() in file.read_bytes() for file in tmp_path.glob("*.log"))
