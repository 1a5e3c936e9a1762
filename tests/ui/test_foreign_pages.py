"""What any web page the user visits might try on the studio, over HTTP and WebSocket."""

from __future__ import annotations

import json

import pytest
import requests

from tests.page_client import SECONDS, PageClient, RefusedError, websocket_status

EVIL = "http://evil.example"
BRIEF = "裙子，连衣裙，圆领"


@pytest.fixture(scope="module")
def page(studio_url):
    return PageClient(studio_url)


@pytest.fixture(scope="module")
def own(studio_url):
    """What a browser says of a request that the studio's own page makes."""
    return {"Origin": studio_url.rstrip("/"), "Sec-Fetch-Site": "same-origin"}


def writing(page):
    """The body by which the page asks for copies, and the path it is sent to."""
    index, one = page.dependency("adcopy_write", "click")
    data = page.data(one, {"adcopy_brief": BRIEF})
    return {"data": data, "fn_index": index, "session_hash": page.session, "event_data": None}


def quick(page):
    index, one = page.dependency("adcopy_undo", "click")
    return {"data": page.data(one, {}), "fn_index": index, "session_hash": page.session, "event_data": None}


def test_the_studios_own_page_and_a_program_are_served(studio_url, own):
    for headers in (own, {}):
        page = PageClient(studio_url, headers=headers)
        assert page.call("adcopy_write", adcopy_brief=BRIEF)["adcopy_copy"]
        assert "adcopy_status" in page.call("adcopy_clear")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_post_that_needs_no_preflight_is_refused(page, studio_url, kind):
    headers = {"Content-Type": kind} if kind else {}
    for path, body in (("/run/predict", quick(page)), ("/queue/join", writing(page)), ("/api/predict", quick(page))):
        sent = {"Origin": EVIL, "Sec-Fetch-Site": "cross-site", **headers}
        for given in (sent, headers):
            answer = requests.post(f"{studio_url.rstrip('/')}{path}", data=json.dumps(body).encode(), headers=given,
                                   timeout=SECONDS)  # fmt: skip
            assert answer.status_code in (403, 405, 415), (path, given, answer.text)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": EVIL}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
     {"Origin": "http://localhost:1"}, {"Origin": "http://127.0.0.1.evil.example"}],
    ids=str,
)  # fmt: skip
def test_another_pages_request_is_refused(page, studio_url, headers):
    stranger = PageClient(studio_url, headers=headers, config=page.config)
    for ask in (lambda: stranger.call("adcopy_clear"), lambda: stranger.call("adcopy_write", adcopy_brief=BRIEF),
                lambda: stranger.upload("x.png", b"x")):  # fmt: skip
        with pytest.raises(RefusedError) as refused:
            ask()
        assert refused.value.status == 403
    for path in ("", "config", "file=/etc/hostname", "queue/status"):
        assert requests.get(studio_url + path, headers=headers, timeout=SECONDS).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example:{port}", "localhost.evil.example:{port}", "127.0.0.1:1", "127.0.0.1", ""]
)
def test_a_name_that_was_made_to_point_here_is_refused(page, studio_url, host):
    port = studio_url.rstrip("/").rpartition(":")[2]
    named = host.format(port=port)
    rebound = {"Host": named, "Origin": f"http://{named}", "Sec-Fetch-Site": "same-origin"}
    assert requests.get(studio_url, headers={"Host": named}, timeout=SECONDS).status_code == 403
    with pytest.raises(RefusedError) as refused:
        PageClient(studio_url, headers=rebound, config=page.config).call("adcopy_clear")
    assert refused.value.status == 403


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_every_name_of_the_loopback_is_served(studio_url, name):
    named = f"{name}:{studio_url.rstrip('/').rpartition(':')[2]}"
    assert requests.get(studio_url, headers={"Host": named}, timeout=SECONDS).status_code == 200


def test_a_websocket_of_another_page_is_closed_before_it_opens(studio_url):
    for headers in ({"Origin": EVIL}, {"Origin": "null"}, {"Host": "evil.example"}):
        assert websocket_status(studio_url, headers) == 403


def test_an_upload_names_the_page_it_comes_from(studio_url, own):
    def sent(headers):
        files = {"files": ("x.txt", b"x")}
        return requests.post(f"{studio_url}upload", files=files, headers=headers, timeout=SECONDS).status_code

    assert sent({}) == 403
    assert sent({"Origin": EVIL}) == 403
    assert sent(own) == 200


def test_a_link_opens_the_studio_but_no_other_page_frames_it(studio_url):
    crossing = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    opened = requests.get(studio_url, headers={**crossing, "Sec-Fetch-Dest": "document"}, timeout=SECONDS)
    assert opened.status_code == 200
    assert opened.headers["content-security-policy"] == "frame-ancestors 'self'"
    framed = requests.get(studio_url, headers={**crossing, "Sec-Fetch-Dest": "iframe"}, timeout=SECONDS)
    assert framed.status_code == 403


def test_what_is_too_large_is_refused_before_it_is_read(studio_url, own):
    json_headers = {**own, "Content-Type": "application/json"}
    large = requests.post(f"{studio_url}run/predict", data=b"[" * (17 * 1024**2), headers=json_headers, timeout=SECONDS)
    assert large.status_code == 413

    def endless():
        for _ in range(18):
            yield b"[" * 1024**2

    chunked = requests.post(f"{studio_url}run/predict", data=endless(), headers=json_headers, timeout=SECONDS)
    assert chunked.status_code == 413
