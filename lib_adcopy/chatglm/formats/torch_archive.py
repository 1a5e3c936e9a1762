"""A check of files made by torch.save, done before torch opens them.

torch before 2.6 hands an archive that has a `constants.pkl` to torch.jit.load even with weights_only=True, and that
runs code (CVE-2025-32434). So only the members that torch.save writes may be there: <top>/data.pkl, data/<number>,
version, byteorder and the dot files of newer versions, all of them stored uncompressed under one folder.

Readers of zip files differ in where they look for the list of members: zipfile takes what stands before the end record,
torch (miniz) what the end record points to. A file in which these are not the same place is refused, so that the names
checked here are the names torch reads.
"""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

from lib_adcopy.chatglm.formats.errors import BadFileError, UnsafeFileError

_LOCAL_HEADER = b"PK\x03\x04"
# PKWARE's APPNOTE.TXT: 4.3.16 end of central directory, 4.3.15 zip64 locator, 4.3.14 zip64 end of central directory.
_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_MEMBER = re.compile(
    r"[^/\\\0]+/(?P<name>data\.pkl|version|byteorder|\.format_version|\.storage_alignment|\.data/\w+|data/\d+)"
)
# 28 layers make 60 kB of each.
_LARGEST_DIRECTORY = _LARGEST_PICKLE = 16 * 2**20


def is_archive(file: Path) -> bool:
    """Return whether torch would open the file as a zip archive, not as the bare pickle of before 1.6."""
    with file.open("rb") as opened:
        return opened.read(len(_LOCAL_HEADER)) == _LOCAL_HEADER


def check_archive(file: Path) -> None:
    """Raise BadFileError for a damaged archive, UnsafeFileError for one that torch.save does not write, or OSError."""
    if not is_archive(file):
        raise UnsafeFileError("no zip archive of torch.save")
    with file.open("rb") as opened:
        count = _count_members(opened)
        try:
            with zipfile.ZipFile(opened) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error) as error:
            raise BadFileError(f"a damaged zip archive ({error})") from error
    if len(members) != count:
        raise UnsafeFileError("a zip archive with two lists of members")
    _check_members(members)


def _count_members(opened: BinaryIO) -> int:
    """Return how many members the end record counts, once it is sure that the list ends where that record starts."""
    size = opened.seek(0, 2)
    signature, *disks, here, count, length, start, comment = _END.unpack(_read(opened, size - _END.size, _END.size))
    if signature != b"PK\x05\x06" or comment:
        raise BadFileError("a cut zip archive")
    end = size - _END.size
    locator = _LOCATOR.unpack(_read(opened, end - _LOCATOR.size, _LOCATOR.size))
    if locator[0] == b"PK\x06\x07":
        end -= _LOCATOR.size + _END64.size
        signature, _, _, _, *disks, here, count, length, start = _END64.unpack(_read(opened, end, _END64.size))
        if signature != b"PK\x06\x06" or locator[2] != end:
            raise UnsafeFileError("a zip archive with two end records")
    if any(disks) or here != count or length > _LARGEST_DIRECTORY or start + length != end:
        raise UnsafeFileError("a zip archive whose list of members is elsewhere")
    return int(count)


def _read(opened: BinaryIO, start: int, length: int) -> bytes:
    if start < 0:
        raise BadFileError("a cut zip archive")
    opened.seek(start)
    return opened.read(length)


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = set()
    for member in members:
        # As stored: zipfile cuts `filename` at a zero byte.
        match = _MEMBER.fullmatch(member.orig_filename)
        if match is None:
            raise UnsafeFileError(f"a member that torch.save does not write ({member.orig_filename[:60]!r})")
        if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1:
            raise UnsafeFileError("compressed or encrypted members")
        if match["name"] == "data.pkl" and member.file_size > _LARGEST_PICKLE:
            raise UnsafeFileError(f"a data.pkl of {member.file_size} bytes")
        names.add(match["name"])
    if len({member.orig_filename.partition("/")[0] for member in members}) != 1 or "data.pkl" not in names:
        raise UnsafeFileError("not one archive of torch.save")
