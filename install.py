"""Run by the webui before it starts: installs what is missing, quietly, and never stops the start."""

from __future__ import annotations

import launch

# What is lost without each. None depends on anything that is not here, so --no-deps changes nothing for them and keeps
# the host's own packages where they are.
NEEDED = {
    "sentencepiece": "ChatGLM cannot write yet; templates can",
    "cpm_kernels": "ChatGLM is slower on an NVIDIA card",
    "openpyxl": "tables to learn from are read as CSV, not as XLSX",
    "et_xmlfile": "tables to learn from are read as CSV, not as XLSX",
}


def install() -> None:
    """Installs the missing packages in one go. Offline, one line says what is lost and how to mend it."""
    missing = [package for package in NEEDED if not launch.is_installed(package)]
    if not missing:
        return
    names = " ".join(missing)
    options = "--no-deps --prefer-binary --retries 1 --timeout 15 --disable-pip-version-check"
    try:
        launch.run_pip(f"install {options} {names}", f"{names} for Ad Copy")
    except Exception as error:
        print(f"Ad Copy: {NEEDED[missing[0]]}. To mend it: pip install {names} ({_reason(error)})")


def _reason(error: Exception) -> str:
    """pip's own last complaint: the webui's error begins with the command and ends with all that pip printed."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    complaints = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (complaints or lines or [type(error).__name__])[-1][:200]


install()
