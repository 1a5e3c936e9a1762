"""Reads and prints for the command line, on consoles and in files of any encoding."""

from __future__ import annotations

import codecs
import json
import sys
from pathlib import Path
from typing import Any, TextIO

from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.errors import AdCopyError

# A Chinese Windows writes its own code page, of which GB 18030 reads all.
_ENCODINGS = ("utf-8-sig", "gb18030")


def keep_printing() -> None:
    """Let a console without a character (an emoji under code page 936) show a question mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def print_json(answer: dict[str, Any], *, one_line: bool) -> None:
    """Print an answer as JSON: in its own characters where the console has them all, else in ASCII escapes.

    One line is for programs, which expect UTF-8; in every other encoding they get ASCII, which all encodings share.
    """
    text = json.dumps(answer, ensure_ascii=False, indent=None if one_line else 2)
    if not _holds(sys.stdout, text, only_utf_8=one_line):
        text = json.dumps(answer, indent=None if one_line else 2)
    print(text)


def read_input() -> str:
    """Return what stands on the standard input."""
    buffer = getattr(sys.stdin, "buffer", None)
    return _decoded(buffer.read()) if buffer is not None else whole_characters(sys.stdin.read())


def read_text_file(file: Path) -> str:
    """Return a text file's content, its line ends as \\n. Raises AdCopyError where it cannot be opened."""
    try:
        return _decoded(file.read_bytes())
    except OSError as error:
        raise AdCopyError("cli.cannot_read", file=str(file), reason=error.strerror or str(error)) from error


def _decoded(raw: bytes) -> str:
    encodings = ("utf-16",) if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else _ENCODINGS
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = raw.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _holds(stream: TextIO, text: str, *, only_utf_8: bool) -> bool:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if codecs.lookup(encoding).name == "utf-8":
        return True
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return not only_utf_8
