"""The studio is not made public, nor does it report to anybody, whatever its surroundings say."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("gradio")

import gradio as gr

from lib_adcopy.app.studio import Studio
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.ui import uploads
from lib_adcopy.ui.standalone import launch
from tests.browser import free_port
from tests.page_client import PageClient

SHARING = {"GRADIO_SHARE": "True", "GRADIO_ANALYTICS_ENABLED": "True", "GRADIO_ALLOWED_PATHS": "/",
           "GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_ROOT_PATH": "https://evil.example"}  # fmt: skip


@pytest.fixture
def asked(monkeypatch):
    """What gradio would have told the internet."""
    heard = []

    def tell(*given, **more):
        heard.append(given)
        raise OSError("no network in tests")

    for name, value in SHARING.items():
        monkeypatch.setenv(name, value)
    for name in ("_do_analytics_request", "version_check", "_do_normal_analytics_request"):
        if hasattr(gr.analytics, name):
            monkeypatch.setattr(gr.analytics, name, tell)
    monkeypatch.setattr(gr.networking, "setup_tunnel", tell)
    # What gradio sets for the process is put back with the rest.
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")
    return heard


@pytest.fixture
def launched(tmp_path, asked):
    page = []

    def start():
        _, address, shared = launch(Studio(StandaloneHost(tmp_path)), port=free_port(), block=False)
        page.append(address)
        return address, shared

    yield start
    gr.close_all()


@pytest.mark.parametrize("notebook", [None, "kaggle_check", "sagemaker_check"])
def test_neither_the_environment_nor_a_notebook_shares_it(launched, asked, monkeypatch, notebook):
    if notebook:
        monkeypatch.setattr(gr.utils, notebook, lambda: True)
    address, shared = launched()
    assert address.startswith("http://127.0.0.1:")
    assert not shared
    assert asked == []
    assert not PageClient(address).config.get("analytics_enabled", False)


def test_a_colab_notebook_gets_no_tunnel(launched, asked, monkeypatch):
    monkeypatch.setattr(gr.utils, "colab_check", lambda: True)
    try:
        launched()
    except ValueError as error:
        # gradio 3 will not serve a page there that is not shared.
        assert "Colab" in str(error)
    assert asked == []


def test_uploads_lie_in_a_folder_of_ones_own(launched):
    address, _ = launched()
    page = PageClient(address)
    path = Path(page.upload("brief.csv", b"content"))
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    assert path.is_relative_to(folder)
    assert folder.is_relative_to(Path(tempfile.gettempdir()).resolve())
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_old_uploads_go_and_new_ones_have_their_room(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "_MAX_FOLDER_BYTES", 100)
    folder = tmp_path / "uploads"

    def put(name, size, hours):
        file = folder / name / "file.bin"
        file.parent.mkdir(parents=True)
        file.write_bytes(b"x" * size)
        os.utime(file, (uploads.time.time() - 3600 * hours,) * 2)
        return file

    day_old, older, newer = put("a", 10, 25), put("b", 60, 2), put("c", 30, 1)
    uploads.make_room(folder)
    assert [file.exists() for file in (day_old, older, newer)] == [False, True, True]
    uploads.make_room(folder, 50)
    assert [file.exists() for file in (older, newer)] == [False, True]


def test_folders_of_studios_that_were_killed_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, running = uploads.private_folder(), uploads.private_folder()
    os.utime(left, (uploads.time.time() - 8 * 24 * 3600,) * 2)
    uploads.private_folder()
    assert not left.exists()
    assert running.exists()
