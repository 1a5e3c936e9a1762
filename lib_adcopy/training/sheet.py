"""The cells of an XLSX workbook's first sheet that holds any, as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.limits import ALL_CHARACTERS, ROWS, TooLargeError
from lib_adcopy.training.workbook_limits import check_workbook

_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}


class DamagedError(Exception):
    """No workbook, or one that is damaged."""


def read_sheet(file: Path) -> list[tuple[int, list[str]]]:
    """(row's number as the spreadsheet shows it, its cells) of the first sheet with a filled cell, without empty rows.

    Raises DamagedError, TooLargeError, OSError, and AdCopyError where openpyxl is missing.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise AdCopyError("training.no_openpyxl") from error
    try:
        check_workbook(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            budget = _Budget()
            return next(filter(None, (_filled(sheet, budget) for sheet in book.worksheets)), [])
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


def _filled(sheet: Any, budget: _Budget) -> list[tuple[int, list[str]]]:
    # Some programs write how far the sheet goes, and wrongly.
    sheet.reset_dimensions()
    return [(number, cells) for number, cells in enumerate(_rows(sheet, budget), 1) if any(cells)]


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
    return _unescaped(str(value))


def _unescaped(text: str) -> str:
    from openpyxl.utils.escape import unescape

    # An error of the spreadsheet's own is no text.
    return "" if text in _ERRORS else unescape(text)
