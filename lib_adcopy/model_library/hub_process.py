"""A hub's client in a process of its own (hubs.py), asked line by line."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lib_adcopy.model_library.sources import DownloadSource, HubPin

_ROOT = Path(__file__).resolve().parents[2]
_POLL_SECONDS = 0.25
# The clients retry a broken connection by themselves; this is for a process that hangs or gave up.
_PATIENCE_SECONDS = 60.0
_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1", "HF_HUB_ENABLE_HF_TRANSFER": "0", "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_ETAG_TIMEOUT": "15", "HF_HUB_DOWNLOAD_TIMEOUT": "20",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1", "PYTHONUTF8": "1",
    # Four times, with 1, 2 and 4 seconds between, is what it asks for a list otherwise, also where there is no network.
    "MODELSCOPE_REPO_TREE_PAGE_MAX_ATTEMPTS": "2",
}  # fmt: skip
# The clients' own settings: tokens, where a saved login is, and another address for the hub.
_CLIENT_SETTINGS = ("HF_", "HUGGING", "MODELSCOPE_", "TRANSFORMERS_OFFLINE")


class StoppedError(Exception):
    """The user's stop, while the client's process was waited for."""


class HubProcess:
    """The client's process; `bytes_so_far` is called to see whether a transfer still makes progress."""

    def __init__(self, home: Path, bytes_so_far: Callable[[], int], stop: threading.Event) -> None:
        """`home` is a folder of ours that the client finds instead of the user's saved logins."""
        self._bytes_so_far, self._stop = bytes_so_far, stop
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lib_adcopy.model_library.hubs"],
            cwd=_ROOT,
            env=client_environment(home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=self._read, daemon=True).start()

    def open(self, source: DownloadSource, pin: HubPin, folder: Path) -> dict[str, Any]:
        """Begin with one repository; returns {"files": [...]} or a problem, as hubs.py says."""
        return self.ask({
            "hub": source.hub, "repository": pin.repository, "revision": pin.revision, "mirror": source.mirror,
            "folder": str(folder),
        })  # fmt: skip

    def ask(self, request: dict[str, str]) -> dict[str, Any]:
        """Send a request and return its answer.

        A process that ended, or brings no byte for a long time, has the problem "offline". Raises StoppedError.
        """
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            return {"problem": "offline", "reason": str(error)}
        last, since = self._bytes_so_far(), time.monotonic()
        while time.monotonic() - since < _PATIENCE_SECONDS:
            try:
                line = self._answers.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                if self._stop.is_set():
                    raise StoppedError from None
                now = self._bytes_so_far()
                last, since = (now, time.monotonic()) if now != last else (last, since)
                continue
            return json.loads(line) if line else {"problem": "offline", "reason": "the hub's client ended"}
        return {"problem": "offline", "reason": f"no byte for {_PATIENCE_SECONDS:g} s"}

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()

    def _read(self) -> None:
        assert self._process.stdout
        with self._process.stdout as lines:
            for line in lines:
                self._answers.put(line)
        self._answers.put(None)


def client_environment(home: Path) -> dict[str, str]:
    """Return the environment for the client: without tokens, saved logins and other addresses than the hub's own."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_CLIENT_SETTINGS)}
    # requests would look up a host's password in the user's .netrc.
    names = ("HF_HOME", "MODELSCOPE_HOME", "MODELSCOPE_CACHE", "MODELSCOPE_CREDENTIALS_PATH")
    private = {**dict.fromkeys(names, str(home)), "NETRC": os.devnull}
    return {**kept, **_ENVIRONMENT, **private}
