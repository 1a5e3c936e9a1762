"""A real webui, started for a test: the folder ADCOPY_WEBUI names, on a CPU, without a network."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser import TabPage, free_port

ROOT = Path(__file__).resolve().parents[2]
LINK = "sd-webui-ad-copy"
# The host on a CPU, with whatever weights are there; ADCOPY_WEBUI_FLAGS adds more.
FLAGS = [
    "--skip-prepare-environment", "--skip-python-version-check", "--skip-torch-cuda-test", "--skip-version-check",
    "--no-download-sd-model", "--server-name", "127.0.0.1",
]  # fmt: skip
A1111_FLAGS = [
    "--use-cpu", "all", "--no-half", "--precision", "full", "--do-not-download-clip", "--disable-nan-check",
]  # fmt: skip
FORGE_FLAGS = ["--always-cpu", "--all-in-fp32"]
# Every request passes through the recorder of headers; what fails behind it is the host's.
_OURS = re.compile(r"lib_adcopy/(?!ui/guard\.py\", line \d+, in __call__)")
# How many of a folder's webuis run now.
_RUNNING: Counter[Path] = Counter()


class RealWebui:
    """One running webui; `log` is what it wrote, `folder` where it stands."""

    def __init__(self, folder, url, log, process):
        self.folder = folder
        self.url = url
        self.log = log
        self.process = process

    @property
    def outputs(self):
        return sorted((self.folder / "outputs").rglob("*.png"), key=lambda file: file.stat().st_mtime)

    @property
    def name(self):
        """What its screenshots are called: ADCOPY_WEBUI_NAME, or by the kind of folder it is."""
        kind = "forge" if (self.folder / "modules_forge").is_dir() else "a1111"
        return os.environ.get("ADCOPY_WEBUI_NAME", kind)

    @property
    def size(self):
        """Width and height of a test's pictures. Forge and its kin know only full-size models, slow on a CPU."""
        return (64, 64) if (self.folder / "modules_forge").is_dir() else (192, 256)

    def wait(self):
        """Until it answers, at the start and after Reload UI."""
        for _ in range(600):
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            try:
                urllib.request.urlopen(self.url, timeout=2).close()
                return
            except OSError:
                time.sleep(0.5)
        raise AssertionError(self.log.read_text()[-3000:])

    def faults(self):
        """The tracebacks in its log that go through our code. The host has complaints of its own."""
        blocks = self.log.read_text().split("Traceback (most recent call last)")[1:]
        heads = [block.split("\n\n")[0] for block in blocks]
        ours = [head for head in heads if _OURS.search(head)]
        # gradio 3 prints every gr.Error, by which a handler refuses another page's request or a path; another thread
        # may have printed half a line before it.
        return [head for head in ours if "gradio.exceptions.Error: " not in head]

    def tab(self, browser, theme="light", **options):
        page = TabPage(browser, f"{self.url}?__theme={theme}", **options)
        page.page.goto(page.url)
        return opened(page)


def opened(page):
    """The page with our tab in front, settled."""
    page.page.wait_for_selector("#txt2img_prompt textarea", timeout=120_000)
    page.page.wait_for_timeout(2000)
    page.page.locator("#tabs > .tab-nav button", has_text="Ad Copy").click()
    page.page.wait_for_selector("#adcopy_brief textarea", state="visible")
    page.page.wait_for_timeout(500)
    return page


def takes(flag):
    """Whether the webui that ADCOPY_WEBUI names knows the command line flag; forks of 1.6 lack some."""
    sources = (Path(os.environ.get("ADCOPY_WEBUI", ".")) / "modules").glob("*.py")
    return any(flag in source.read_text(encoding="utf-8") for source in sources)


@contextmanager
def running(tmp_path, *more, linked=True):
    """The webui on its own defaults, with the extension linked into it (or without); stopped at the end."""
    named = os.environ.get("ADCOPY_WEBUI")
    if not named:
        pytest.skip("ADCOPY_WEBUI names no webui")
    folder = Path(named)
    link = folder / "extensions" / LINK
    # One that runs already reads our files through this link.
    shared = _RUNNING[folder] > 0
    _RUNNING[folder] += 1
    if not shared:
        link.unlink(missing_ok=True)
    if linked and not shared:
        link.symlink_to(ROOT, target_is_directory=True)
    # The host freezes a tab's first defaults into its ui-config.json: a test wants those of the code.
    settings, config = tmp_path / "ui-config.json", tmp_path / "config.json"
    if (folder / "config.json").is_file():
        shutil.copy(folder / "config.json", config)
    python = os.environ.get("ADCOPY_WEBUI_PYTHON") or str(folder / "venv" / "bin" / "python")
    port = free_port()
    forge = (folder / "modules_forge").is_dir()
    flags = [*FLAGS, *(FORGE_FLAGS if forge else A1111_FLAGS), "--port", str(port), *more]
    flags += ["--ui-config-file", str(settings), "--ui-settings-file", str(config)]
    flags += os.environ.get("ADCOPY_WEBUI_FLAGS", "").split()
    quiet = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1",
             "CUDA_VISIBLE_DEVICES": "", "no_proxy": "127.0.0.1,localhost"}
    log = tmp_path / "webui.log"
    with log.open("w") as out:
        process = subprocess.Popen([python, "launch.py", *flags], cwd=folder, env=quiet, stdout=out,
                                   stderr=subprocess.STDOUT, start_new_session=True)
    try:
        started = RealWebui(folder, f"http://127.0.0.1:{port}/", log, process)
        started.wait()
        yield started
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        _RUNNING[folder] -= 1
        if not shared:
            link.unlink(missing_ok=True)

