"""A model is fetched whole or not at all, goes on where it stopped, and every failure is one clear sentence."""

from __future__ import annotations

import re
import resource
import shutil
import threading
import time
from importlib.util import find_spec

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library import hub_process
from lib_adcopy.model_library.fetch import fetch_model
from lib_adcopy.model_library.models import Library
from lib_adcopy.model_library.pin import pin_files
from lib_adcopy.model_library.sources import (
    PINS_FILE,
    PUBLISHED,
    DownloadSource,
    FilePin,
    HubPin,
    PublishedModel,
    needed_files,
    read_pins,
)
from tests.unit.model_library.conftest import model_files
from tests.unit.model_library.hub import COMMIT, hub_at_work

pytestmark = pytest.mark.slow
PIN = HubPin("owner/name", COMMIT)
MODEL = PublishedModel("tiny-int4", 5_000_000, {"huggingface": PIN, "modelscope": PIN})
CLIENTS = [
    pytest.param(name, marks=pytest.mark.skipif(not find_spec(package), reason=f"{package} is not installed"))
    for name, package in (("huggingface", "huggingface_hub"), ("modelscope", "modelscope"))
]


class Fetcher:
    """A models folder and the hub beside it."""

    def __init__(self, hub, root, client):
        self.hub, self.root, self.client = hub, root, client
        hub.files = model_files()
        self.seen = []

    def fetch(self, stop=None, on_progress=None, model=MODEL):
        source = DownloadSource(self.client, self.hub.address)
        on_progress = on_progress or self.seen.append
        return fetch_model(model, source, self.root, on_progress=on_progress, stop=stop or threading.Event())

    def failure(self):
        with pytest.raises(AdCopyError) as raised:
            self.fetch()
        assert not (self.root / "tiny-int4").exists()
        assert Library([self.root]).models() == ()
        self.said = str(raised.value)
        return raised.value.code


@pytest.fixture(params=CLIENTS)
def fetcher(hub, tmp_path, request):
    return Fetcher(hub, tmp_path, request.param)


@pytest.fixture
def hf(hub, tmp_path):
    return Fetcher(hub, tmp_path, "huggingface")


def test_a_model_comes_whole_and_without_what_is_not_needed_files(fetcher):
    folder = fetcher.fetch()
    found = {file.name: file.read_bytes() for file in folder.iterdir()}
    wanted = {"config.json", "ice_text.model", "model.safetensors", "README.md", "MODEL_LICENSE"}
    assert found == {name: fetcher.hub.files[name] for name in wanted}
    assert [entry.report.problem for entry in Library([fetcher.root]).models()] == [None]
    assert [file.name for file in fetcher.root.iterdir()] == ["tiny-int4"]
    fetching = [progress.fraction for progress in fetcher.seen if progress.phase == "fetching"]
    assert fetching == sorted(fetching)
    assert {progress.phase for progress in fetcher.seen} >= {"listing", "checking"}


def test_one_that_is_there_is_not_fetched_again(fetcher):
    folder = fetcher.fetch()
    fetcher.hub.status = 500
    assert fetcher.fetch() == folder


def test_a_connection_that_breaks_is_taken_up_where_it_broke(fetcher):
    fetcher.hub.breaks, fetcher.hub.break_after = 3, 1_500_000
    folder = fetcher.fetch()
    assert (folder / "model.safetensors").read_bytes() == fetcher.hub.files["model.safetensors"]
    starts = [int(asked.removeprefix("bytes=").partition("-")[0]) for _, _, asked in fetcher.hub.asked if asked]
    assert any(start >= 1_000_000 for start in starts)


def test_one_that_was_stopped_goes_on_from_what_is_there(fetcher):
    fetcher.hub.slow = threading.Event()
    stop = threading.Event()

    def stop_half_way(progress):
        if progress.phase == "fetching" and progress.fraction > 0.3:
            stop.set()

    assert fetcher.fetch(stop, stop_half_way) is None
    assert not (fetcher.root / "tiny-int4").exists()
    assert Library([fetcher.root]).models() == ()
    fetcher.hub.slow = None
    fetcher.hub.asked.clear()
    fetcher.seen.clear()
    assert fetcher.fetch()
    first = next(progress for progress in fetcher.seen if progress.phase == "fetching" and progress.total)
    assert first.fraction > 0.25


