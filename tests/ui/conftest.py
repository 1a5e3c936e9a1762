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


class Server:
    """A studio that can be stopped and started again at the same address."""

    def __init__(self, home, *flags):
        pytest.importorskip("gradio")
        self.home, self.flags, self.port, self.process = home, flags, free_port(), None

    def start(self):
        """Start it; return its address once it answers."""
        with (self.home / "studio.log").open("a") as log:
            command = _command(self.home, self.port, *self.flags)
            # From its own folder, as the paths it tells of are.
            self.process = subprocess.Popen(command, cwd=self.home, env=_ENVIRONMENT, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{self.port}/"
        _wait_for(url, self.process)
        return url

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


_ENVIRONMENT = {
    **os.environ,
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
}


def _command(home, port, *flags):
    return [sys.executable, "-m", "lib_adcopy", "studio", "--port", str(port), "--home", str(home), *flags]


@contextmanager
def studio(home, *flags):
    server = Server(home, *flags)
    try:
        yield server.start()
    finally:
        server.stop()
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
