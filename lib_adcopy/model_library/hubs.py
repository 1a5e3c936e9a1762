"""The hubs' own clients, as a program of its own: `python -m lib_adcopy.model_library.hubs`.

A process can be ended at any moment, and what a webui does to its own (offline switches, patched sessions) stays there.
It reads JSON lines and answers each with one:

    {"hub": "huggingface", "repository": "owner/name", "revision": "...", "mirror": "", "folder": "..."}
        -> {"files": [{"name": "config.json", "size": 773, "sha256": ""}, ...]}
    {"file": "config.json"}  -> {"done": "config.json"}

or with {"problem": NAME, "reason": "..."}; the names are keys of i18n/<language>/model_library.json under "error.". A
closed standard input ends it.

What is fetched is public, so no credentials are sent, to nobody: hub_process.py starts it without any in the
environment, and the clients are told to use none. It connects to public addresses only, and to the mirror and the
proxies that the user named: a redirect leads nowhere else.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import queue
import re
import socket
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from lib_adcopy.model_library.addresses import is_public_address, without_secrets

# Files straight in a folder, without links into a cache, came with this one.
_HUGGINGFACE_HUB = (0, 23)
_HUGGINGFACE_ADDRESS = "https://huggingface.co"
_PIECE_BYTES = 2**20
_COMMIT = re.compile(r"[0-9a-f]{40}")
_DISK = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EACCES", "EROFS")} - {None}
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


class Client(Protocol):
    """One repository at one revision, by its hub's own client."""

    def files(self) -> list[dict[str, Any]]:
        """List name, size (0: unknown) and SHA-256 ("": unknown) of every file."""
        ...

    def fetch(self, name: str) -> None:
        """Download a file into the folder; goes on where an earlier try stopped."""
        ...


class WrongRevisionError(Exception):
    """The hub answered with another state of the repository than it was asked for."""


class HuggingFace:
    def __init__(self, repository: str, revision: str, mirror: str, folder: Path) -> None:
        self._hub = importlib.import_module("huggingface_hub")
        if tuple(int(part) for part in self._hub.__version__.split(".")[:2]) < _HUGGINGFACE_HUB:
            raise ModuleNotFoundError(name="huggingface_hub")
        # A connection that breaks loses the piece it was at: on a bad one, ten megabytes are never finished.
        importlib.import_module("huggingface_hub.constants").DOWNLOAD_CHUNK_SIZE = _PIECE_BYTES  # type: ignore[attr-defined]
        self._repository, self._revision, self._folder = repository, revision, folder
        self._endpoint = mirror.rstrip("/") or _HUGGINGFACE_ADDRESS

    def files(self) -> list[dict[str, Any]]:
        api = self._hub.HfApi(endpoint=self._endpoint, token=False)
        info = api.model_info(self._repository, revision=self._revision, files_metadata=True, timeout=20)
        if _COMMIT.fullmatch(self._revision) and info.sha != self._revision:
            raise WrongRevisionError(f"asked for {self._revision}, got {info.sha}")
        return [
            {"name": file.rfilename, "size": file.size or 0, "sha256": (file.lfs or {}).get("sha256") or ""}
            for file in info.siblings
        ]

    def fetch(self, name: str) -> None:
        self._hub.hf_hub_download(
            self._repository, name, revision=self._revision, local_dir=str(self._folder), endpoint=self._endpoint,
            token=False,
        )  # fmt: skip


class ModelScope:
    def __init__(self, repository: str, revision: str, mirror: str, folder: Path) -> None:
        self._api = importlib.import_module("modelscope.hub.api").HubApi
        self._download = importlib.import_module("modelscope.hub.file_download").model_file_download
        self._repository, self._revision, self._folder = repository, revision, folder
        self._at = {"endpoint": mirror} if mirror else {}

    def files(self) -> list[dict[str, Any]]:
        try:
            # Since the client has a package of its own for the hub, the old call leaves the hashes out.
            hub = importlib.import_module("modelscope_hub").HubApi(**self._at)
        except ModuleNotFoundError:
            listed = self._api(**self._at).get_model_files(self._repository, revision=self._revision, recursive=True)
        else:
            files = hub.list_repo_files(self._repository, "model", revision=self._revision)
            listed = [{"Path": file.path, "Size": file.size, "Sha256": file.sha256} for file in files]
        return [
            {"name": file["Path"], "size": file.get("Size") or 0, "sha256": file.get("Sha256") or ""} for file in listed
        ]

    def fetch(self, name: str) -> None:
        self._download(self._repository, name, revision=self._revision, local_dir=str(self._folder), **self._at)


