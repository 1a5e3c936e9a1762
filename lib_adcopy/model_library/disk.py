"""Free disk space, checksums, and disk errors as sentences for the user."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lib_adcopy.errors import AdCopyError

# Left free: a disk that is full to the last byte stops the webui as well.
_MARGIN_BYTES = 200 * 2**20
_BLOCK_BYTES = 4 * 2**20


def check_free_space(folder: Path, needed: int) -> None:
    """Raise AdCopyError where `folder`'s disk has no space for `needed` more bytes and the margin."""
    free = shutil.disk_usage(folder).free
    if needed + _MARGIN_BYTES > free:
        sizes = {"needed": format_size(needed), "free": format_size(free)}
        raise AdCopyError("model_library.disk_full", folder=folder.name, **sizes)


def format_size(size: int) -> str:
    """Return a size in bytes as text: "3.9 GB", "11 MB"."""
    return f"{size / 1e9:.1f} GB" if size >= 10**9 else f"{-(-size // 10**6)} MB"


def matches_sha256(
    file: Path, sha256: str, stop: threading.Event, on_read: Callable[[int], None] = lambda size: None
) -> bool:
    """Tell whether the file has this SHA-256 (hexadecimal); True where it is "", or `stop` was set meanwhile.

    `on_read` is called with the size of each block read.
    """
    if not sha256:
        return True
    digest = sha256_of(file, stop, on_read)
    return digest is None or digest == sha256.lower()


def sha256_of(
    file: Path, stop: threading.Event, on_read: Callable[[int], None] = lambda size: None
) -> str | None:
    """Return the file's SHA-256 in lower-case hexadecimal, None where `stop` was set meanwhile."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while not stop.is_set() and (block := opened.read(_BLOCK_BYTES)):
            digest.update(block)
            on_read(len(block))
    return None if stop.is_set() else digest.hexdigest()


@contextmanager
def disk_errors_reported(folder: Path) -> Iterator[None]:
    """Raise OSErrors of the block (unwritable folder, full disk) as AdCopyError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise AdCopyError("model_library.cannot_write", folder=folder.name, reason=reason) from error
