"""The studio's folder for uploaded files: private, bounded, emptied of what is old."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MAX_UPLOAD_BYTES = 256 * 1024**2
_MAX_FOLDER_BYTES = 1024**3
_MAX_AGE_SECONDS = 24 * 3600
# Left behind by a studio that was killed; one that runs touches its own.
_ABANDONED_SECONDS = 7 * 24 * 3600
_PREFIX = "adcopy-studio-"


def private_folder() -> Path:
    """Return a new folder that only this user can read.

    Those of studios that were killed are removed once they are old.

    It lies in the system's temporary folder: gradio 3 serves no file below a folder whose name begins with a dot.
    """
    parent = Path(tempfile.gettempdir())
    for left in parent.glob(f"{_PREFIX}*"):
        if left.is_dir() and not left.is_symlink() and time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()


def make_room(folder: Path, size: int = 0) -> None:
    """Delete files older than a day, then the oldest, until `size` more bytes fit the folder's limit."""
    folder.mkdir(mode=0o700, exist_ok=True)
    os.utime(folder)
    files = sorted(_written(folder))
    total = sum(length for _, length, _ in files) + size
    for written, length, file in files:
        if time.time() - written <= _MAX_AGE_SECONDS and total <= _MAX_FOLDER_BYTES:
            break
        total -= length
        file.unlink(missing_ok=True)


def _written(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Return when each file was written and its length; without those that go meanwhile."""
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            found = file.stat()
            if stat.S_ISREG(found.st_mode):
                yield found.st_mtime, found.st_size, file
