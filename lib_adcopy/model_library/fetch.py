"""A published model onto the disk: into a hidden folder first, file by file and checked, renamed when it is whole.

    .NAME.part/             marked as ours (work_folder.py)
        client/             where the hub's client downloads to, and finds its parts again after a stop
        result/             files that are whole and checked

What was fetched stays there when something stops it, and the next try goes on from it. A folder NAME that is there
already is never written to, moved or removed, whatever it lacks.
"""

from __future__ import annotations

import logging
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm import check_folder
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.model_library.disk import check_free_space, disk_errors_reported, matches_sha256
from lib_adcopy.model_library.hub_process import HubProcess, StoppedError
from lib_adcopy.model_library.progress import OnProgress, WorkProgress
from lib_adcopy.model_library.sources import DownloadSource, PublishedModel, needed_files
from lib_adcopy.model_library.work_folder import WorkFolder
from lib_adcopy.storage.atomic import sync_file

_log = logging.getLogger("adcopy.library")
_TRIES_WITHOUT_A_BYTE = 3


@dataclass(frozen=True)
class _File:
    """A file to fetch; `pinned` where its SHA-256 is our own and not the source's."""

    name: str
    size: int
    sha256: str
    pinned: bool


def fetch_model(
    model: PublishedModel, source: DownloadSource, root: Path, *, on_progress: OnProgress, stop: threading.Event
) -> Path | None:
    """Download `model` into a folder of its name below `root`; None where it was stopped. Raises AdCopyError."""
    source.pin(model)
    work = WorkFolder(root / model.name)
    if work.target.exists():
        report = check_folder(work.target)
        if report.kind == "model" and report.problem is None:
            # Killed between the last two steps, an earlier try left its empty work folder.
            work.remove(())
            return work.target
        raise AdCopyError("model_library.name_taken", name=model.name)
    with disk_errors_reported(root):
        root.mkdir(parents=True, exist_ok=True)
        work.open()
        fetching = _Fetching(model, source, work, on_progress, stop)
        try:
            fetching.run()
        except StoppedError:
            return None
        problem = check_folder(work.result).problem
        if problem:
            raise AdCopyError(f"chatglm.{problem.code}", **{**problem.params, "folder": model.name})
        fetching.remove_client_files()
        return work.publish()


