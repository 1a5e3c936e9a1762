"""The cells of an XLSX workbook's first sheet that holds any, by the standard library alone: webuis bring no reader."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from posixpath import normpath
from xml.etree import ElementTree

_BOOK, _RELATIONS, _STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
# Unpacked; a table of this size is no seller's, and an archive can claim any.
_MOST_BYTES = 200 * 2**20
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COLUMN = re.compile(r"[A-Z]{1,3}")
_MOST_COLUMNS = 16_384


class DamagedError(Exception):
    """No workbook, or one that is damaged."""


def read_sheet(file: Path) -> list[tuple[int, list[str]]]:
    """(row's number as the spreadsheet shows it, its cells as text), of the first sheet with a filled cell.

    Raises DamagedError, OSError.
    """
    try:
        with zipfile.ZipFile(file) as book:
            strings = _strings(book)
            for name in _sheets(book):
                rows = [(number, cells) for number, cells in _rows(_xml(book, name), strings) if any(cells)]
                if rows:
                    return rows
        return []
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, IndexError, ValueError, NotImplementedError) as error:
        raise DamagedError(str(error)) from error


def _xml(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Without namespaces: the strict and the usual form of the file differ in nothing else that is read here."""
    if book.getinfo(name).file_size > _MOST_BYTES:
        raise DamagedError(f"{name} is too large")
    written = book.read(name)
    # No spreadsheet writes one; entities that multiply come in it.
    if b"<!DOCTYPE" in written:
        raise DamagedError(f"{name} has a document type")
    root = ElementTree.fromstring(written)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return root


def _strings(book: zipfile.ZipFile) -> list[str]:
    if _STRINGS not in book.namelist():
        return []
    return [_text(item) for item in _xml(book, _STRINGS)]


def _sheets(book: zipfile.ZipFile) -> list[str]:
    """The sheets' files in the order of their tabs."""
    targets = {one.attrib["Id"]: one.attrib["Target"] for one in _xml(book, _RELATIONS)}
    # Of a sheet's attributes sheetId is its number and id its relation.
    found = [targets[one.attrib["id"]] for one in _xml(book, _BOOK).iter("sheet")]
    return [target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}") for target in found]


def _rows(sheet: ElementTree.Element, strings: list[str]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for row in sheet.iter("row"):
        number = int(row.attrib.get("r", number + 1))
        cells: list[str] = []
        for cell in row.iter("c"):
            at = _column(cell.attrib.get("r", ""), len(cells))
            cells += [""] * (at - len(cells))
            cells.append(_value(cell, strings))
        yield number, cells


def _column(name: str, following: int) -> int:
    """0 for "A7"; where a cell has no name it follows the one before."""
    found = _COLUMN.match(name)
    if found is None:
        return following
    at = 0
    for letter in found.group():
        at = at * 26 + ord(letter) - ord("A") + 1
    if not following < at <= _MOST_COLUMNS:
        raise DamagedError(f"cell {name} is out of place")
    return at - 1


def _value(cell: ElementTree.Element, strings: list[str]) -> str:
    kind, inline = cell.attrib.get("t", "n"), cell.find("is")
    if inline is not None:
        return _text(inline)
    value = cell.findtext("v") or ""
    if kind == "s":
        return strings[int(value)] if value else ""
    return "" if kind == "e" else _plain(value)


def _text(item: ElementTree.Element) -> str:
    """Of a rich text all runs, but not how a word is pronounced (rPh)."""
    runs = [item, *item.findall("r")]
    return _plain("".join(text.text or "" for run in runs for text in run.findall("t")))


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
