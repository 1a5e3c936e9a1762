from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser import TabPage, free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def studio_url(home):
    """The studio, as `./adcopy.sh` serves it."""
    with studio(home) as url:
        yield url


@contextmanager
def studio(home, *flags):
    pytest.importorskip("gradio")
    port = free_port()
    quiet = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "lib_adcopy", "studio", "--port", str(port), "--home", str(home), *flags]
    with (home / "studio.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=quiet, stdout=log, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}/"
        _wait_for(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(20)
    assert "Traceback" not in (home / "studio.log").read_text()


def _wait_for(url, server):
    for _ in range(240):
        assert server.poll() is None, "the studio did not start"
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the studio did not answer")


@pytest.fixture
def tab(browser, studio_url):
    page = TabPage(browser, studio_url).open()
    yield page
    page.context.close()
    assert page.errors == []