_CLIENTS: dict[str, Callable[[str, str, str, Path], Client]] = {"huggingface": HuggingFace, "modelscope": ModelScope}


def main() -> None:
    # Clients print; the answers have the real standard output to themselves.
    answers, sys.stdout = sys.stdout, sys.stderr
    client: Client | None = None
    for request in _requests():
        try:
            if client is None:
                connect_only_to_public_addresses(_endpoints([request["mirror"], *urllib.request.getproxies().values()]))
                client = _CLIENTS[request["hub"]](
                    request["repository"], request["revision"], request["mirror"], Path(request["folder"])
                )
                answer: dict[str, Any] = {"files": client.files()}
            else:
                client.fetch(request["file"])
                answer = {"done": request["file"]}
        except Exception as error:
            answer = {"problem": _problem(error), "reason": _reason(error)}
        print(json.dumps(answer), file=answers, flush=True)


def connect_only_to_public_addresses(allowed: set[tuple[str, int]]) -> None:
    """Make this process's name look-ups give public addresses only, but for the hosts and ports in `allowed`.

    Every HTTP library asks `socket.getaddrinfo` before it connects, for literal addresses too, and connects to what it
    gave: a name that is public when it is checked and private afterwards gets no second look-up.
    """
    look_up = socket.getaddrinfo

    def checked(host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        found = look_up(host, port, *args, **kwargs)
        name = host.decode() if isinstance(host, bytes) else host or ""
        if (name.lower(), found[0][4][1]) in allowed:
            return found
        public = [each for each in found if is_public_address(str(each[4][0]))]
        if not public:
            raise OSError(errno.EACCES, "a private address is not connected to")
        return public

    socket.getaddrinfo = checked


def _endpoints(urls: list[str]) -> set[tuple[str, int]]:
    """Host and port of each URL; those without a host are left out."""
    parts = [urlsplit(url if "://" in url else f"http://{url}") for url in urls if url]
    return {(part.hostname, part.port or _PORTS.get(part.scheme, 80)) for part in parts if part.hostname}


def _requests() -> Iterator[dict[str, Any]]:
    """Yield the requests on standard input; ends the process, and with it any transfer, once the other side has
    gone."""
    waiting: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            waiting.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield json.loads(waiting.get())


def _problem(error: Exception) -> str:
    """Name the problem by class names: the clients' own classes move between their versions."""
    names = {kind.__name__ for each in _chain(error) for kind in type(each).__mro__}
    if isinstance(error, ModuleNotFoundError):
        return "no_client"
    if isinstance(error, WrongRevisionError):
        return "wrong_revision"
    if "private address" in _reason(error):
        return "redirect_refused"
    if any(isinstance(each, OSError) and each.errno in _DISK for each in _chain(error)):
        return "cannot_write"
    if names & {"GatedRepoError", "AuthenticationError", "PermissionDeniedError"}:
        return "not_allowed"
    if names & {"RepositoryNotFoundError", "RevisionNotFoundError", "EntryNotFoundError", "NotExistError"} and not (
        names & {"LocalEntryNotFoundError"}
    ):
        return "not_there"
    return "offline"


def _reason(error: Exception) -> str:
    """Return what went wrong in at most 200 characters, without what the clients' layers wrapped around it."""
    if isinstance(error, ModuleNotFoundError):
        return error.name or str(error)
    system = [each.strerror for each in _chain(error) if isinstance(each, OSError) and each.strerror]
    reasons = system[-1:] or str(error).strip().splitlines() or [type(error).__name__]
    return without_secrets(reasons[0])[:200]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


if __name__ == "__main__":
    main()
