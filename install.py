"""Run by the webui before it starts: installs what is missing, quietly, and never stops the start."""

from __future__ import annotations

import launch

# Neither has dependencies, so --no-deps changes nothing for them and keeps the host's own packages where they are.
NEEDED = ("sentencepiece", "cpm_kernels")


def install() -> None:
    """Installs each missing package. Offline, one line says what is lost: the template writer needs neither."""
    for package in NEEDED:
        if launch.is_installed(package):
            continue
        options = "--no-deps --prefer-binary --retries 1 --timeout 15 --disable-pip-version-check"
        try:
            launch.run_pip(f"install {options} {package}", f"{package} for Ad Copy")
        except Exception as error:
            reason = str(error).strip().splitlines()
            print(f"Ad Copy: {package} is not installed, so ChatGLM cannot write yet; templates can. "
                  f"To mend it: pip install {package} ({reason[0] if reason else type(error).__name__})")


install()