def test_a_file_that_is_not_the_published_one_is_never_a_model(fetcher):
    fetcher.hub.published["model.safetensors"] = "0" * 64
    assert fetcher.failure() in ("model_library.wrong_file", "model_library.broken_off")
    fetcher.hub.published.clear()
    assert fetcher.fetch()


def test_a_repository_that_is_not_there_is_said(fetcher):
    fetcher.hub.status = 404
    assert fetcher.failure() == "model_library.not_there"


def test_a_hub_nobody_answers_for_is_said_without_hanging(fetcher):
    fetcher.hub.address = "http://127.0.0.1:9"
    started = time.monotonic()
    assert fetcher.failure() == "model_library.offline"
    assert time.monotonic() - started < 20
    assert "Errno" not in fetcher.said and "Pool" not in fetcher.said
    assert "Connection refused" in fetcher.said


def test_a_client_that_is_not_installed_is_named(hf, monkeypatch):
    without = {**hub_process._ENVIRONMENT, "PYTHONPATH": str(hf.root / "without")}
    monkeypatch.setattr(hub_process, "_ENVIRONMENT", without)
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


def contents(folder):
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("reachable", [True, False])
@pytest.mark.parametrize("name", ["tiny-int4", ".tiny-int4.part"])
def test_a_users_own_folder_of_that_name_is_left_as_it_is(hf, reachable, name):
    """It lacks its tokenizer, so it is no whole model; and one of the name that ours has on its way."""
    own = hf.root / name
    own.mkdir()
    (own / "config.json").write_bytes(hf.hub.files["config.json"])
    (own / "model.safetensors").write_bytes(b"his own weights")
    (own / "result").mkdir()
    (own / "result" / "model.safetensors").write_bytes(b"more of them")
    before = contents(hf.root)
    if not reachable:
        hf.hub.address = "http://127.0.0.1:9"
    with pytest.raises(AdCopyError) as raised:
        hf.fetch()
    assert raised.value.code == "model_library.name_taken"
    assert f'"{name}"' in str(raised.value)
    assert contents(hf.root) == before


def test_a_users_file_in_our_unfinished_folder_is_never_removed(hf):
    stop = threading.Event()
    stop.set()
    assert hf.fetch(stop) is None
    part = hf.root / ".tiny-int4.part"
    for place in (part, part / "client", part / "result"):
        (place / "notes.txt").write_text(f"his, in {place.name}")
    assert hf.fetch()
    kept = {data.decode() for file, data in contents(hf.root).items() if file.name == "notes.txt"}
    assert kept == {"his, in .tiny-int4.part", "his, in client", "his, in result"}


def test_an_unfinished_folder_with_a_broken_mark_is_not_taken_for_ours(hf):
    stop = threading.Event()
    stop.set()
    assert hf.fetch(stop) is None
    [mark] = (hf.root / ".tiny-int4.part").glob("*.json")
    mark.write_text("[" * 100_000)
    assert hf.failure() == "model_library.name_taken"


def test_no_credentials_go_to_a_mirror(fetcher, monkeypatch, tmp_path):
    """Those of the environment, of saved logins and of .netrc."""
    home = tmp_path / "home"
    for file in (".cache/huggingface/token", ".huggingface/token", ".modelscope/credentials/git_token"):
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (home / file).write_text("hf_secret")
    (home / ".netrc").write_text("default login me password secret\n")
    (home / ".netrc").chmod(0o600)
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "MODELSCOPE_API_TOKEN"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("HF_HOME", str(home / ".cache" / "huggingface"))
    fetcher.root = tmp_path / "models"
    assert fetcher.fetch()
    sent = [f"{name}: {value}" for headers in fetcher.hub.headers for name, value in headers.items()]
    assert sent
    assert not any("secret" in line or line.lower().startswith(("authorization", "cookie")) for line in sent)


