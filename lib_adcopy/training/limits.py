"""Describe how large a table of examples may be; checked before it is read, because a small archive can claim any
size."""

from __future__ import annotations

# Of the file, and of a workbook's parts unpacked. AdvertiseGen's 114,599 rows take 53 MB.
FILE_BYTES = 256 * 2**20
# What a spreadsheet has.
ROWS = 1_048_576
COLUMNS = 1_000
# Of all rows together, empty ones before a filled one counted.
CELLS = 5_000_000
# Lines of a text file, commas and objects of JSON: more would fill the memory with empty values.
LINES = 10_000_000
JSON_VALUES = 3_000_000
# Of one JSON line, and of all cells of a workbook, which may share one long text.
LINE_CHARACTERS = 4_000_000
ALL_CHARACTERS = 200_000_000


class TooLargeError(Exception):
    """A table beyond one of these limits."""
