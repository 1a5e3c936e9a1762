"""The rows of a table or a file of JSON, in the encodings and forms sellers have."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.training.limits import (
    COLUMNS,
    FILE_BYTES,
    JSON_VALUES,
    LINE_CHARACTERS,
    LINES,
    ROWS,
    TooLargeError,
)
from lib_adcopy.training.sheet import DamagedError, read_sheet

# Chinese tables are often GBK; GB 18030 reads all of it.
_ENCODINGS = ("utf-8-sig", "gb18030")
# Spreadsheets save tables as "Unicode text" too.
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What a spreadsheet puts between cells where a comma is the decimal point, and in its own "text" format.
_SEPARATORS = ";\t"
# csv's own bound of 131,072 characters a cell would refuse the whole file for one pasted page.
_MOST_CHARACTERS = 2**31 - 1

# Where it stands, and its cells by their columns' names, or what is wrong with it.
Row = tuple[int, dict[str, Any] | Message]


def read_rows(file: Path) -> Iterator[Row]:
    """Return the rows that are not blank, 1 for the first line or the table's first row.

    Raises AdCopyError, also while they are read.
    """
    if not file.is_file():
        raise AdCopyError("training.no_file", file=file.name)
    kind = file.suffix.lower()
    if kind in (".xlsx", ".xlsm"):
        return _table(_sheet(file), file)
    text = read_text(file)
    if kind == ".csv":
        return _table(_cells(text, file), file)
    return _json_list(text, file) or _json_lines(text, file)


def read_text(file: Path) -> str:
    """Return the text of a file in one of the encodings sellers have. Raises AdCopyError."""
    try:
        if file.stat().st_size > FILE_BYTES:
            raise too_large(file)
        raw = file.read_bytes()
    except OSError as error:
        raise AdCopyError("training.unreadable", file=file.name) from error
    if not raw.strip():
        raise AdCopyError("training.empty", file=file.name)
    for encoding in ("utf-16",) if raw.startswith(_UTF_16) else _ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\n") > LINES:
            raise too_large(file)
        return text
    raise AdCopyError("training.encoding", file=file.name)


def too_large(file: Path) -> AdCopyError:
    """Return the error that names the limits."""
    return AdCopyError(
        "training.too_large", file=file.name, megabytes=FILE_BYTES // 2**20, rows=f"{ROWS:,}", columns=f"{COLUMNS:,}"
    )


def _json_list(text: str, file: Path) -> Iterator[Row] | None:
    """Return the objects of a file that is one list of them, numbered from 1; None for any other file."""
    if not text.lstrip().startswith("["):
        return None
    if text.count("[") + text.count("{") > JSON_VALUES or text.count(",") > LINES:
        raise too_large(file)
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return ((number, _object(row)) for number, row in enumerate(rows, 1))


def _json_lines(text: str, file: Path) -> Iterator[Row]:
    # Not splitlines: a text may hold the line separators Unicode has besides \n.
    for line, written in enumerate(io.StringIO(text, newline="\n"), 1):
        if line > ROWS:
            raise too_large(file)
        if len(written) > LINE_CHARACTERS:
            yield line, Message("training.row.too_long", {"length": len(written), "limit": LINE_CHARACTERS})
        elif written.strip():
            yield line, _json_line(written)


def _json_line(written: str) -> dict[str, Any] | Message:
    try:
        return _object(json.loads(written))
    except (ValueError, RecursionError):
        return _object(None)


def _object(row: Any) -> dict[str, Any] | Message:
    return row if isinstance(row, dict) else Message("training.row.not_json")


def _sheet(file: Path) -> Iterable[tuple[int, list[str]]]:
    try:
        return read_sheet(file)
    except TooLargeError as error:
        raise too_large(file) from error
    except (DamagedError, OSError) as error:
        raise AdCopyError("training.unreadable", file=file.name) from error


def _cells(text: str, file: Path) -> Iterator[tuple[int, list[str]]]:
    separator = _separator(text)
    if text.count(separator) + text.count("\n") > LINES:
        raise too_large(file)
    before = csv.field_size_limit(_MOST_CHARACTERS)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise AdCopyError("training.unreadable", file=file.name) from error
    finally:
        csv.field_size_limit(before)
    if len(rows) > ROWS:
        raise too_large(file)
    return iter(enumerate(rows, 1))


def _separator(text: str) -> str:
    """Return a comma, but where the heading has none and something else that separates."""
    heading = next(filter(str.strip, io.StringIO(text)), "")
    return next((mark for mark in _SEPARATORS if mark in heading and "," not in heading), ",")


def _table(rows: Iterable[tuple[int, list[str]]], file: Path) -> Iterator[Row]:
    filled = ((line, cells) for line, cells in rows if any(map(str.strip, cells)))
    heading = next((cells for _, cells in filled), None)
    if heading is None:
        raise AdCopyError("training.empty", file=file.name)
    if len(heading) > COLUMNS:
        raise too_large(file)
    names = [name.strip() for name in heading]
    for line, cells in filled:
        # A comma in a text that is not quoted: what stands after it would be lost.
        if any(map(str.strip, cells[len(names) :])):
            yield line, Message("training.row.too_many_cells", {"cells": len(cells), "columns": len(names)})
        else:
            yield line, dict(zip(names, cells, strict=False))
