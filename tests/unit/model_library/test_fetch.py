"""A model is fetched whole or not at all, goes on where it stopped, and every failure is one clear sentence."""

from __future__ import annotations

import resource
import shutil
import threading
import time
from importlib.util import find_spec

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library import fetch
from lib_adcopy.model_library.fetch import fetch_model
from lib_adcopy.model_library.models import Library
from lib_adcopy.model_library.sources import Published, Source, needed
from tests.unit.model_library.conftest import model_files

MODEL = Published("tiny-int4", "owner/name", "owner/name", 5_000_000)
CLIENTS = [
    pytest.param(name, marks=pytest.mark.skipif(not find_spec(package), reason=f"{package} is not installed"))
    for name, package in (("huggingface", "huggingface_hub"), ("modelscope", "modelscope"))
]


class Room:
    """A models folder and the hub beside it."""

    def __init__(self, hub, root, client):
        self.hub, self.root, self.client = hub, root, client
        hub.files = model_files()
        self.seen = []

    def fetch(self, stop=None, on_progress=None):
        source = Source(self.client, self.hub.address)
        tell = on_progress or self.seen.append
        return fetch_model(MODEL, source, self.root, on_progress=tell, stop=stop or threading.Event())

    def failure(self):
        with pytest.raises(AdCopyError) as raised:
            self.fetch()
        assert not (self.root / "tiny-int4").exists()
        assert Library([self.root]).models() == ()
        self.said = str(raised.value)
        return raised.value.code


@pytest.fixture(params=CLIENTS)
def room(hub, tmp_path, request):
    return Room(hub, tmp_path, request.param)


@pytest.fixture
def hf(hub, tmp_path):
    return Room(hub, tmp_path, "huggingface")


def test_a_model_comes_whole_and_without_what_is_not_needed(room):
    folder = room.fetch()
    found = {file.name: file.read_bytes() for file in folder.iterdir()}
    wanted = {"config.json", "ice_text.model", "model.safetensors", "README.md", "MODEL_LICENSE"}
    assert found == {name: room.hub.files[name] for name in wanted}
    assert [entry.report.problem for entry in Library([room.root]).models()] == [None]
    assert [file.name for file in room.root.iterdir()] == ["tiny-int4"]
    fetching = [progress.fraction for progress in room.seen if progress.phase == "fetching"]
    assert fetching == sorted(fetching)
    assert {progress.phase for progress in room.seen} >= {"listing", "checking"}


def test_one_that_is_there_is_not_fetched_again(room):
    folder = room.fetch()
    room.hub.status = 500
    assert room.fetch() == folder


def test_a_connection_that_breaks_is_taken_up_where_it_broke(room):
    room.hub.breaks, room.hub.break_after = 3, 1_500_000
    folder = room.fetch()
    assert (folder / "model.safetensors").read_bytes() == room.hub.files["model.safetensors"]
    starts = [int(asked.removeprefix("bytes=").partition("-")[0]) for _, _, asked in room.hub.asked if asked]
    assert any(start >= 1_000_000 for start in starts)


def test_one_that_was_stopped_goes_on_from_what_is_there(room):
    room.hub.slow = threading.Event()
    stop = threading.Event()

    def stop_half_way(progress):
        if progress.phase == "fetching" and progress.fraction > 0.3:
            stop.set()

    assert room.fetch(stop, stop_half_way) is None
    assert not (room.root / "tiny-int4").exists()
    assert Library([room.root]).models() == ()
    room.hub.slow = None
    room.hub.asked.clear()
    room.seen.clear()
    assert room.fetch()
    first = next(progress for progress in room.seen if progress.phase == "fetching" and progress.total)
    assert first.fraction > 0.25


def test_a_file_that_is_not_the_published_one_is_never_a_model(room):
    room.hub.published["model.safetensors"] = "0" * 64
    assert room.failure() in ("model_library.wrong_file", "model_library.broken_off")
    room.hub.published.clear()
    assert room.fetch()


def test_a_repository_that_is_not_there_is_said(room):
    room.hub.status = 404
    assert room.failure() == "model_library.not_there"


def test_a_hub_nobody_answers_for_is_said_without_hanging(room):
    room.hub.address = "http://127.0.0.1:9"
    started = time.monotonic()
    assert room.failure() == "model_library.offline"
    assert time.monotonic() - started < 20
    assert "Errno" not in room.said and "Pool" not in room.said
    assert "Connection refused" in room.said


def test_a_client_that_is_not_installed_is_named(hf, monkeypatch):
    monkeypatch.setattr(fetch, "_ENVIRONMENT", {**fetch._ENVIRONMENT, "PYTHONPATH": str(hf.root / "without")})
    (hf.root / "without").mkdir()
    (hf.root / "without" / "modelscope.py").write_text("raise ModuleNotFoundError(name='modelscope')")
    hf.client = "modelscope"
    with pytest.raises(AdCopyError) as raised:
        hf.fetch()
    assert raised.value.code == "model_library.no_client"
    assert "pip install modelscope" in str(raised.value)


def test_a_webuis_offline_switch_does_not_reach_the_client(hf, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert hf.fetch()


def test_a_full_disk_is_known_before_anything_is_fetched(hf, monkeypatch):
    usage = shutil.disk_usage(hf.root)._replace(free=1_000_000)
    monkeypatch.setattr("lib_adcopy.model_library.disk.shutil.disk_usage", lambda folder: usage)
    assert hf.failure() == "model_library.disk_full"
    assert f'"{hf.root.name}"' in hf.said
    assert not any("resolve" in path for _, path, _ in hf.hub.asked)


def test_a_disk_that_fills_up_on_the_way_is_said_and_nothing_is_lost(hf):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, before[1]))
    try:
        assert hf.failure() == "model_library.cannot_write"
        assert "(File too large)" in hf.said
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert hf.fetch()


def test_a_broken_model_is_mended_with_what_is_good_of_it(hf):
    folder = hf.fetch()
    (folder / "model.safetensors").write_bytes(hf.hub.files["model.safetensors"][:1000])
    (folder / "my notes.txt").write_text("kept")
    hf.hub.asked.clear()
    assert hf.fetch() == folder
    assert (folder / "my notes.txt").read_text() == "kept"
    bodies = {path.rpartition("/")[2] for method, path, _ in hf.hub.asked if method == "GET" and "resolve" in path}
    assert bodies == {"model.safetensors"}


def test_a_prefix_of_that_name_is_left_alone(hf):
    (hf.root / "tiny-int4").mkdir()
    (hf.root / "tiny-int4" / "config.json").write_text('{"pre_seq_len": 8}')
    (hf.root / "tiny-int4" / "pytorch_model.bin").write_bytes(b"x" * 1000)
    with pytest.raises(AdCopyError) as raised:
        hf.fetch()
    assert raised.value.code == "model_library.name_taken"
    assert (hf.root / "tiny-int4" / "pytorch_model.bin").exists()


def test_weights_are_fetched_once_where_a_repository_has_them_twice():
    names = ["config.json", "model-00001-of-00002.safetensors", "pytorch_model-00001-of-00002.bin", "sub/x.json"]
    assert needed(names) == names[:2]
    assert needed(["pytorch_model.bin", "modeling_chatglm.py"]) == ["pytorch_model.bin"]