class _Fetching:
    """One try to make the work folder's result whole."""

    def __init__(
        self,
        model: PublishedModel,
        source: DownloadSource,
        work: WorkFolder,
        on_progress: OnProgress,
        stop: threading.Event,
    ) -> None:
        self._source, self._pin = source, source.pin(model)
        self._work, self._on_progress, self._stop = work, on_progress, stop
        self._client_folder = work.path / "client"
        self._client_folder.mkdir(exist_ok=True)
        self._total = 0
        self._files: list[_File] = []
        self._process = self._start()

    def run(self) -> None:
        """Fetch and check every file. Raises AdCopyError, StoppedError."""
        self._on_progress(WorkProgress("listing"))
        try:
            listed = self._process.open(self._source, self._pin, self._client_folder)
            if "problem" in listed:
                raise self._error(listed)
            self._files = self._chosen(listed["files"])
            self._note_unpinned()
            self._total = sum(file.size for file in self._files)
            check_free_space(self._work.target.parent, max(self._total - self._bytes_so_far(), 0))
            for file in self._files:
                self._fetch(file)
        finally:
            self._process.close()

    def remove_client_files(self) -> None:
        """Remove what the hub's client kept for itself, and its folder unless a stranger's file is in it."""
        for own in self._client_folder.iterdir():
            if own.is_dir() and not own.is_symlink() and own.name.startswith("."):
                shutil.rmtree(own)
            elif own.name.startswith("."):
                own.unlink()
        if not any(self._client_folder.iterdir()):
            self._client_folder.rmdir()

    def _start(self) -> HubProcess:
        home = self._client_folder / ".home"
        home.mkdir(exist_ok=True)
        return HubProcess(home, self._report_bytes, self._stop)

    def _fetch(self, file: _File) -> None:
        """Bring the file into the result, whole and checked. What is wrong twice is wrong at its source."""
        done, came = self._work.result / file.name, self._client_folder / file.name
        if self._is_good(done, file):
            return
        done.unlink(missing_ok=True)
        for _ in range(2):
            self._transfer(file)
            if self._is_good(came, file):
                sync_file(came)
                came.replace(done)
                return
            came.unlink(missing_ok=True)
        raise AdCopyError("model_library.wrong_file", file=file.name)

    def _transfer(self, file: _File) -> None:
        """Ask until the client has the file; a broken connection gets a new process as long as bytes come."""
        idle_tries = 0
        while True:
            before = self._bytes_so_far()
            answer = self._process.ask({"file": file.name})
            if "done" in answer:
                return
            if answer["problem"] != "offline":
                raise self._error(answer)
            _log.info("%s: %s", file.name, answer["reason"])
            idle_tries = 0 if self._bytes_so_far() > before else idle_tries + 1
            if idle_tries >= _TRIES_WITHOUT_A_BYTE:
                raise AdCopyError("model_library.broken_off", file=file.name)
            self._process.close()
            self._process = self._start()
            self._process.open(self._source, self._pin, self._client_folder)

    def _is_good(self, path: Path, file: _File) -> bool:
        if not path.is_file() or (file.size and path.stat().st_size != file.size):
            return False
        read = 0

        def on_read(size: int) -> None:
            nonlocal read
            read += size
            self._on_progress(WorkProgress("checking", read, file.size, file.name))

        good = matches_sha256(path, file.sha256, self._stop, on_read)
        if self._stop.is_set():
            raise StoppedError
        return good

    def _chosen(self, listed: list[dict[str, Any]]) -> list[_File]:
        """Choose from the source's listing. Raises AdCopyError where it contradicts what we pinned."""
        by_name = {file["name"]: file for file in listed}
        names = needed_files(list(by_name))
        missing = {"config.json", *self._pin.files} - set(names)
        if missing:
            raise AdCopyError("model_library.not_there", **self._params(""))
        files = []
        for name in names:
            pin, size, sha256 = self._pin.files.get(name), by_name[name]["size"], by_name[name]["sha256"].lower()
            if pin and ((pin.size and size and pin.size != size) or (pin.sha256 and sha256 not in ("", pin.sha256))):
                raise AdCopyError("model_library.not_the_pinned_file", file=name, **self._params(""))
            known = pin.sha256 if pin else ""
            files.append(_File(name, (pin.size if pin else 0) or size, known or sha256, bool(known)))
        return files

    def _note_unpinned(self) -> None:
        """Say for which weights only the source's own SHA-256, or none, can be checked."""
        unpinned = [file.name for file in self._files if not file.pinned and not file.name.endswith((".json", ".md"))]
        unpinned = [name for name in unpinned if "LICENSE" not in name]
        if unpinned:
            note = Message("model_library.note.unpinned", {"files": ", ".join(unpinned), "name": self._pin.repository})
            _log.warning("%s", note.text("en"))
            self._on_progress(WorkProgress("listing", note=note))

    def _report_bytes(self) -> int:
        here = self._bytes_so_far()
        if self._total:
            self._on_progress(WorkProgress("fetching", here, self._total))
        return here

    def _bytes_so_far(self) -> int:
        """Bytes that came, in finished files or not."""
        return sum(_size(file) for file in self._work.path.rglob("*"))

    def _error(self, answer: dict[str, str]) -> AdCopyError:
        return AdCopyError(f"model_library.{answer['problem']}", **self._params(answer["reason"]))

    def _params(self, reason: str) -> dict[str, str]:
        return {"name": self._pin.repository, "folder": self._work.target.parent.name, "reason": reason}


def _size(file: Path) -> int:
    """Size in bytes; 0 for what is no file, or was moved to its place a moment ago."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0
