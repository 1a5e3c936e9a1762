"""install.py as a webui runs it: a process of its own, with the webui's `launch` module to ask."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LAUNCH = """
import os
def is_installed(package): return package in os.environ["HAVE"].split()
def run_pip(command, desc=None, live=False):
    if "--skip-install" in os.environ.get("COMMANDLINE_ARGS", ""): return
    if os.environ.get("BLOCKED"): import threading; threading.Event().wait()
    if os.environ.get("OFFLINE"): raise RuntimeError("Couldn't install " + desc + ".\\nERROR: no route to host")
    print("PIP", command)
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "launch.py").write_text(LAUNCH)

    def install(**environment):
        given = {"PYTHONPATH": str(tmp_path), "HAVE": "", **environment}
        script = (ROOT / "install.py").read_text(encoding="utf-8")
        limit = "SECONDS = 0.2" if "BLOCKED" in environment else "SECONDS = 180"
        (tmp_path / "install.py").write_text(script.replace("SECONDS = 180", limit), encoding="utf-8")
        command = [sys.executable, str(tmp_path / "install.py")]
        done = subprocess.run(command, env=given, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return install


def test_only_what_is_missing_is_installed_and_nothing_it_depends_on(run):
    said = run(HAVE="sentencepiece openpyxl et_xmlfile opencc")
    assert len(said) == 1
    assert said[0].endswith(" cpm_kernels==1.0.11")
    assert "--no-deps" in said[0]


def test_nothing_to_do_is_done_in_silence(run):
    assert run(HAVE="sentencepiece cpm_kernels openpyxl et_xmlfile opencc") == []


def test_skip_install_is_honoured(run):
    assert run(COMMANDLINE_ARGS="--skip-install") == []


@pytest.mark.parametrize(
    ("have", "lost", "mend"),
    [("", "ChatGLM cannot write yet; templates can",
      "pip install sentencepiece==0.2.1 cpm_kernels==1.0.11 openpyxl==3.1.5 et_xmlfile==2.0.0 "
      "opencc-python-reimplemented==0.1.7"),
     ("cpm_kernels openpyxl et_xmlfile opencc", "ChatGLM cannot write yet; templates can",
      "pip install sentencepiece==0.2.1"),
     ("sentencepiece openpyxl et_xmlfile opencc", "ChatGLM is slower on an NVIDIA card",
      "pip install cpm_kernels==1.0.11"),
     ("sentencepiece cpm_kernels openpyxl et_xmlfile", "briefs in traditional characters are read by a smaller table",
      "pip install opencc-python-reimplemented==0.1.7"),
     ("sentencepiece cpm_kernels opencc", "tables to learn from are read as CSV, not as XLSX",
      "pip install openpyxl==3.1.5 et_xmlfile==2.0.0")],
)  # fmt: skip
def test_offline_one_line_says_what_is_lost_and_how_to_mend_it(run, have, lost, mend):
    said = run(HAVE=have, OFFLINE="1")
    assert said == [f"Ad Copy: {lost}. To mend it: {mend} (no route to host)"]


def test_an_index_that_never_answers_costs_a_bounded_time_and_one_line(run):
    said = run(BLOCKED="1", HAVE="cpm_kernels openpyxl et_xmlfile opencc")
    assert said == [
        "Ad Copy: ChatGLM cannot write yet; templates can. To mend it: pip install sentencepiece==0.2.1 "
        "(no answer in 0.2 seconds)"
    ]


def test_pip_is_left_to_its_own_configuration_for_the_index(run):
    """A mirror named there, or in the webui's INDEX_URL, which its run_pip adds, is used."""
    [line] = run()
    assert not {"--index-url", "-i", "--isolated", "--no-index", "--extra-index-url"} & set(line.split())


def test_all_that_is_missing_takes_one_call(run):
    said = run()
    assert len(said) == 1
    wanted = "sentencepiece==0.2.1 cpm_kernels==1.0.11 openpyxl==3.1.5 et_xmlfile==2.0.0"
    assert said[0].endswith(f" {wanted} opencc-python-reimplemented==0.1.7")


def test_everything_that_is_installed_has_one_version(run):
    """Also for the studio: what is fetched tomorrow is what was tried today."""
    [line] = run(HAVE="")
    packages = [word for word in line.split() if word[0].isalpha() and word not in ("PIP", "install")]
    files = (ROOT / "lib_adcopy" / "hosts" / "standalone").glob("*.txt")
    listed = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    packages += [line.partition(";")[0].strip() for line in listed if line and not line.startswith("#")]
    assert len(packages) > 15
    assert [package for package in packages if "==" not in package] == []
