"""The hubs' own clients, as a program of its own: `python -m lib_adcopy.model_library.hubs`.

A process can be ended at any moment, and what a webui does to its own (offline switches, patched sessions) stays there.
It reads JSON lines and answers each with one:

    {"hub": "huggingface", "repository": "owner/name", "mirror": "", "folder": "..."}
        -> {"files": [{"name": "config.json", "size": 773, "sha256": ""}, ...]}
    {"file": "config.json"}  -> {"done": "config.json"}

or with {"problem": NAME, "reason": "..."}; the names are keys of i18n/<language>/library.json under "error.". A closed
standard input ends it.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

# Files straight in a folder, without links into a cache, came with this one.
_HUGGINGFACE_HUB = (0, 23)
_PIECE = 2**20
_BRANCH = "master"
_DISK = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EACCES", "EROFS")} - {None}


class Client(Protocol):
    def files(self) -> list[dict[str, Any]]: ...

    def fetch(self, name: str) -> None:
        """Into the folder; goes on where an earlier try stopped."""
        ...


class HuggingFace:
    def __init__(self, repository: str, mirror: str, folder: Path) -> None:
        self._hub = importlib.import_module("huggingface_hub")
        if tuple(int(part) for part in self._hub.__version__.split(".")[:2]) < _HUGGINGFACE_HUB:
            raise ModuleNotFoundError(name="huggingface_hub")
        # A connection that breaks loses the piece it was at: on a bad one, ten megabytes are never finished.
        importlib.import_module("huggingface_hub.constants").DOWNLOAD_CHUNK_SIZE = _PIECE  # type: ignore[attr-defined]
        self._repository, self._folder = repository, folder
        self._mirror = mirror.rstrip("/") or None
        self._revision = "main"

    def files(self) -> list[dict[str, Any]]:
        found = self._hub.HfApi(endpoint=self._mirror).model_info(self._repository, files_metadata=True, timeout=20)
        # All files of one state of the repository, also where it changes meanwhile.
        self._revision = found.sha or self._revision
        return [
            {"name": file.rfilename, "size": file.size or 0, "sha256": (file.lfs or {}).get("sha256") or ""}
            for file in found.siblings
        ]

    def fetch(self, name: str) -> None:
        self._hub.hf_hub_download(
            self._repository, name, revision=self._revision, local_dir=str(self._folder), endpoint=self._mirror
        )


class ModelScope:
    def __init__(self, repository: str, mirror: str, folder: Path) -> None:
        self._api = importlib.import_module("modelscope.hub.api").HubApi
        self._download = importlib.import_module("modelscope.hub.file_download").model_file_download
        self._repository, self._folder = repository, folder
        self._at = {"endpoint": mirror} if mirror else {}

    def files(self) -> list[dict[str, Any]]:
        try:
            # Since the client has a package of its own for the hub, the old call leaves the hashes out.
            hub = importlib.import_module("modelscope_hub").HubApi(**self._at)
        except ModuleNotFoundError:
            found = self._api(**self._at).get_model_files(self._repository, revision=_BRANCH, recursive=True)
        else:
            listed = hub.list_repo_files(self._repository, "model", revision=_BRANCH)
            found = [{"Path": file.path, "Size": file.size, "Sha256": file.sha256} for file in listed]
        return [
            {"name": file["Path"], "size": file.get("Size") or 0, "sha256": file.get("Sha256") or ""} for file in found
        ]

    def fetch(self, name: str) -> None:
        self._download(self._repository, name, revision=_BRANCH, local_dir=str(self._folder), **self._at)


_CLIENTS: dict[str, Callable[[str, str, Path], Client]] = {"huggingface": HuggingFace, "modelscope": ModelScope}


def main() -> None:
    # Clients print; the answers have the real standard output to themselves.
    answers, sys.stdout = sys.stdout, sys.stderr
    requests = _requests()
    client: Client | None = None
    for request in requests:
        try:
            if client is None:
                client = _CLIENTS[request["hub"]](request["repository"], request["mirror"], Path(request["folder"]))
                answer: dict[str, Any] = {"files": client.files()}
            else:
                client.fetch(request["file"])
                answer = {"done": request["file"]}
        except Exception as error:
            answer = {"problem": _problem(error), "reason": _reason(error)}
        print(json.dumps(answer), file=answers, flush=True)


def _requests() -> Iterator[dict[str, Any]]:
    """What the other side asks for; once it has gone, a transfer on its way is nobody's any more."""
    import queue

    waiting: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            waiting.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield json.loads(waiting.get())


def _problem(error: Exception) -> str:
    """By class names: the clients' own classes move between their versions, and their HTTP library changes."""
    names = {kind.__name__ for found in _chain(error) for kind in type(found).__mro__}
    if isinstance(error, ModuleNotFoundError):
        return "no_client"
    if any(isinstance(found, OSError) and found.errno in _DISK for found in _chain(error)):
        return "cannot_write"
    if names & {"GatedRepoError", "AuthenticationError", "PermissionDeniedError"}:
        return "not_allowed"
    if names & {"RepositoryNotFoundError", "RevisionNotFoundError", "EntryNotFoundError", "NotExistError"} and not (
        names & {"LocalEntryNotFoundError"}
    ):
        return "not_there"
    return "offline"


def _reason(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return error.name or str(error)
    # What the system said, where it did, without what the clients' layers wrapped around it.
    said = [found.strerror for found in _chain(error) if isinstance(found, OSError) and found.strerror]
    return (said[-1:] or str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


if __name__ == "__main__":
    main()
