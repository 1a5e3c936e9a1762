"""The brief and the copy in a row, whatever its columns are called and its values are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.training.headings import find_columns, find_conversation, is_empty, is_named, known_words
from lib_adcopy.training.json_rows import parse_literal

# General pairs are mostly published as instruction, input, output: a task, then the text to do it with.
_TASK_COLUMN, _INPUT_COLUMN = "instruction", "input"
# How ChatGLM's tuning scripts write such a task in one text.
_CONTEXT = re.compile(r"Instruction:\s*(.*?)\s*(?:\nInput:\s*(.*?)\s*)?\nAnswer:\s*", re.DOTALL)
_NAME_SHOWN = 20
_CELL_CHARACTERS = 10_000


Columns = tuple[Any, Any]


def columns_of(row: dict[Any, Any], before: Columns | None, file: Path) -> Columns | None:
    """Return the names of a row's brief and copy, those of the row before where it lacks one; None in a conversation.

    Raises AdCopyError where no row told which is which yet.
    """
    columns = find_columns(row)
    if columns is None and find_conversation(row) is None:
        if before is None:
            found = "、".join(str(name)[:_NAME_SHOWN] for name in row) or "-"
            raise AdCopyError("training.columns", file=file.name, found=found)
        return before
    return columns


def read_pair(row: dict[Any, Any], columns: Columns | None) -> tuple[str, str | Message]:
    """Return a row's brief and its copy, or what is wrong with the row in the copy's place.

    `columns` are their names; None reads the row as a conversation.
    """
    if columns is None:
        return _first_exchange(row[find_conversation(row)])
    query, answer = _brief(row.get(columns[0])), _text(row.get(columns[1]))
    if is_named(columns[0], _TASK_COLUMN):
        given = next((_brief(value) for name, value in row.items() if is_named(name, _INPUT_COLUMN)), "") or ""
        query = "\n".join(filter(None, (query, given)))
    context = _CONTEXT.fullmatch(query or "")
    if context:
        query = "\n".join(filter(None, context.groups()))
    if query is None or answer is None:
        return "", Message("training.row.not_text")
    return query, answer


def _first_exchange(turns: Any) -> tuple[str, str | Message]:
    """Return what a conversation's user says first and what he is answered."""
    speakers = known_words()["speakers"]
    said: dict[str, str] = {}
    for turn in turns if isinstance(turns, list) else ():
        if not isinstance(turn, dict):
            continue
        speaker = str(turn.get("role", turn.get("from", ""))).strip().lower()
        side = next((side for side, names in speakers.items() if speaker in names), None)
        text = _text(turn.get("content", turn.get("value", turn.get("text"))))
        if side == "copy" and "brief" not in said:
            continue
        if side and text:
            said.setdefault(side, text)
    return said.get("brief", ""), said.get("copy", "")


def _brief(value: Any) -> str | None:
    """Return a brief as text; attributes in a list or dict in AdvertiseGen's form. None for what is nested deeper."""
    value = _unwritten(value)
    if isinstance(value, dict):
        pairs = [(_clean(name), _text(item)) for name, item in value.items()]
        if any(item is None for _, item in pairs):
            return None
        return "*".join(f"{name}#{item}" for name, item in pairs if item)
    if isinstance(value, list):
        items = [_text(item) for item in value]
        if any(item is None for item in items):
            return None
        filled = [item for item in items if item]
        return ("*" if filled and all("#" in item for item in filled) else "，").join(filled)
    return _text(value)


def _text(value: Any) -> str | None:
    """Return a cell's text, of a list of one its item's; None for other lists and for objects."""
    value = _unwritten(value)
    if isinstance(value, list):
        parts = [part.get("text") if isinstance(part, dict) and part.get("type") == "text" else part for part in value]
        return _text(parts[0]) if len(parts) == 1 and not isinstance(parts[0], (list, dict)) else None
    return None if isinstance(value, dict) else _clean(value)


def _unwritten(value: Any) -> Any:
    """Return the list or dict that a program wrote into a cell as text, else the value itself."""
    held = parse_literal(value) if isinstance(value, str) and len(value) <= _CELL_CHARACTERS else None
    items = held.values() if isinstance(held, dict) else held or ()
    # A seller's own "[316]" is no list.
    return held if any(isinstance(item, (str, list, dict)) for item in items) else value


def _clean(value: Any) -> str:
    """Return a value as text without halves of characters, "" where it says that it is none."""
    text = "" if value is None else whole_characters(str(value)).strip()
    return "" if is_empty(text) else text
