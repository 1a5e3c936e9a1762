"""A LoRA or an embedding from an address: resumed, checked, and no file of the user's is ever lost to it."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import threading

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library import download
from lib_adcopy.model_library.download import fetch_file
from tests.unit.model_library.conftest import safetensors
from tests.unit.model_library.hub import hub_at_work

LORA = safetensors({"lora_unet_down.weight": (600, 1000)})


@pytest.fixture
def get(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_PAUSE_SECONDS", 0.01)
    hub.files["add_detail.safetensors"] = LORA

    def get(path="/files/add_detail.safetensors", kind="lora", stop=None, tell=lambda progress: None, **options):
        address = hub.address + path if path.startswith("/") else path
        stop = stop or threading.Event()
        return fetch_file(address, kind, tmp_path / kind, on_progress=tell, stop=stop, **options)

    return get


def failure(get, *words, **options):
    with pytest.raises(AdCopyError) as raised:
        get(*words, **options)
    assert "secret" not in str(raised.value)
    return raised.value.code


def left(tmp_path):
    return sorted(file.name for file in tmp_path.rglob("*") if file.is_file())


def test_it_comes_whole_under_its_own_name(get, tmp_path):
    seen = []
    file = get(tell=seen.append)
    assert file == tmp_path / "lora" / "add_detail.safetensors"
    assert file.read_bytes() == LORA
    assert left(tmp_path) == ["add_detail.safetensors"]
    assert seen[-1].phase == "checking"


def test_the_servers_name_for_it_goes_before_the_addresss(get, hub, tmp_path):
    hub.files["62833"] = LORA
    name = "..%2F..%2Fetc%2F%E7%BB%86%E8%8A%82%20v1.safetensors"
    hub.extra["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    assert get("/download/models/62833") == tmp_path / "lora" / "细节 v1.safetensors"


def test_a_connection_that_breaks_is_taken_up_where_it_broke(get, hub):
    hub.breaks, hub.break_after = 2, 600_000
    assert get().read_bytes() == LORA
    assert [asked for _, _, asked in hub.asked] == [None, "bytes=600000-", "bytes=1200000-"]


def test_one_that_was_stopped_goes_on_from_what_is_there(get, hub, tmp_path):
    hub.slow = threading.Event()
    stop = threading.Event()
    assert get(stop=stop, tell=lambda progress: stop.set()) is None
    assert all(name.startswith(".") for name in left(tmp_path))
    hub.slow = None
    assert get().read_bytes() == LORA
    assert hub.asked[-1][2] is not None


def test_another_file_at_the_same_address_is_not_glued_to_the_first(get, hub, tmp_path):
    hub.breaks, hub.break_after = 99, 600_000
    hub.published["add_detail.safetensors"] = "1" * 64
    hub.slow = threading.Event()
    stop = threading.Event()
    get(stop=stop, tell=lambda progress: stop.set())
    hub.breaks, hub.slow = 0, None
    hub.published.clear()
    hub.files["add_detail.safetensors"] = safetensors({"lora_other.weight": (700, 1000)})
    with pytest.raises(AdCopyError):
        get()
    assert get().read_bytes() == hub.files["add_detail.safetensors"]


def test_a_wrong_hash_published_or_given_is_not_kept(get, hub, tmp_path):
    hub.published["add_detail.safetensors"] = "0" * 64
    assert failure(get) == "model_library.wrong_file"
    assert left(tmp_path) == []
    hub.published.clear()
    assert failure(get, f"/files/add_detail.safetensors#sha256={'a' * 64}") == "model_library.wrong_file"
    assert left(tmp_path) == []
    assert get(f"/files/add_detail.safetensors#sha256={hub.sha256('add_detail.safetensors')}")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("file:///etc/passwd", "model_library.bad_address"),
        ("C:\\add_detail.safetensors", "model_library.bad_address"),
        ("add_detail", "model_library.bad_address"),
        ("http://127.0.0.1:9/x.safetensors", "model_library.unreachable"),
    ],
)
def test_what_is_no_address_or_leads_nowhere_is_said(get, address, code):
    assert failure(get, address) == code


def test_what_the_network_said_is_told_in_its_own_words(get):
    with pytest.raises(AdCopyError) as raised:
        get("http://127.0.0.1:9/x.safetensors")
    assert raised.value.params["reason"] == os.strerror(errno.ECONNREFUSED)


def test_what_is_no_such_file_is_said(get, hub, tmp_path):
    hub.files["page.safetensors"] = b"<html>sign in</html>"
    assert failure(get, "/files/page.safetensors") == "model_library.not_a_network"
    hub.files["script.py"] = b"print()"
    assert failure(get, "/files/script.py") == "model_library.wrong_kind"
    hub.extra["Content-Type"] = "text/html"
    assert failure(get, "/files/page.safetensors") == "model_library.a_web_page"
    hub.extra.clear()
    hub.status = 404
    assert failure(get) == "model_library.not_there"
    hub.status = 403
    assert failure(get) == "model_library.not_allowed"
    assert left(tmp_path) == []


def test_an_embedding_may_be_of_the_older_kind(get, hub):
    hub.files["ng_deepnegative_v1_75t.pt"] = b"PK\x03\x04 and so on"
    assert get("/files/ng_deepnegative_v1_75t.pt", kind="embedding").name == "ng_deepnegative_v1_75t.pt"
    assert failure(get, "/files/ng_deepnegative_v1_75t.pt", kind="lora") == "model_library.wrong_kind"


def test_another_file_of_that_name_is_left_alone(get, tmp_path):
    (tmp_path / "lora").mkdir()
    (tmp_path / "lora" / "add_detail.safetensors").write_bytes(b"the user's own")
    assert failure(get) == "model_library.file_exists"
    assert (tmp_path / "lora" / "add_detail.safetensors").read_bytes() == b"the user's own"


@pytest.mark.parametrize("has_hash", [True, False])
def test_another_file_of_that_name_and_size_is_left_alone(get, hub, tmp_path, has_hash):
    own = safetensors({"lora_of_his": (600, 1000), "x": (2, 2)})
    own = own[: len(LORA)] + bytes(len(LORA) - len(own[: len(LORA)]))
    assert len(own) == len(LORA) and own != LORA
    (tmp_path / "lora").mkdir()
    (tmp_path / "lora" / "add_detail.safetensors").write_bytes(own)
    if not has_hash:
        hub.chunked = True
    assert failure(get) == "model_library.file_exists"
    assert (tmp_path / "lora" / "add_detail.safetensors").read_bytes() == own
    assert left(tmp_path) == ["add_detail.safetensors"]


@pytest.mark.parametrize("has_hash", [True, False])
def test_the_same_file_again_is_no_error(get, hub, tmp_path, has_hash):
    file = get()
    hub.chunked = not has_hash
    hub.asked.clear()
    assert get() == file
    assert file.read_bytes() == LORA
    assert left(tmp_path) == ["add_detail.safetensors"]


def test_an_unfinished_file_that_is_not_ours_is_left_alone(get, hub, tmp_path):
    stop = threading.Event()
    hub.slow = threading.Event()
    get(stop=stop, tell=lambda progress: stop.set())
    [note] = (tmp_path / "lora").glob(".adcopy-*.json")
    note.unlink()
    part = note.with_suffix(".part")
    part.write_bytes(b"his")
    assert failure(get) == "model_library.file_exists"
    assert part.read_bytes() == b"his"


@pytest.mark.parametrize(
    "note", [b"", b"{", b"[" * 100_000, b"[]", b'{"etag": 3}', b'{"made_by": "adcopy", "etag": 3}'], ids=range(6)
)
def test_an_empty_or_broken_note_begins_the_download_anew(get, hub, tmp_path, note):
    hub.slow = threading.Event()
    stop = threading.Event()
    get(stop=stop, tell=lambda progress: stop.set())
    hub.slow = None
    [file] = (tmp_path / "lora").glob(".adcopy-*.json")
    file.write_bytes(note)
    assert get().read_bytes() == LORA
    assert left(tmp_path) == ["add_detail.safetensors"]


def test_an_answer_without_a_length_is_capped_and_watches_the_disk(get, hub, monkeypatch, tmp_path):
    hub.chunked = True
    assert get().read_bytes() == LORA
    (tmp_path / "lora" / "add_detail.safetensors").unlink()
    monkeypatch.setattr(download, "_MOST_BYTES", {"lora": 1_000_000})
    assert failure(get) == "model_library.too_large"
    hub.chunked = False
    assert failure(get) == "model_library.too_large"
    assert left(tmp_path) == []
    hub.chunked = True
    monkeypatch.setattr(download, "_MOST_BYTES", {"lora": 10**9})
    monkeypatch.setattr(download, "_SPACE_CHECK_BYTES", 100_000)
    usages = iter([shutil.disk_usage(tmp_path)] + [shutil.disk_usage(tmp_path)._replace(free=1000)] * 9)
    monkeypatch.setattr("lib_adcopy.model_library.disk.shutil.disk_usage", lambda folder: next(usages))
    assert failure(get) == "model_library.disk_full"


@pytest.mark.parametrize(
    "target",
    ["http://localhost:{port}/x.safetensors?token=secret", "http://127.0.0.1:{port}/x.safetensors",
     "http://[::1]:{port}/", "http://2130706433:{port}/x.safetensors", "http://169.254.169.254/latest/meta-data", "http://192.168.1.1/",
     "file:///etc/passwd", "ftp://127.0.0.1/x.safetensors", "http://[::ffff:127.0.0.1]:{port}/x.safetensors"],
)  # fmt: skip
def test_a_redirect_leads_to_the_public_web_only(get, hub, tmp_path, target):
    with hub_at_work() as local:
        local.files["x.safetensors"] = LORA
        hub.redirects["/files/add_detail.safetensors"] = target.format(port=local.address.rpartition(":")[2])
        assert failure(get) == "model_library.redirect_refused"
        assert local.asked == []
    assert not any(name.endswith(".safetensors") for name in left(tmp_path))


def test_a_name_that_resolves_to_a_private_address_is_not_connected_to(get, hub, monkeypatch):
    """Public when the redirect is looked at, private when the connection is made."""
    look_up, asked = socket.getaddrinfo, []

    def rebinding(host, *args, **kwargs):
        if host != "rebind.example":
            return look_up(host, *args, **kwargs)
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    connected = []

    def connect(address, *args, **kwargs):
        if address[0] != "127.0.0.1" or address[1] == 80:
            connected.append(address)
            raise ConnectionRefusedError(111, "Connection refused")
        return create_connection(address, *args, **kwargs)

    create_connection = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", connect)
    hub.redirects["/files/add_detail.safetensors"] = "http://rebind.example/x.safetensors"
    assert failure(get) in ("model_library.redirect_refused", "model_library.unreachable")
    assert {address[0] for address in connected} <= {"93.184.216.34"}


def test_a_redirect_that_the_policy_allows_is_followed_with_no_more_than_the_address(get, hub):
    with hub_at_work() as storage:
        storage.files["add_detail.safetensors"] = LORA
        hub.redirects["/files/add_detail.safetensors"] = f"{storage.address}/add_detail.safetensors"
        assert get(may_connect=lambda address: address == "127.0.0.1").read_bytes() == LORA
        assert {"Authorization", "Cookie", "Referer"} & set(storage.headers[0]) == set()


@pytest.mark.parametrize("status", [403, 404, 500, 418])
def test_no_query_stands_in_a_message_or_a_log(get, hub, caplog, status):
    caplog.set_level("DEBUG", logger="adcopy")
    hub.status = status
    failure(get, "/files/add_detail.safetensors?token=secret&Signature=secret")
    failure(get, "http://me:secret@127.0.0.1/x.safetensors")
    assert "secret" not in caplog.text


def test_a_hubs_page_about_the_file_is_understood(get, hub):
    assert get("/owner/name/blob/main/add_detail.safetensors").read_bytes() == LORA
    assert hub.asked[0][1] == "/owner/name/resolve/main/add_detail.safetensors"


def test_a_full_disk_is_said(get, monkeypatch, tmp_path):
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr("lib_adcopy.model_library.disk.shutil.disk_usage", lambda folder: usage)
    assert failure(get) == "model_library.disk_full"
