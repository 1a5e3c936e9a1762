"""Run by the webui before it starts: installs what is missing, quietly, and never stops the start."""

from __future__ import annotations

import os
import sys
import threading

import launch

# Each package by the name that it is imported as: the version that is installed, and what is lost without it. None
# depends on anything that is not here, so --no-deps changes nothing for them and keeps the host's own packages.
_WITHOUT_TABLES = "tables to learn from are read as CSV, not as XLSX"
NEEDED = {
    "sentencepiece": ("sentencepiece==0.2.1", "ChatGLM cannot write yet; templates can"),
    "cpm_kernels": ("cpm_kernels==1.0.11", "ChatGLM is slower on an NVIDIA card"),
    "openpyxl": ("openpyxl==3.1.5", _WITHOUT_TABLES),
    "et_xmlfile": ("et_xmlfile==2.0.0", _WITHOUT_TABLES),
    "opencc": ("opencc-python-reimplemented==0.1.7", "briefs in traditional characters are read by a smaller table"),
}


# pip's own limits are for each connection: an index that answers a byte at a time would hold up the webui's start.
SECONDS = 180


def install() -> None:
    """Install the missing packages in one go; offline, print one line that says what is lost and how to mend it.

    pip runs as the webui runs it, with the mirror that its configuration names. After SECONDS the webui starts without.
    """
    missing = [package for package in NEEDED if not launch.is_installed(package)]
    if not missing:
        return
    pinned = " ".join(NEEDED[package][0] for package in missing)
    options = "--no-deps --prefer-binary --retries 1 --timeout 15 --disable-pip-version-check"
    problems: list[str] = []

    def run_pip() -> None:
        try:
            launch.run_pip(f"install {options} {pinned}", f"{pinned} for Ad Copy")
        except Exception as error:
            problems.append(_reason(error))

    running = threading.Thread(target=run_pip, daemon=True)
    running.start()
    running.join(SECONDS)
    if running.is_alive():
        problems.append(f"no answer in {SECONDS:g} seconds")
    if problems:
        print(f"Ad Copy: {NEEDED[missing[0]][1]}. To mend it: pip install {pinned} ({problems[0]})")
    if running.is_alive():
        # What pip still does it does without us; a normal exit could wait for its thread's locks.
        sys.stdout.flush()
        os._exit(0)


def _reason(error: Exception) -> str:
    """Return pip's last complaint: the webui's error begins with the command and ends with all that pip printed."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    complaints = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (complaints or lines or [type(error).__name__])[-1][:200]


install()
