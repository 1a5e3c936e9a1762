"""A LoRA or an embedding from an address: resumed, checked, and nothing in the folder that is not one."""

from __future__ import annotations

import errno
import os
import threading

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library import download
from lib_adcopy.model_library.download import fetch_file
from tests.unit.model_library.conftest import safetensors

LORA = safetensors({"lora_unet_down.weight": (600, 1000)})


@pytest.fixture
def get(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_PAUSE_SECONDS", 0.01)
    hub.files["add_detail.safetensors"] = LORA

    def get(path="/files/add_detail.safetensors", kind="lora", stop=None, tell=lambda progress: None):
        address = hub.address + path if path.startswith("/") else path
        return fetch_file(address, kind, tmp_path / kind, on_progress=tell, stop=stop or threading.Event())

    return get


def failure(get, *words, **options):
    with pytest.raises(AdCopyError) as raised:
        get(*words, **options)
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


def test_a_hubs_page_about_the_file_is_understood(get, hub):
    assert get("/owner/name/blob/main/add_detail.safetensors").read_bytes() == LORA
    assert hub.asked[0][1] == "/owner/name/resolve/main/add_detail.safetensors"


def test_a_full_disk_is_said(get, monkeypatch, tmp_path):
    import shutil

    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr("lib_adcopy.model_library.disk.shutil.disk_usage", lambda folder: usage)
    assert failure(get) == "model_library.disk_full"
