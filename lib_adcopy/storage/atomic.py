"""Files written whole: a reader finds the old content or the new one, never a part, also after a crash or power cut."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

# A killed process leaves its unfinished file behind. One that nobody has written to for this long is such a leftover.
_LEFTOVER_SECONDS = 3600
# Seconds between the tries to replace a locked file.
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.5, 0.75)
_LEFTOVER = re.compile(r"\.adcopy-write-[0-9a-f]{16}\.part")


def write_atomic(file: Path, content: bytes | memoryview | str) -> None:
    """Create or replace a file by `content` (text as UTF-8), flushed to disk first.

    Raises OSError; what stood there before is then unchanged.
    """
    part = _write_part(file.parent, content)
    try:
        _replace(part, file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(file.parent)


def create_atomic(folder: Path, names: Iterable[str], content: bytes | memoryview | str) -> Path:
    """Create a file under the first of `names` that is free, and never over another one.

    Returns its path. Raises OSError, FileExistsError where every name is taken.
    """
    part = _write_part(folder, content)
    try:
        for name in names:
            if _claim(part, folder / name):
                _sync_folder(folder)
                return folder / name
    finally:
        part.unlink(missing_ok=True)
    raise FileExistsError(f"every name is taken in {folder}")


def move_new(part: Path, target: Path) -> None:
    """Give a finished file or folder of the same disk its final name, never over another one.

    Raises FileExistsError where the name is taken, and other OSErrors.
    """
    if part.is_dir():
        if os.path.lexists(target):
            raise FileExistsError(f"{target.name} exists")
        part.rename(target)
    else:
        sync_file(part)
        if not _claim(part, target):
            raise FileExistsError(f"{target.name} exists")
        part.unlink(missing_ok=True)
    _sync_folder(target.parent)


def sync_file(file: Path) -> None:
    """Flush a file that another library wrote to the disk. Raises OSError."""
    # Windows flushes only what is open for writing.
    with file.open("r+b") as opened:
        os.fsync(opened.fileno())


def is_leftover(file: Path) -> bool:
    """Tell by its name whether a file is one that an unfinished write of ours left."""
    return _LEFTOVER.fullmatch(file.name) is not None


def _write_part(folder: Path, content: bytes | memoryview | str) -> Path:
    """Return a hidden file beside the final one, complete and on the disk."""
    _remove_leftovers(folder)
    part = folder / f".adcopy-write-{secrets.token_hex(8)}.part"
    try:
        # "x" and not tempfile, whose files only their owner may read.
        with part.open("xb") as opened:
            opened.write(content.encode("utf-8") if isinstance(content, str) else content)
            opened.flush()
            os.fsync(opened.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def _remove_leftovers(folder: Path) -> None:
    for part in filter(is_leftover, folder.glob(".adcopy-write-*.part")):
        try:
            if time.time() - part.stat().st_mtime > _LEFTOVER_SECONDS:
                part.unlink(missing_ok=True)
        except OSError:
            # Another process removed it first, or still has it open (Windows).
            continue


def _replace(part: Path, file: Path) -> None:
    """Put a finished part in a file's place.

    Windows refuses while a virus scanner, a viewer or another reader has the file open, mostly for a moment; so it is
    tried again for two seconds. Raises OSError, PermissionError where the file stays locked.
    """
    for pause in (*_PAUSES, None):
        try:
            part.replace(file)
            return
        except PermissionError:
            # A folder without write permission stays so: waiting is for a file that is in somebody's hands.
            if pause is None or not file.exists() or not os.access(file.parent, os.W_OK):
                raise
            time.sleep(pause)


def _claim(part: Path, file: Path) -> bool:
    """Give the finished part its name in one step; False where the name is taken."""
    try:
        os.link(part, file)
    except FileExistsError:
        return False
    except OSError:
        # No hard links here (exFAT, some network shares): reserve the name, then put the content in its place.
        try:
            file.open("xb").close()
        except FileExistsError:
            return False
        try:
            _replace(part, file)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
    return True


def _sync_folder(folder: Path) -> None:
    """Flush the folder's entry of a new name; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        # Some network file systems refuse it for folders; the file itself is on the disk.
        return
    finally:
        os.close(handle)
