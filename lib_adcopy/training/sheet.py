"""The cells of an XLSX workbook's sheets, as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.limits import ALL_CHARACTERS, ROWS, TooLargeError
from lib_adcopy.training.workbook_limits import Merge, check_workbook


class DamagedError(Exception):
    """No workbook, or one that is damaged."""


def read_sheet(file: Path) -> list[tuple[int, list[str]]]:
    """Return the first sheet of `read_sheets`, [] where all are empty."""
    return next(iter(read_sheets(file)), [])


def read_sheets(file: Path) -> Iterator[list[tuple[int, list[str]]]]:
    """Yield (row's number as the spreadsheet shows it, its cells) of each sheet with a filled cell, without empty rows.

    A cell merged over several rows stands in each of them. Raises DamagedError, TooLargeError, OSError, and AdCopyError
    where openpyxl is missing.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise AdCopyError("training.no_openpyxl") from error
    try:
        merged = check_workbook(file)
        # Opened here: openpyxl goes by the name, and some programs name a workbook ".xls".
        with file.open("rb") as opened:
            book = openpyxl.load_workbook(opened, read_only=True, data_only=True, keep_links=False)
            try:
                budget = _Budget()
                for sheet in book.worksheets:
                    part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
                    if rows := _filled(sheet, budget, merged.get(part, [])):
                        yield rows
            finally:
                book.close()
    except (TooLargeError, PermissionError, FileNotFoundError):
        raise
    except Exception as error:
        # zipfile, expat and openpyxl raise whatever they stumble over in a damaged file: KeyError, zlib.error, ...
        raise DamagedError(str(error)) from error


class _Budget:
    """Describe what all sheets of a workbook may hold together, whatever parts and texts they share."""

    def __init__(self) -> None:
        self._rows = self._characters = 0

    def spend(self, cells: list[str]) -> None:
        self._rows += 1
        self._characters += sum(map(len, cells))
        if self._rows > 2 * ROWS or self._characters > ALL_CHARACTERS:
            raise TooLargeError("its sheets")


def _filled(sheet: Any, budget: _Budget, merged: list[Merge]) -> list[tuple[int, list[str]]]:
    # Some programs write how far the sheet goes, and wrongly.
    sheet.reset_dimensions()
    rows = [(number, cells) for number, cells in enumerate(_rows(sheet, budget), 1) if any(cells)]
    return list(_filled_down(rows, merged)) if merged else rows


def _filled_down(rows: list[tuple[int, list[str]]], merged: list[Merge]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with a merged cell's text in each of its rows: one brief beside several copies."""
    starts: dict[int, list[Merge]] = {}
    for merge in merged:
        starts.setdefault(merge.first_row, []).append(merge)
    held: dict[int, tuple[int, str]] = {}
    for number, cells in rows:
        for column, (last_row, text) in held.items():
            if number <= last_row and column < len(cells) and not cells[column]:
                cells[column] = text
        for merge in starts.get(number, ()):
            if merge.column < len(cells):
                held[merge.column] = (merge.last_row, cells[merge.column])
        yield number, cells


def _rows(sheet: Any, budget: _Budget) -> Iterator[list[str]]:
    for row in sheet.iter_rows(values_only=True):
        cells = [_text(value) for value in row]
        budget.spend(cells)
        yield cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    from openpyxl.utils.escape import unescape

    return str(unescape(str(value)))
