"""A workbook's parts checked against the limits, before openpyxl builds rows, cells and trees of them.

openpyxl fills every gap up to a cell with empty ones and holds most parts as element trees; one cell in row 30,000,000
or column ZZZ of a 1.4 kB file costs minutes or gigabytes. The same expat that ElementTree uses goes through each part
once here and keeps nothing.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO, NamedTuple
from xml.parsers import expat

from lib_adcopy.training.limits import CELLS, COLUMNS, FILE_BYTES, ROWS, TooLargeError

_PARTS = 2_000
_SHEETS = 255
_DEPTH = 100
_ELEMENTS = 3_000_000
# Of parts that become element trees; only sheets and shared strings are read piece by piece.
_TREE_BYTES = 16 * 2**20
_STREAMED = ("worksheet", "sst")
_BLOCK = 1 << 16
_MERGED = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})")


class Merge(NamedTuple):
    """A cell merged over rows of its column; rows count from 1 and columns from 0."""

    column: int
    first_row: int
    last_row: int


def check_workbook(file: Path) -> dict[str, list[Merge]]:
    """Raise TooLargeError for a workbook beyond the limits; return the cells merged over rows by the part's name.

    Also raises OSError, ValueError for a document type, and whatever zipfile raises for damaged archives.
    """
    if file.stat().st_size > FILE_BYTES:
        raise TooLargeError("the file")
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        # zipfile reads no more of a part than it claims to have, so that the claims can be summed.
        if len(parts) > _PARTS or sum(part.file_size for part in parts) > FILE_BYTES:
            raise TooLargeError("its parts")
        scan = _Scan()
        merged = {}
        for part in parts:
            with archive.open(part) as opened:
                merged[part.filename] = scan.read(opened, part.file_size)
        return merged


class _Scan:
    """Counts over all parts of one workbook; a column or row number is that of the cells in sheets."""

    def __init__(self) -> None:
        self._elements = self._cells = self._sheets = 0
        self._depth = self._row = self._width = self._column = 0
        self._in_row = False
        self._part_bytes = 0
        self._merged: list[Merge] = []

    def read(self, opened: IO[bytes], size: int) -> list[Merge]:
        """Go through one part and return its merged cells; no XML ends where openpyxl's own parser would end too."""
        self._merged = []
        self._depth = self._row = self._width = 0
        self._in_row = False
        self._part_bytes = size
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            while block := opened.read(_BLOCK):
                parser.Parse(block)
        except expat.ExpatError:
            pass
        return self._merged

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self._elements += 1
        self._depth += 1
        if self._depth == 1 and local not in _STREAMED and self._part_bytes > _TREE_BYTES:
            raise TooLargeError("a part")
        if self._elements > _ELEMENTS or self._depth > _DEPTH:
            raise TooLargeError("its elements")
        if local == "row":
            self._start_row(attributes.get("r", ""))
        elif local == "c" and self._in_row:
            self._column = _column(attributes.get("r", "")) or self._column + 1
            self._width = max(self._width, self._column)
            if self._column > COLUMNS:
                raise TooLargeError("its columns")
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif local == "sheet":
            self._sheets += 1
            if self._sheets > _SHEETS:
                raise TooLargeError("its sheets")

    def _merge(self, ref: str) -> None:
        place = _MERGED.fullmatch(ref)
        if place and int(place[2]) < int(place[3]) <= ROWS:
            self._merged.append(Merge(_column(place[1]) - 1, int(place[2]), int(place[3])))

    def _start_row(self, number: str) -> None:
        self._row = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else self._row + 1
        if self._row > ROWS or len(number) >= 19:
            raise TooLargeError("its rows")
        self._in_row, self._width, self._column = True, 0, 0

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._in_row and name.rpartition(" ")[2] == "row":
            self._in_row = False
            self._cells += self._width
            if self._cells > CELLS:
                raise TooLargeError("its cells")

    def _refuse_doctype(self, *_: object) -> None:
        # No spreadsheet writes one; entities of entities can swell without end.
        raise ValueError("a document type")


def _column(place: str) -> int:
    """Return the number of the column that a cell's place begins with, A is 1; 0 where it begins with none."""
    number = 0
    for letter in place[:8].upper():
        if not "A" <= letter <= "Z":
            break
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
