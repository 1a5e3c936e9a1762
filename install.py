"""Run by the webui before it starts: installs what is missing, quietly, and never stops the start."""

from __future__ import annotations

import launch

# Package, and what is lost without it. Neither has dependencies, so --no-deps changes nothing for them and keeps the
# host's own packages where they are.
NEEDED = {
    "sentencepiece": "ChatGLM cannot write yet; templates can",
    "cpm_kernels": "ChatGLM and templates write all the same",
}


def install() -> None:
    """Installs each missing package. Offline, one line says what is lost: the template writer needs neither."""
    for package, lost in NEEDED.items():
        if launch.is_installed(package):
            continue
        options = "--no-deps --prefer-binary --retries 1 --timeout 15 --disable-pip-version-check"
        try:
            launch.run_pip(f"install {options} {package}", f"{package} for Ad Copy")
        except Exception as error:
            print(f"Ad Copy: {package} is not installed: {lost}. "
                  f"To mend it: pip install {package} ({_reason(error)})")


def _reason(error: Exception) -> str:
    """pip's own last complaint: the webui's error begins with the command and ends with all that pip printed."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    complaints = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (complaints or lines or [type(error).__name__])[-1][:200]


install()
