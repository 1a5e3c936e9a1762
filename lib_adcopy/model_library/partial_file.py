"""Describe what came of a download so far, beside its place, and the note that says whose it is.

    .adcopy-HASH.json       the note: this download is ours, and the ETag of the file it is of
    .adcopy-HASH.part       what came so far

HASH stands for the address. The note is there before the part is; a part without a note is somebody else's.
"""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.disk import sha256_of
from lib_adcopy.storage.atomic import move_new, write_atomic


class PartialFile:
    """The unfinished file of one address, and its note."""

    def __init__(self, folder: Path, address: str) -> None:
        digest = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self.file = folder / f".adcopy-{digest}.part"
        self._note = self.file.with_suffix(".json")

    def check_ours(self) -> None:
        """Raise AdCopyError for a part without a note."""
        if self.file.exists() and not self._note.exists():
            raise AdCopyError("model_library.file_exists", name=self.file.name)

    def remember(self, etag: str) -> None:
        """Write the note: whose the part is, and of which file."""
        write_atomic(self._note, json.dumps({"made_by": "adcopy", "etag": etag}))

    def resumable(self) -> tuple[int, str]:
        """Return how many bytes can be gone on from, and their ETag; (0, "") where the note does not say."""
        try:
            note = json.loads(self._note.read_bytes())
            etag = note["etag"] if note["made_by"] == "adcopy" else ""
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            # Empty or broken, by a crash of an earlier version: the download begins anew.
            return 0, ""
        return (self.size(), etag) if isinstance(etag, str) and etag else (0, "")

    def size(self) -> int:
        """Return how many bytes came, 0 without a part."""
        return self.file.stat().st_size if self.file.exists() else 0

    def remove(self) -> None:
        """Remove the part and its note."""
        self.file.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def publish(self, target: Path, stop: threading.Event) -> Path | None:
        """Give the file its name; one of that name stays, and is the result where it has the same bytes."""
        try:
            move_new(self.file, target)
        except FileExistsError as error:
            if not target.is_file() or target.stat().st_size != self.size():
                self.remove()
                raise AdCopyError("model_library.file_exists", name=target.name) from error
            ours, theirs = sha256_of(self.file, stop), sha256_of(target, stop)
            if ours is None or theirs is None:
                return None
            self.remove()
            if ours != theirs:
                raise AdCopyError("model_library.file_exists", name=target.name) from error
        self.remove()
        return target
