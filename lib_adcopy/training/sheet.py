"""The cells of an XLSX workbook's first sheet that holds any, as text."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from lib_adcopy.errors import AdCopyError

# Unpacked; a table of this size is no seller's, and an archive can claim any.
_MOST_BYTES = 200 * 2**20
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}


class DamagedError(Exception):
    """No workbook, or one that is damaged."""


def read_sheet(file: Path) -> list[tuple[int, list[str]]]:
    """(row's number as the spreadsheet shows it, its cells) of the first sheet with a filled cell, without empty rows.

    Raises DamagedError, OSError, and AdCopyError where openpyxl is missing.
    """
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise AdCopyError("training.no_openpyxl") from error
    try:
        with zipfile.ZipFile(file) as archive:
            if max((each.file_size for each in archive.infolist()), default=0) > _MOST_BYTES:
                raise DamagedError("a part is too large")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            return next(filter(None, map(_filled, book.worksheets)), [])
        finally:
            book.close()
    except (zipfile.BadZipFile, ParseError, InvalidFileException, KeyError, IndexError, ValueError, TypeError) as error:
        raise DamagedError(str(error)) from error


def _filled(sheet: Any) -> list[tuple[int, list[str]]]:
    # Some programs write how far the sheet goes, and wrongly.
    sheet.reset_dimensions()
    rows = ([_text(value) for value in row] for row in sheet.iter_rows(values_only=True))
    return [(number, cells) for number, cells in enumerate(rows, 1) if any(cells)]


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
