"""Files written whole: a reader finds the old content or the new one, never a part, also after a crash or power cut."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path


def write_atomic(file: Path, content: bytes | str) -> None:
    """Create or replace a file by `content` (text as UTF-8), flushed to disk first.

    Raises OSError; what stood there before is then unchanged.
    """
    part = _write_part(file.parent, content)
    try:
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(file.parent)


def create_atomic(folder: Path, names: Iterable[str], content: bytes | str) -> Path:
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


def _write_part(folder: Path, content: bytes | str) -> Path:
    """A hidden file beside the final one, complete and on the disk."""
    part = folder / f".{secrets.token_hex(8)}.part"
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
            part.replace(file)
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
