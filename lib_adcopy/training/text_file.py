"""The text of a file in the encodings sellers have, with the lines that are in none of them marked."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.limits import COLUMNS, FILE_BYTES, LINES, ROWS

# Chinese tables are often GBK; GB 18030 reads all of it.
_UTF_8, _GB = "utf-8-sig", "gb18030"
# Spreadsheets save tables as "Unicode text" too.
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# A byte of no character, as the "surrogateescape" error handler writes it.
_BROKEN = re.compile("[\udc80-\udcff]")
_LINES_NAMED = 10


def read_text(file: Path, *, skip_broken: bool = False) -> str:
    """Return the text of a file of the seller's.

    A line with bytes of another encoding raises AdCopyError with its number; `skip_broken` returns it with those bytes
    as lone surrogates instead, which `is_broken` finds. Raises AdCopyError for every other file that cannot be read.
    """
    raw = read_bytes(file)
    encoding = _encoding(raw)
    if encoding is None:
        raise AdCopyError("training.encoding", file=file.name)
    text = raw.decode(encoding, "surrogateescape")
    if text.count("\n") > LINES:
        raise too_large(file)
    if not skip_broken and is_broken(text):
        lines = [str(number) for number, line in enumerate(text.split("\n"), 1) if is_broken(line)]
        raise AdCopyError(
            "training.broken_lines", file=file.name, count=len(lines), lines=", ".join(lines[:_LINES_NAMED])
        )
    return text


def read_bytes(file: Path, count: int = -1) -> bytes:
    """Return a file's bytes, or the first `count`.

    Raises AdCopyError for a file that is missing, empty, too large or unreadable.
    """
    if not file.is_file():
        raise AdCopyError("training.no_file", file=file.name)
    try:
        if file.stat().st_size > FILE_BYTES:
            raise too_large(file)
        with file.open("rb") as opened:
            raw = opened.read(count)
    except OSError as error:
        raise AdCopyError("training.unreadable", file=file.name) from error
    if count < 0 and not raw.strip():
        raise AdCopyError("training.empty", file=file.name)
    return raw


def is_broken(text: str) -> bool:
    """Say whether a text holds bytes that its file's encoding has no character for."""
    return _BROKEN.search(text) is not None


def too_large(file: Path) -> AdCopyError:
    """Return the error that names the limits."""
    return AdCopyError(
        "training.too_large", file=file.name, megabytes=FILE_BYTES // 2**20, rows=f"{ROWS:,}", columns=f"{COLUMNS:,}"
    )


def _encoding(raw: bytes) -> str | None:
    """Return the encoding of all lines, or of most; None where no encoding reads most of them.

    By lines, because GB 18030 reads some UTF-8 as well, as other characters: a table in UTF-8 with one row of GBK would
    be trained as nonsense.
    """
    if raw.startswith(_UTF_16):
        return "utf-16" if _decodes(raw, "utf-16") else None
    if _decodes(raw, _UTF_8):
        return _UTF_8
    lines = [line for line in raw.split(b"\n") if not line.isascii()]
    if sum(_decodes(line, _UTF_8) for line in lines) * 2 > len(lines):
        return _UTF_8
    if _decodes(raw, _GB) or sum(_decodes(line, _GB) for line in lines) * 2 > len(lines):
        return _GB
    return None


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
