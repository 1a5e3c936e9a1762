"""The rows of a file of JSON, in the forms that data sets are published and exported in."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lib_adcopy.i18n import Message
from lib_adcopy.training.headings import find_columns, find_conversation
from lib_adcopy.training.limits import JSON_VALUES, LINE_CHARACTERS, LINES, ROWS
from lib_adcopy.training.text_file import is_broken, too_large

# Where a row stands, and its cells by their columns' names, or what is wrong with it.
Row = tuple[int, dict[str, Any] | Message]

# Text in quotes (kept), or a comma with nothing but a closing bracket after it.
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
# Python's own notation is read for a row's length at most, and not nested deep enough to trouble its parser.
_LITERAL_CHARACTERS, _LITERAL_BRACKETS = 100_000, 500
_NUMBERED = re.compile(r"\d+")


def read_json_rows(text: str, file: Path) -> Iterator[Row]:
    """Yield the rows of a text: a list, JSON lines, objects one after the other, or an object of columns.

    They are numbered by their lines, those of a list and of columns from 1. Raises AdCopyError, also while they are
    read.
    """
    start = text.lstrip()[:1]
    whole = None
    if start == "[" or (start == "{" and not _is_line(text)):
        if text.count("[") + text.count("{") > JSON_VALUES or text.count(",") > LINES:
            raise too_large(file)
        whole = parse_json(text)
    if isinstance(whole, dict):
        whole = _rows_of(whole)
    if isinstance(whole, list):
        marked = is_broken(text)
        return ((number, _object(row, marked=marked)) for number, row in enumerate(whole, 1))
    if start == "{" and not _is_line(text):
        return _objects(text, file)
    return _lines(text, file)


def parse_json(text: str) -> Any:
    """Return the value of a JSON text, which may have a comma after the last of a list's values; None for no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_TRAILING_COMMA.sub(lambda match: match[1] or "", text.strip().rstrip(",")))
    except (ValueError, RecursionError):
        return None


def parse_literal(text: str) -> Any:
    """Return the list or dict that a text writes in JSON or in Python's notation; None where it is neither."""
    text = text.strip().rstrip(",")
    if len(text) > _LITERAL_CHARACTERS or (text[:1], text[-1:]) not in (("[", "]"), ("{", "}")):
        return None
    if text.count("[") + text.count("{") + text.count("(") > _LITERAL_BRACKETS:
        return None
    value = parse_json(text)
    if value is None:
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return None
    return value if isinstance(value, (list, dict)) else None


def _is_line(text: str) -> bool:
    """Say whether the first filled line holds a whole row that others follow."""
    lines = filter(str.strip, io.StringIO(text, newline="\n"))
    first = next(lines, "")
    return len(first) <= LINE_CHARACTERS and _row(first) is not None and next(lines, None) is not None


def _rows_of(stored: dict[str, Any]) -> list[Any]:
    """Return the rows that one object holds: its columns' values side by side, a list of rows in it, or itself."""
    if find_conversation(stored) is not None:
        return [stored]
    columns = {name: values for name, value in stored.items() if (values := _listed(value)) is not None}
    pair = find_columns(columns)
    if pair is not None and len(columns[pair[0]]) == len(columns[pair[1]]):
        same = {name: values for name, values in columns.items() if len(values) == len(columns[pair[0]])}
        return [dict(zip(same, values, strict=True)) for values in zip(*same.values(), strict=True)]
    if find_columns(stored) is None:
        held = [value for value in stored.values() if isinstance(value, list) and any(map(_is_dict, value))]
        if len(held) == 1:
            return held[0]
    return [stored]


def _listed(value: Any) -> list[Any] | None:
    """Return a column's values; those of {"0": ..., "1": ...} too, as data frames are saved. None for others."""
    if isinstance(value, list):
        return None if any(map(_is_dict, value)) else value
    is_frame = isinstance(value, dict) and value and all(map(_NUMBERED.fullmatch, value))
    return list(value.values()) if is_frame else None


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)


def _lines(text: str, file: Path) -> Iterator[Row]:
    # Not splitlines: a text may hold the line separators Unicode has besides \n.
    for line, written in enumerate(io.StringIO(text, newline="\n"), 1):
        if line > ROWS:
            raise too_large(file)
        if len(written) > LINE_CHARACTERS:
            yield line, Message("training.row.too_long", {"length": len(written), "limit": LINE_CHARACTERS})
        elif is_broken(written):
            yield line, Message("training.row.encoding")
        elif written.strip() and written.strip() not in ("[", "]"):
            yield line, _object(_row(written))


def _row(written: str) -> dict[str, Any] | None:
    value = parse_json(written)
    if value is None and written.lstrip().startswith("{'"):
        value = parse_literal(written)
    return value if isinstance(value, dict) else None


def _objects(text: str, file: Path) -> Iterator[Row]:
    """Yield objects that stand one after the other over many lines; a damaged one ends where the next begins."""
    decoder = json.JSONDecoder()
    at, line = 0, 1
    for number in range(ROWS + 1):
        gap = re.compile(r"[\s,]*").match(text, at)
        start = gap.end() if gap else at
        line += text.count("\n", at, start)
        if start >= len(text):
            return
        if number == ROWS:
            raise too_large(file)
        try:
            value, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            value, at = None, (text.find("\n{", start) + 1 or len(text))
        yield line, Message("training.row.encoding") if is_broken(text[start:at]) else _object(value)
        line += text.count("\n", start, at)


def _object(row: Any, *, marked: bool = False) -> dict[str, Any] | Message:
    """Return a row, or what is wrong with it; `marked` looks for bytes that were no characters in it."""
    if not isinstance(row, dict):
        return Message("training.row.not_json")
    if marked and any(isinstance(value, str) and is_broken(value) for value in row.values()):
        return Message("training.row.encoding")
    return row
