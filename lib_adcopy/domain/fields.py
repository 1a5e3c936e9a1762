"""The field table: every setting a user can make, described once, where its dataclass declares it.

A dataclass of the domain declares a setting with `setting(...)` instead of `dataclasses.field(...)`. From the rows come
the tab's widgets, the command line's flags, what a saved creative records and what a restored one is checked against.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_WORD_SEPARATORS = re.compile(r"[，,、；;\n]+")


@dataclass(frozen=True)
class Field:
    """One setting.

    `name` is the widget's id, the key of its label in i18n ("ui.<name>", hint "ui.<name>_hint") and of its value in a
    saved record; `attribute` is its name in the dataclass. `kind` is "text", "words" (a tuple of words), "choice",
    "whole", "decimal" or "switch". `choices` are the allowed values; `offered_by` names the list of the host or the
    studio that offers them instead ("samplers"); `words` is the i18n prefix of their names ("ui.<words>.<choice>").
    `least`, `most` and `step` bound numbers. `flag` is the command line's,
    "" for none. `advised` says that a style may recommend a value for it, `secret` that it is never shown again.
    """

    name: str
    attribute: str
    kind: str
    default: Any
    choices: tuple[str, ...] = ()
    offered_by: str = ""
    words: str = ""
    least: float | None = None
    most: float | None = None
    step: float = 1
    flag: str = ""
    advised: bool = False
    secret: bool = False

    def read(self, value: Any) -> Any:
        """Convert a widget's, a flag's or a request's value; numbers are clamped to the range, an empty box or a value
        of another type gives the default. The page's own limits bind nobody who writes a request by hand."""
        if self.kind == "words":
            words = value if isinstance(value, (list, tuple)) else _WORD_SEPARATORS.split(str(value or ""))
            return tuple(dict.fromkeys(word.strip() for word in map(str, words) if word.strip()))
        if self.kind == "text":
            return str(value or "").strip()
        if self.kind == "switch":
            return bool(self.default if value is None else value)
        if self.kind == "choice":
            return value if isinstance(value, str) and self.may_be(value) else self.default
        return self._number(value)

    def show(self, value: Any) -> Any:
        """Convert a value to what its widget shows."""
        return "，".join(value) if self.kind == "words" else value

    def accepts(self, value: Any) -> bool:
        """Return whether a value out of a file, which may be anybody's, is one of this setting."""
        if self.kind in ("whole", "decimal"):
            of_kind = type(value) is int or (self.kind == "decimal" and type(value) is float)
            return of_kind and self._in_range(value)
        if self.kind == "words":
            return isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value)
        if self.kind == "switch":
            return isinstance(value, bool)
        return isinstance(value, str) and (self.kind == "text" or self.may_be(value))

    def may_be(self, value: str) -> bool:
        """Return whether a choice may have this value; lists of the host are checked by whoever knows the host."""
        return not self.choices or value in self.choices

    def _number(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
            return self.default
        least = value if self.least is None else self.least
        most = value if self.most is None else self.most
        bounded = min(max(value, least), most)
        return int(bounded) if self.kind == "whole" else float(bounded)

    def _in_range(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def setting(default: Any, **row: Any) -> Any:
    """Declare a dataclass field that the user can set; `row` are Field's other values."""
    return field(default=default, repr=not row.get("secret", False), metadata={"field": row})


def fields_of(declared: type) -> Mapping[str, Field]:
    """Return the settings a dataclass declares, by name, in order."""
    return {each.name: each for each in _rows(declared)}


def values_of(owner: Any) -> dict[str, Any]:
    """Return the settings of a dataclass instance, by name."""
    return {each.name: getattr(owner, each.attribute) for each in _rows(type(owner))}


def made_of(declared: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the constructor's arguments for those settings of `declared` that `values` names, read and clamped."""
    return {each.attribute: each.read(values[each.name]) for each in _rows(declared) if each.name in values}


def _rows(declared: type) -> Iterator[Field]:
    types = typing.get_type_hints(declared)
    for each in dataclasses.fields(declared):
        row = each.metadata.get("field")
        if row is None:
            continue
        described = {"name": each.name, "kind": _kind(types[each.name], row), **row}
        yield Field(attribute=each.name, default=each.default, **described)


def _kind(annotation: Any, row: Mapping[str, Any]) -> str:
    if "choices" in row or "offered_by" in row:
        return "choice"
    kinds = {str: "text", int: "whole", float: "decimal", bool: "switch"}
    return kinds.get(annotation, "words")
