"""The ChatGLM folders and P-Tuning prefixes that are there.

Reads names, sizes and config.json; the weights' headers only where asked, so that a webui's start opens no model file.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lib_adcopy.chatglm import ChatGLMError, FolderReport, check_folder
from lib_adcopy.chatglm.config import read_config
from lib_adcopy.chatglm.formats import BadFileError, read_json_object

T = TypeVar("T")
_LARGEST_CARD = 2**20
# A model smaller than this is a starter: it knows ad copy in AdvertiseGen's form and nothing else, no English scenes.
_STARTER_BELOW_BYTES = 2**30
_log = logging.getLogger("adcopy.library")


@dataclass(frozen=True)
class ModelEntry:
    """A model folder by the name the user knows it under; `report.problem` says why it cannot be loaded."""

    name: str
    folder: Path
    report: FolderReport


@dataclass(frozen=True)
class PrefixCard:
    """A prefix's card.json: its training data and losses, in nats a token.

    `category` is the one whose briefs the prefix writes where nobody chose a prefix, "" for none. `asked_as` is the
    form of the briefs it was trained on: "pairs" (AdvertiseGen's), "words", or "" where the card does not say.
    """

    base_model: str
    examples: int
    loss: float | None
    held_out_loss: float | None
    category: str = ""
    asked_as: str = ""


@dataclass(frozen=True)
class _FolderReading:
    """A folder's report at the time of `stamp`; `sizes` is layers and width."""

    stamp: tuple[tuple[str, int, int], ...]
    report: FolderReport
    sizes: tuple[int, int] | None


class Library:
    """Models and prefixes in several folders: ours first, then those the user named. Only direct children count.

    `folders` are single models named outright, on the command line; they come before all others. Every call looks at
    the folders anew; one whose files are unchanged is not read again.
    """

    def __init__(self, roots: Iterable[Path], folders: Iterable[Path] = ()) -> None:
        self._roots = tuple(roots)
        self._folders = tuple(folders)
        self._readings: dict[Path, _FolderReading] = {}

    def models(self) -> tuple[ModelEntry, ...]:
        """List every folder that is, or was meant to be, a whole ChatGLM model."""
        return tuple(entry for entry in self._entries() if entry.report.kind == "model")

    def prefixes(self) -> tuple[ModelEntry, ...]:
        """List every folder that holds a P-Tuning prefix and no base model."""
        return tuple(entry for entry in self._entries() if entry.report.kind == "prefix")

    def model(self, name: str) -> ModelEntry | None:
        return next((entry for entry in self.models() if entry.name == name), None)

    def prefix(self, name: str) -> ModelEntry | None:
        return next((entry for entry in self.prefixes() if entry.name == name), None)

    def prefixes_of(self, model: str) -> tuple[ModelEntry, ...]:
        """List the prefixes that fit a model, by layers and width."""
        base = self.model(model)
        sizes = self._read(base.folder).sizes if base else None
        return tuple(entry for entry in self.prefixes() if sizes and self._read(entry.folder).sizes == sizes)

    def prefix_for(self, model: str, category: str) -> str | None:
        """Return the prefix of a model that writes the briefs of a category, None where its base does."""
        for entry in self.prefixes_of(model):
            card = prefix_card(entry)
            if card and (card.base_model, card.category) == (model, category):
                return entry.name
        return None

    def checked(self) -> tuple[ModelEntry, ...]:
        """List models and prefixes with damage that only the weights' headers show."""
        return tuple(entry for entry in self._entries(headers=True) if entry.report.kind != "other")

    def _entries(self, *, headers: bool = False) -> Iterable[ModelEntry]:
        seen: set[Path] = set()
        for folder in (*self._folders, *(child for root in self._roots for child in _children(root))):
            real = _resolved(folder)
            if real not in seen:
                seen.add(real)
                report = check_folder(folder) if headers else self._read(folder).report
                yield ModelEntry(real.name, folder, report)

    def _read(self, folder: Path) -> _FolderReading:
        stamp, reading = _stamp(folder), self._readings.get(folder)
        if reading is None or reading.stamp != stamp:
            reading = _FolderReading(stamp, check_folder(folder, headers=False), _sizes(folder))
            self._readings[folder] = reading
        return reading


def is_starter(entry: ModelEntry | None) -> bool:
    """Return whether a model is a starter, by its size."""
    return entry is not None and entry.report.size_bytes < _STARTER_BELOW_BYTES


def prefix_card(entry: ModelEntry) -> PrefixCard | None:
    """Read a prefix's card; None for a prefix made elsewhere, which has none, and for a card that cannot be read."""
    try:
        stored = read_json_object(entry.folder / "card.json", largest=_LARGEST_CARD)
        return PrefixCard(
            _typed(stored, "base_model", str),
            _typed(stored, "examples", int),
            _loss(stored, "last_loss"),
            _loss(stored, "held_out_loss"),
            _typed({"category": "", **stored}, "category", str),
            _typed({"asked_as": "", **stored}, "asked_as", str),
        )
    except FileNotFoundError:
        return None
    except (OSError, BadFileError) as error:
        _log.warning("the card of %s cannot be read: %s", entry.name, error)
        return None


def _typed(stored: dict[str, Any], name: str, kind: type[T]) -> T:
    value = stored.get(name)
    if type(value) is not kind:
        raise BadFileError(f"{name} is no {kind.__name__}")
    return value


def _loss(stored: dict[str, Any], name: str) -> float | None:
    value = stored.get(name)
    if value is not None and type(value) not in (int, float):
        raise BadFileError(f"{name} is no number")
    return value


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, time and size of every file."""
    stamps = []
    try:
        with os.scandir(folder) as files:
            for file in files:
                try:
                    stat = file.stat()
                    stamps.append((file.name, stat.st_mtime_ns, stat.st_size))
                except OSError:
                    # A link to nowhere.
                    stamps.append((file.name, 0, 0))
    except OSError:
        return ()
    return tuple(sorted(stamps))


def _sizes(folder: Path) -> tuple[int, int] | None:
    """Return what a prefix and its base share: layers and width."""
    try:
        config = read_config(folder)
        return _typed(config, "num_layers", int), _typed(config, "hidden_size", int)
    except (ChatGLMError, BadFileError):
        return None


def _children(root: Path) -> list[Path]:
    """List the folders that have a config.json; hidden ones are still being downloaded or converted."""
    try:
        return sorted(child for child in root.iterdir() if not child.name.startswith(".") and _has_config(child))
    except OSError as error:
        _log.info("model folder %s cannot be read: %s", root, error.strerror)
        return []


def _has_config(folder: Path) -> bool:
    """Return whether a file of that name can be seen; one folder that is closed to us hides no other."""
    try:
        return (folder / "config.json").is_file()
    except OSError as error:
        _log.info("%s cannot be read: %s", folder, error.strerror)
        return False


def _resolved(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        # Python before 3.13 raises RuntimeError for a link to itself.
        return folder.absolute()
