"""What foreign pages and hand-made requests try on the tab, in a real webui: its own server, middleware and gradio."""

from __future__ import annotations

import pytest
import requests

from tests.page_client import SECONDS, PageClient, RefusedError

pytestmark = pytest.mark.webui
EVIL = "http://evil.example"
BRIEF = "裙子，连衣裙，圆领"
CHANGES = (
    ("adcopy_write", {"adcopy_brief": BRIEF}), ("adcopy_clear", {}), ("adcopy_interrupt", {}), ("adcopy_skip", {}),
    ("adcopy_style_delete", {}), ("adcopy_tune_start", {}), ("adcopy_tune_stop", {}), ("adcopy_models_load", {}),
    ("adcopy_models_fetch", {}), ("adcopy_refresh", {}), ("adcopy_unload", {}),
)  # fmt: skip


@pytest.fixture(scope="module")
def page(webui):
    return PageClient(webui.url, headers={"Origin": webui.url.rstrip("/")})


def test_the_pages_own_requests_and_a_programs_are_answered(webui, page):
    for client in (page, PageClient(webui.url, config=page.config)):
        assert client.call("adcopy_write", adcopy_brief=BRIEF)["adcopy_copy"]
        assert "adcopy_status" in client.call("adcopy_clear")


@pytest.mark.parametrize(
    "headers",
    [{"Origin": EVIL}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://localhost:1"}],
    ids=["foreign", "null", "cross-site", "another port"],
)
def test_what_another_page_asks_is_refused(webui, page, headers):
    stranger = PageClient(webui.url, headers=headers, config=page.config)
    for name, values in CHANGES:
        with pytest.raises(RefusedError):
            stranger.call(name, **values)


def test_a_post_without_content_type_is_refused(webui, page):
    """A page needs no preflight for it."""
    for name in ("adcopy_clear", "adcopy_write"):
        index, one = page.dependency(name, "click")
        body = {"data": page.data(one, {}), "fn_index": index, "session_hash": "x", "event_data": None}
        raw = requests.Request("POST", "http://x", json=body).prepare().body
        path = "queue/join" if page.gradio_4 and one["queue"] is not False else "run/predict"
        headers = {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}
        if path == "queue/join":
            stranger = PageClient(webui.url, headers=headers, config=page.config)
            with pytest.raises(RefusedError):
                stranger.call(name)
            continue
        answer = requests.post(webui.url + path, data=raw, headers=headers, timeout=SECONDS)
        assert answer.status_code != 200


def test_a_name_that_was_made_to_point_here_is_refused(webui, page):
    port = webui.url.rstrip("/").rpartition(":")[2]
    headers = {"Host": f"evil.example:{port}", "Origin": f"http://evil.example:{port}", "Sec-Fetch-Site": "same-origin"}
    with pytest.raises(RefusedError):
        PageClient(webui.url, headers=headers, config=page.config).call("adcopy_clear")


def test_a_page_cannot_write_the_headers_of_its_own_request(webui, page):
    """gradio 3 reads those of a queued request from its body."""
    own = {"headers": {"origin": webui.url.rstrip("/"), "host": webui.url.split("/")[2]}}
    for name in ("adcopy_clear", "adcopy_write", "adcopy_tune_stop"):
        index, one = page.dependency(name, "click")
        body = {"data": page.data(one, {}), "fn_index": index, "session_hash": "x", "request": own}
        answer = requests.post(f"{webui.url}run/predict", json=body, headers={"Origin": EVIL}, timeout=SECONDS)
        assert answer.status_code != 200


def test_no_path_of_the_machine_is_opened(webui, page):
    outside = page.file(str(webui.folder / "webui.py"))
    bare = {name: value for name, value in outside.items() if name != "meta"}
    for value in (outside, bare):
        for box in ("adcopy_restore", "adcopy_tune_data"):
            with pytest.raises(RefusedError):
                page.call(box, "upload", **{box: value})


def test_a_thousand_copies_are_brought_within_the_slider(page):
    # Each copy of a thousand would be tens of seconds.
    assert page.call("adcopy_write", adcopy_brief=BRIEF, adcopy_count=1000)["adcopy_copy"]


def test_a_visitor_through_a_proxy_changes_no_style_of_the_owners(webui, page):
    name = "kept by a test"
    said = page.call("adcopy_style_save", adcopy_style_name=name, adcopy_prompt="a red mug", adcopy_owner="o" * 64)
    assert "adcopy-done" in said["adcopy_status"]
    visitor = PageClient(webui.url, headers={**page.headers, "X-Forwarded-For": "203.0.113.9"}, config=page.config)
    for who in ({}, {"adcopy_owner": "v" * 64}):
        assert "adcopy-error" in visitor.call("adcopy_style_delete", adcopy_style=name, **who)["adcopy_status"]
    with pytest.raises(RefusedError):
        visitor.call("adcopy_models_fetch")
    assert "adcopy-done" in page.call("adcopy_style_delete", adcopy_style=name)["adcopy_status"]
