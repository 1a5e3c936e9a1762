"""Describe whose training and whose styles these are, on a webui that several people use."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.atomic import write_atomic

_log = logging.getLogger("adcopy.ownership")
OWNERS_FILE = "owners.json"
_LARGEST_FILE = 4 * 1024**2


@dataclass(frozen=True)
class Requester:
    """Describe who asks for a change. `id` tells people apart, "" where nothing does; it is a hash, and can be written
    down.

    `owns_machine` on a page that nobody but the machine's owner can reach.
    """

    id: str = ""
    owns_machine: bool = True

    def may_change(self, owner: str) -> bool:
        """Return whether this is the owner's; what nobody is known to own is the machine owner's alone."""
        return self.owns_machine or (bool(self.id) and self.id == owner)


LOCAL = Requester()


class Ownership:
    """The owners of things by kind ("style", "training") and name, in one file. A broken file names nobody."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def owner(self, kind: str, name: str) -> str:
        """Return the `id` of whoever owns it, "" where that is not known."""
        return self._read().get(_key(kind, name), "")

    def claim(self, kind: str, name: str, requester: Requester) -> None:
        """Write down that it is the requester's. Raises AdCopyError where the disk refuses."""
        self._write(_key(kind, name), requester.id)

    def release(self, kind: str, name: str) -> None:
        """Forget its owner; the name is free. Raises AdCopyError where the disk refuses."""
        self._write(_key(kind, name), "")

    def _write(self, key: str, owner: str) -> None:
        with self._lock:
            owners = self._read()
            if owners.get(key, "") == owner:
                return
            owners.pop(key, None)
            if owner:
                owners[key] = owner
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(self._file, json.dumps(owners, ensure_ascii=False, indent=1))
            except OSError as error:
                reason = error.strerror or str(error)
                raise AdCopyError("storage.not_saved", folder=str(self._file.parent), reason=reason) from error

    def _read(self) -> dict[str, str]:
        try:
            with self._file.open("rb") as opened:
                stored = json.loads(opened.read(_LARGEST_FILE).decode("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            _log.warning("%s cannot be read: %s", self._file.name, type(error).__name__)
            return {}
        if not isinstance(stored, dict):
            return {}
        return {key: owner for key, owner in stored.items() if isinstance(owner, str)}


def _key(kind: str, name: str) -> str:
    # Where files' names have no case, Mine and mine are one.
    return f"{kind}/{name.lower()}"
