"""Room on the disk, and whether a file is the one that was published."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lib_adcopy.errors import AdCopyError

# A disk that is full to the last byte stops the webui as well.
_MARGIN = 200 * 2**20
_BLOCK = 4 * 2**20


def check_room(folder: Path, needed: int) -> None:
    """Raises AdCopyError where `folder`'s disk has no room for `needed` bytes."""
    free = shutil.disk_usage(folder).free
    if needed + _MARGIN > free:
        raise AdCopyError("model_library.disk_full", needed=size_text(needed), free=size_text(free), folder=folder.name)


def size_text(size: int) -> str:
    """As people say it: a file of 11 MB is none of 0.0 GB."""
    return f"{size / 1e9:.1f} GB" if size >= 10**9 else f"{-(-size // 10**6)} MB"


def is_published(
    file: Path, sha256: str, stop: threading.Event, read: Callable[[int], None] = lambda size: None
) -> bool:
    """Whether the file has this SHA-256; True where none was published. `read` hears of each block's bytes."""
    if not sha256:
        return True
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while not stop.is_set() and (block := opened.read(_BLOCK)):
            digest.update(block)
            read(len(block))
    return stop.is_set() or digest.hexdigest() == sha256.lower()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """An unwritable folder or a disk that filled up as the user's error."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise AdCopyError("model_library.cannot_write", folder=folder.name, reason=reason) from error