def test_another_address_for_the_hub_in_the_environment_is_not_taken_for_the_hub(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("MODELSCOPE_DOMAIN", "127.0.0.1:9")
    environment = hub_process.client_environment(tmp_path)
    assert not any("127.0.0.1:9" in value for value in environment.values())
    assert {environment["HF_HOME"], environment["MODELSCOPE_HOME"]} == {str(tmp_path)}


def test_a_mirror_that_leads_to_this_machine_is_not_followed(hf):
    with hub_at_work() as local:
        local.files = hf.hub.files
        target = local.address.replace("127.0.0.1", "localhost")
        path = f"/owner/name/resolve/{COMMIT}/config.json"
        hf.hub.redirects[path] = f"{target}{path}?token=secret"
        assert hf.failure() == "model_library.redirect_refused"
        assert local.asked == []
    assert "secret" not in hf.said


@pytest.mark.parametrize("name", ["..\\..\\config.json", "C:\\x.json", "C:x.json", "../x.json", "/x.json", "nul.json"])
def test_a_listing_with_names_that_lead_elsewhere_brings_nothing_of_them(hf, name):
    hf.hub.listed[name] = b"{}"
    folder = hf.fetch()
    assert {file.name for file in folder.iterdir()} == {
        "config.json", "ice_text.model", "model.safetensors", "README.md", "MODEL_LICENSE",
    }  # fmt: skip
    assert name not in str(hf.hub.asked)


def pinned(**files):
    pin = HubPin("owner/name", COMMIT, {name.replace("_weights", ".safetensors"): pin for name, pin in files.items()})
    return PublishedModel("tiny-int4", 5_000_000, {"huggingface": pin, "modelscope": pin})


def test_our_own_hash_decides_and_not_the_one_of_whoever_serves_the_file(hf):
    right = FilePin(len(hf.hub.files["model.safetensors"]), hf.hub.sha256("model.safetensors"))
    hf.hub.files["model.safetensors"] = b"x" * right.size
    with pytest.raises(AdCopyError) as raised:
        hf.fetch(model=pinned(model_weights=right))
    assert raised.value.code == "model_library.not_the_pinned_file"
    # A mirror that lists the right hash and sends another file.
    hf.hub.published["model.safetensors"] = right.sha256
    with pytest.raises(AdCopyError) as raised:
        hf.fetch(model=pinned(model_weights=right))
    assert raised.value.code in ("model_library.wrong_file", "model_library.broken_off")
    hf.hub.files = model_files()
    assert hf.fetch(model=pinned(model_weights=right))


def test_what_only_the_source_vouches_for_is_said(hf):
    right = FilePin(0, hf.hub.sha256("model.safetensors"))
    hf.fetch(model=pinned(model_weights=right))
    [note] = {progress.note.text("en") for progress in hf.seen if progress.note}
    assert "ice_text.model" in note and "model.safetensors" not in note


def test_a_hub_that_has_another_revision_is_refused(hf):
    hf.hub.commit = "f" * 40
    assert hf.failure() == "model_library.wrong_revision"


def test_a_pinned_file_that_the_source_lacks_is_said(hf):
    with pytest.raises(AdCopyError) as raised:
        hf.fetch(model=pinned(other_weights=FilePin()))
    assert raised.value.code == "model_library.not_there"


def test_every_model_that_is_offered_is_pinned_to_a_revision_of_its_makers():
    for model in PUBLISHED.values():
        for hub, pin in model.hubs.items():
            assert pin.repository.split("/")[0] in ("THUDM", "ZhipuAI")
            assert re.fullmatch(r"[0-9a-f]{40}" if hub == "huggingface" else r"v\d+\.\d+\.\d+", pin.revision)
            assert all(re.fullmatch(r"([0-9a-f]{64})?", file.sha256) for file in pin.files.values())
            assert needed_files(list(pin.files)) == list(pin.files)


def test_a_maintainer_can_pin_what_a_hub_says(hub, tmp_path):
    hub.files = model_files()
    hub.commit = PUBLISHED["chatglm-6b-int4"].hubs["huggingface"].revision
    file = tmp_path / "published.json"
    file.write_bytes(PINS_FILE.read_bytes())
    assert pin_files("chatglm-6b-int4", DownloadSource("huggingface", hub.address), file) > 2
    pin = read_pins(file)["chatglm-6b-int4"].hubs["huggingface"].files["model.safetensors"]
    assert pin == FilePin(len(hub.files["model.safetensors"]), hub.sha256("model.safetensors"))


def test_weights_are_fetched_once_where_a_repository_has_them_twice():
    names = ["config.json", "model-00001-of-00002.safetensors", "pytorch_model-00001-of-00002.bin", "sub/x.json"]
    assert needed_files(names) == names[:2]
    assert needed_files(["pytorch_model.bin", "modeling_chatglm.py"]) == ["pytorch_model.bin"]
