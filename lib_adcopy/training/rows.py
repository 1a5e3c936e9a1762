"""The rows of a table or a file of JSON, in the forms sellers have."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.training.headings import find_columns, find_conversation
from lib_adcopy.training.json_rows import Row, read_json_rows
from lib_adcopy.training.limits import COLUMNS, LINES, ROWS, TooLargeError
from lib_adcopy.training.sheet import DamagedError, read_sheets
from lib_adcopy.training.text_file import is_broken, read_bytes, read_text, too_large

# What a spreadsheet puts between cells where a comma is the decimal point, in its own "text" format, and what an input
# method writes for a comma.
_SEPARATORS = ",;\t，"
# csv's own bound of 131,072 characters a cell would refuse the whole file for one pasted page.
_MOST_CHARACTERS = 2**31 - 1
# A title, a date and a note may stand above the headings.
_HEADING_ROWS = 10
_WORKBOOK, _OLD_WORKBOOK = b"PK", b"\xd0\xcf\x11\xe0"
_TABLES = (".csv", ".tsv", ".tab", ".xls", ".xlsx", ".xlsm")

_Cells = tuple[int, list[str]]


def read_rows(file: Path, *, skip_broken: bool = False) -> Iterator[Row]:
    """Return the rows that are not blank, 1 for the first line or the table's first row.

    What the file is shows in its first bytes; programs of shops name text and workbooks alike ".xls". A line in
    another encoding raises AdCopyError, or is a row with that message where `skip_broken`. Raises AdCopyError, also
    while they are read.
    """
    kind = file.suffix.lower()
    beginning = read_bytes(file, 400).lstrip()
    if beginning.startswith(_OLD_WORKBOOK) or (kind == ".xls" and beginning[:1] == b"<"):
        raise AdCopyError("training.old_workbook", file=file.name)
    if kind in _TABLES and beginning.startswith(_WORKBOOK):
        return _table(_sheet(file), file)
    text = read_text(file, skip_broken=skip_broken)
    if kind in _TABLES or not text.lstrip().startswith(("{", "[")):
        table = _text_table(text, file)
        if table is not None:
            return table
    if kind in (".xlsx", ".xlsm"):
        raise AdCopyError("training.unreadable", file=file.name)
    if kind in _TABLES:
        return _table(_cells(text, file, _separator(text)), file)
    return read_json_rows(text, file)


def _sheet(file: Path) -> list[_Cells]:
    """Return the first sheet that has the two columns, else the first with anything in it."""
    first: list[_Cells] = []
    try:
        for rows in read_sheets(file):
            if any(_is_heading(cells) for _, cells in rows[:_HEADING_ROWS]):
                return rows
            first = first or rows
    except TooLargeError as error:
        raise too_large(file) from error
    except (DamagedError, OSError) as error:
        raise AdCopyError("training.unreadable", file=file.name) from error
    return first


def _text_table(text: str, file: Path) -> Iterator[Row] | None:
    """Return a text's rows by the first separator that makes the two columns of one of its first lines, if any."""
    beginning = "".join(itertools.islice(io.StringIO(text, newline=None), 2 * _HEADING_ROWS))
    for separator in _SEPARATORS:
        if any(_is_heading(line.split(separator)) for line in beginning.replace('"', "").split("\n")):
            return _table(_cells(text, file, separator), file)
    return None


def _cells(text: str, file: Path, separator: str) -> Iterator[_Cells]:
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
    return next((mark for mark in ";\t" if mark in heading and "," not in heading), ",")


def _table(rows: Iterable[_Cells], file: Path) -> Iterator[Row]:
    """Yield the rows under the heading: the first of the first rows that names the two columns, or the very first."""
    filled = iter([(line, cells) for line, cells in rows if any(map(str.strip, cells))])
    first = list(itertools.islice(filled, _HEADING_ROWS))
    if not first:
        raise AdCopyError("training.empty", file=file.name)
    at = next((at for at, (_, cells) in enumerate(first) if _is_heading(cells)), 0)
    heading = first[at][1]
    if len(heading) > COLUMNS:
        raise too_large(file)
    names = [name.strip() for name in heading]
    for line, cells in itertools.chain(first[at + 1 :], filled):
        if any(map(is_broken, cells)):
            yield line, Message("training.row.encoding")
        # A comma in a text that is not quoted: what stands after it would be lost.
        elif any(map(str.strip, cells[len(names) :])):
            yield line, Message("training.row.too_many_cells", {"cells": len(cells), "columns": len(names)})
        else:
            yield line, dict(zip(names, cells, strict=False))


def _is_heading(cells: list[str]) -> bool:
    return 1 < len(cells) <= COLUMNS and (find_columns(cells) or find_conversation(cells)) is not None
