"""A published model onto the disk: into a hidden folder first, file by file and checked, renamed when it is whole.

What was fetched stays there when something stops it, and the next try goes on from it.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm import check_folder
from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.disk import check_room, is_published, writing
from lib_adcopy.model_library.progress import Progress, Tell
from lib_adcopy.model_library.sources import Published, Source, needed

_log = logging.getLogger("adcopy.library")
_ROOT = Path(__file__).resolve().parents[2]
_LOOK_SECONDS = 0.25
# The clients try a broken connection again by themselves; this is for a process that hangs or gave up.
_PATIENCE_SECONDS = 60.0
_TRIES_WITHOUT_A_BYTE = 3
_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1", "HF_HUB_ENABLE_HF_TRANSFER": "0", "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_ETAG_TIMEOUT": "15", "HF_HUB_DOWNLOAD_TIMEOUT": "20",
    "PYTHONUTF8": "1",
    # Four times, with 1, 2 and 4 seconds between, is what it asks for a list otherwise, also where there is no network.
    "MODELSCOPE_REPO_TREE_PAGE_MAX_ATTEMPTS": "2",
}  # fmt: skip


@dataclass(frozen=True)
class _File:
    name: str
    size: int
    sha256: str


class _StopError(Exception):
    """The user's stop, on its way out of the client's process."""


def fetch_model(
    model: Published, source: Source, root: Path, *, on_progress: Tell, stop: threading.Event
) -> Path | None:
    """The model's folder below `root`, None where it was stopped. Raises AdCopyError."""
    target, part = root / model.name, root / f".{model.name}.part"
    if target.exists():
        report = check_folder(target)
        if report.kind == "model" and report.problem is None:
            return target
        if report.kind == "prefix" or part.exists():
            raise AdCopyError("model_library.name_taken", name=model.name)
    with writing(root):
        root.mkdir(parents=True, exist_ok=True)
        # A broken model is where the fetching goes on: what is good of it need not come again.
        if target.exists():
            target.replace(part)
        part.mkdir(exist_ok=True)
        try:
            _Fetching(model, source, part, on_progress, stop).run()
        except _StopError:
            return None
        _clean(part)
        problem = check_folder(part).problem
        if problem:
            raise AdCopyError(f"chatglm.{problem.code}", **{**problem.params, "folder": model.name})
        part.replace(target)
    return target


class _Fetching:
    """One try to make `part` whole."""

    def __init__(self, model: Published, source: Source, part: Path, tell: Tell, stop: threading.Event) -> None:
        self._model, self._source, self._part = model, source, part
        self._tell, self._stop = tell, stop
        self._total = 0
        self._client = _Client(self._told, stop)

    def run(self) -> None:
        self._tell(Progress("listing"))
        try:
            listed = self._client.ask(self._opening())
            if "problem" in listed:
                raise self._error(listed)
            files = self._chosen(listed["files"])
            self._total = sum(file.size for file in files)
            check_room(self._part.parent, max(self._total - self._here(), 0))
            for file in files:
                self._bring(file)
        finally:
            self._client.close()

    def _bring(self, file: _File) -> None:
        """The file, whole and checked. What is wrong twice is wrong at its source."""
        if self._is_good(file):
            return
        for _ in range(2):
            (self._part / file.name).unlink(missing_ok=True)
            self._transfer(file)
            if self._is_good(file):
                return
        (self._part / file.name).unlink(missing_ok=True)
        raise AdCopyError("model_library.wrong_file", file=file.name)

    def _transfer(self, file: _File) -> None:
        """Until the client has it; a broken connection is tried again with a new one as long as bytes come."""
        idle_tries = 0
        while True:
            before = self._here()
            answer = self._client.ask({"file": file.name})
            if "done" in answer:
                return
            if answer["problem"] != "offline":
                raise self._error(answer)
            _log.info("%s: %s", file.name, answer["reason"])
            idle_tries = 0 if self._here() > before else idle_tries + 1
            if idle_tries >= _TRIES_WITHOUT_A_BYTE:
                raise AdCopyError("model_library.broken_off", file=file.name)
            self._client.close()
            self._client = _Client(self._told, self._stop)
            self._client.ask(self._opening())

    def _is_good(self, file: _File) -> bool:
        there = self._part / file.name
        if not there.is_file() or (file.size and there.stat().st_size != file.size):
            return False
        read = 0

        def tell(size: int) -> None:
            nonlocal read
            read += size
            self._tell(Progress("checking", read, file.size, file.name))

        good = is_published(there, file.sha256, self._stop, tell)
        if self._stop.is_set():
            raise _StopError
        return good

    def _chosen(self, listed: list[dict[str, Any]]) -> list[_File]:
        by_name = {file["name"]: file for file in listed}
        files = [_File(name, by_name[name]["size"], by_name[name]["sha256"]) for name in needed(list(by_name))]
        if not any(file.name == "config.json" for file in files):
            raise AdCopyError("model_library.not_there", **self._facts(""))
        return files

    def _opening(self) -> dict[str, str]:
        source = self._source
        repository = source.repository(self._model)
        return {"hub": source.hub, "repository": repository, "mirror": source.mirror, "folder": str(self._part)}

    def _told(self) -> int:
        here = self._here()
        if self._total:
            self._tell(Progress("fetching", here, self._total))
        return here

    def _here(self) -> int:
        """Bytes that came so far, finished or not."""
        return sum(size for file in self._part.rglob("*") if (size := _size(file)))

    def _error(self, answer: dict[str, str]) -> AdCopyError:
        return AdCopyError(f"model_library.{answer['problem']}", **self._facts(answer["reason"]))

    def _facts(self, reason: str) -> dict[str, str]:
        return {"name": self._source.repository(self._model), "folder": self._part.parent.name, "reason": reason}


class _Client:
    """A process that speaks hubs.py's lines. `grows` tells how many bytes there are, whenever it is asked."""

    def __init__(self, grows: Callable[[], int], stop: threading.Event) -> None:
        self._grows, self._stop = grows, stop
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lib_adcopy.model_library.hubs"],
            cwd=_ROOT,
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, request: dict[str, str]) -> dict[str, Any]:
        """The answer; a process that ended, or brings no byte for a long time, has the problem "offline"."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            return {"problem": "offline", "reason": str(error)}
        last, since = self._grows(), time.monotonic()
        while time.monotonic() - since < _PATIENCE_SECONDS:
            try:
                line = self._answers.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                if self._stop.is_set():
                    raise _StopError from None
                now = self._grows()
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


def _clean(part: Path) -> None:
    """Away with what the hubs' clients keep for themselves."""
    for own in part.iterdir():
        if own.name.startswith("."):
            shutil.rmtree(own) if own.is_dir() else own.unlink()


def _size(file: Path) -> int:
    """0 for what is no file, or was moved to its place a moment ago."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0
