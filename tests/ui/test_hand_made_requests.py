"""The tab in a server that is not ours, asked by other web pages and by hand-made requests; both gradios."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pytest
import requests

pytest.importorskip("gradio")

from PIL import Image

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.writing import WriteOptions
from lib_adcopy.storage import record_text, save
from tests.page_client import SECONDS, PageClient, RefusedError
from tests.plain_page import Webui, client, served

EVIL = "http://evil.example"
BRIEF = "裙子，连衣裙，圆领"
# One handler that waits its turn, some that do not; each changes something.
CHANGES = (
    ("adcopy_write", "click", {"adcopy_brief": BRIEF}),
    ("adcopy_clear", "click", {}), ("adcopy_interrupt", "click", {}),
    ("adcopy_style_delete", "click", {}), ("adcopy_tune_stop", "click", {}), ("adcopy_tune_start", "click", {}),
    ("adcopy_models_load", "click", {}), ("adcopy_models_fetch", "click", {}), ("adcopy_refresh", "click", {}),
    ("adcopy_unload", "click", {}),
)  # fmt: skip


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    return Webui(tmp_path_factory.mktemp("webui"))


@pytest.fixture(scope="module")
def webui(host):
    with served(host) as (address, studio):
        yield address, studio


@pytest.fixture(scope="module")
def address(webui):
    return webui[0]


@pytest.fixture(scope="module")
def page(address):
    return client(address)


def test_every_handler_of_the_tab_checks_its_request(tmp_path):
    from lib_adcopy.app.studio import Studio
    from lib_adcopy.ui.tab import build_tab

    made = build_tab(Studio(Webui(tmp_path))).fns
    handlers = [one.fn for one in (made.values() if isinstance(made, dict) else made) if one.fn is not None]
    assert len(handlers) > 50
    assert [one for one in handlers if not getattr(one, "is_guarded", False)] == []


@pytest.mark.parametrize(
    "headers",
    [{"Origin": EVIL}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://localhost:1"},
     {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}", "Sec-Fetch-Site": "same-origin"}],
    ids=["foreign", "null", "cross-site", "another port", "a name made to point here"],
)  # fmt: skip
def test_what_another_page_asks_is_refused(address, page, host, headers):
    port = address.rstrip("/").rpartition(":")[2]
    stranger = PageClient(address, headers={key: text.format(port=port) for key, text in headers.items()},
                          config=page.config)  # fmt: skip
    before = host.interrupted
    for name, event, values in CHANGES:
        if "Host" in headers and not page.gradio_4 and page.dependency(name, event)[1]["queue"] is not False:
            # The client cannot send another Host with a WebSocket.
            continue
        with pytest.raises(RefusedError):
            stranger.call(name, event, **values)
    assert host.interrupted == before


def test_a_page_cannot_write_the_headers_of_its_own_request(address, page):
    """gradio 3 takes the headers of a queued request from the body, so anybody may put some there."""
    own = {"headers": {"origin": address.rstrip("/"), "host": address.split("/")[2]}}
    stranger = PageClient(address, headers={"Origin": EVIL}, body={"request": own}, config=page.config)
    for name in ("adcopy_clear", "adcopy_write", "adcopy_tune_stop"):
        index, one = page.dependency(name, "click")
        body = {"data": stranger.data(one, {}), "fn_index": index, "session_hash": "x", "request": own}
        answer = requests.post(f"{stranger.url}/run/predict", json=body, headers={"Origin": EVIL}, timeout=SECONDS)
        assert answer.status_code != 200


def test_the_pages_own_requests_and_a_programs_are_answered(address, page):
    assert page.call("adcopy_write", adcopy_brief=BRIEF)["adcopy_copy"]
    program = PageClient(address, config=page.config)
    assert "adcopy_status" in program.call("adcopy_clear")
    assert program.call("adcopy_write", adcopy_brief=BRIEF)["adcopy_copy"]


def test_building_the_tab_writes_no_file_beside_its_sources():
    import lib_adcopy.ui

    assert list(Path(lib_adcopy.ui.__file__).parents[1].rglob("*.pyi")) == []


# ---- numbers, texts and choices out of bounds


@pytest.fixture
def written(webui, monkeypatch):
    """What the studio was asked to write with."""
    asked, write = [], webui[1].write
    monkeypatch.setattr(webui[1], "write", lambda ad, **more: asked.append(ad.writing) or write(ad, **more))
    return asked


def test_a_thousand_copies_are_as_many_as_the_slider_has(page, written):
    expected = {1000: 6, 1e300: 6, 6: 6, -5: 1, 0: 1}
    for count in (*expected, None, "1000", True, [1000]):
        page.call("adcopy_write", adcopy_brief=BRIEF, adcopy_count=count)
    default = WriteOptions().count
    assert [options.count for options in written] == [*expected.values(), *[default] * 4]
    page.call("adcopy_write", adcopy_brief=BRIEF, adcopy_max_length=10**9, adcopy_temperature=-3, adcopy_top_p=7)
    sampling = written[-1].sampling
    assert (sampling.max_length, sampling.temperature, sampling.top_p) == (2048, 0.1, 1)


def test_a_drawing_is_no_larger_than_the_sliders_allow(page, host):
    wild = {"width": 10**9, "height": 1e300, "steps": 10**12, "batch_count": 10**6, "batch_size": 5000, "cfg_scale": -7,
            "clip_skip": 99, "hires_scale": 1000, "hires_steps": 10**9, "denoising": 55, "seed": 10**30}  # fmt: skip
    page.call("adcopy_generate", adcopy_prompt="a dress", **{f"adcopy_{name}": value for name, value in wild.items()})
    asked = host.requests[-1].settings
    assert (asked.width, asked.height, asked.steps, asked.batch_count, asked.batch_size) == (2048, 2048, 150, 16, 8)
    assert (asked.cfg_scale, asked.clip_skip, asked.seed) == (1, 12, 2**32 - 1)
    assert (asked.hires.scale, asked.hires.steps, asked.hires.denoising_strength) == (2, 150, 1)


def test_texts_and_languages_of_any_kind_do_no_harm(page):
    for text in (None, 7, ["x"], "红" * 300_000):
        assert "adcopy_status" in page.call("adcopy_write", adcopy_brief=text, adcopy_copy=text)
    assert "adcopy_status" in page.call("adcopy_clear", adcopy_language="../../../../etc")
    assert page.call("adcopy_clear", adcopy_language={"a": 1})["adcopy_status"]


# ---- files


@pytest.fixture
def creative(tmp_path):
    """A picture of ours that lies somewhere on this machine."""
    text = record_text(Ad(parse_brief(BRIEF), copy=Copy("标题", "正文", ())))
    image = Image.new("RGB", (32, 32))
    return save(image, text, tmp_path / "creatives", "poster")


def test_only_what_was_uploaded_is_opened(page, creative):
    given = page.upload("picture.png", creative.read_bytes())
    assert page.call("adcopy_restore", "upload", adcopy_restore=page.file(given))["adcopy_brief"] == BRIEF
    outside = page.file(str(creative))
    bare = {name: value for name, value in outside.items() if name != "meta"}
    climbing = page.file(f"{given}/../../../../../../../..{creative}")
    for value in (outside, bare, climbing):
        with pytest.raises(RefusedError):
            page.call("adcopy_restore", "upload", adcopy_restore=value)
        with pytest.raises(RefusedError):
            page.call("adcopy_tune_data", "upload", adcopy_tune_data=value)


def test_no_address_is_fetched_for_a_file(page, creative):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(creative.read_bytes())

        do_HEAD = do_GET  # noqa: N815 - the name the server looks for

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/picture.png"
    with pytest.raises(RefusedError):
        page.call("adcopy_restore", "upload", adcopy_restore=page.file(address))
    server.shutdown()
    assert asked == []
