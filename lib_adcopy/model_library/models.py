"""Which ChatGLM folders and P-Tuning prefixes are there. Reads names, sizes and config.json; a look at the weights'
headers only where it is asked for, so that a webui's start opens no model file."""

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
_log = logging.getLogger("adcopy.library")


@dataclass(frozen=True)
class ModelEntry:
    """A model folder by the name the user knows it under; `report.problem` says why it cannot be loaded."""

    name: str
    folder: Path
    report: FolderReport


@dataclass(frozen=True)
class PrefixCard:
    """What a prefix was tuned on, as the tuning wrote it down; losses in nats a token.

    `category` is the one whose briefs it takes where nobody chose a prefix, "" for none; `asked_as` the form of the
    briefs it was taught, "pairs" (AdvertiseGen's) or "words", "" where the card does not say.
    """

    base_model: str
    examples: int
    loss: float | None
    held_out_loss: float | None
    category: str = ""
    asked_as: str = ""


@dataclass(frozen=True)
class _Seen:
    """What was read of a folder while its files were as `stamp` says."""

    stamp: tuple[tuple[str, int, int], ...]
    report: FolderReport
    sizes: tuple[int, int] | None


class Library:
    """The folders models may stand in: ours first, then those the user named. Only direct children count.

    `folders` are single models named outright, on the command line; they come before all others. Each box of the tab
    asks anew; a folder whose files are as they were is not read again.
    """

    def __init__(self, roots: Iterable[Path], folders: Iterable[Path] = ()) -> None:
        self._roots = tuple(roots)
        self._folders = tuple(folders)
        self._seen: dict[Path, _Seen] = {}

    def models(self) -> tuple[ModelEntry, ...]:
        """Every folder that is, or was meant to be, a whole ChatGLM model."""
        return tuple(entry for entry in self._entries() if entry.report.kind == "model")

    def prefixes(self) -> tuple[ModelEntry, ...]:
        """Every folder that holds a P-Tuning prefix and no base model."""
        return tuple(entry for entry in self._entries() if entry.report.kind == "prefix")

    def model(self, name: str) -> ModelEntry | None:
        return next((entry for entry in self.models() if entry.name == name), None)

    def prefix(self, name: str) -> ModelEntry | None:
        return next((entry for entry in self.prefixes() if entry.name == name), None)

    def prefixes_of(self, model: str) -> tuple[ModelEntry, ...]:
        """The prefixes that fit a model, by its sizes."""
        base = self.model(model)
        wanted = self._look(base.folder).sizes if base else None
        return tuple(entry for entry in self.prefixes() if wanted and self._look(entry.folder).sizes == wanted)

    def prefix_for(self, model: str, category: str) -> str | None:
        """The prefix of a model that takes the briefs of a category, None where its base does."""
        for entry in self.prefixes_of(model):
            card = prefix_card(entry)
            if card and (card.base_model, card.category) == (model, category):
                return entry.name
        return None

    def checked(self) -> tuple[ModelEntry, ...]:
        """Models and prefixes, whatever is broken found by a look at the weights' headers too."""
        return tuple(entry for entry in self._entries(headers=True) if entry.report.kind != "other")

    def _entries(self, *, headers: bool = False) -> Iterable[ModelEntry]:
        seen: set[Path] = set()
        for folder in (*self._folders, *(child for root in self._roots for child in _children(root))):
            real = _resolved(folder)
            if real not in seen:
                seen.add(real)
                report = check_folder(folder) if headers else self._look(folder).report
                yield ModelEntry(real.name, folder, report)

    def _look(self, folder: Path) -> _Seen:
        stamp, seen = _stamp(folder), self._seen.get(folder)
        if seen is None or seen.stamp != stamp:
            seen = self._seen[folder] = _Seen(stamp, check_folder(folder, headers=False), _sizes(folder))
        return seen


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
    """Name, time and size of every file."""
    found = []
    try:
        with os.scandir(folder) as files:
            for file in files:
                try:
                    told = file.stat()
                    found.append((file.name, told.st_mtime_ns, told.st_size))
                except OSError:
                    # A link to nowhere.
                    found.append((file.name, 0, 0))
    except OSError:
        return ()
    return tuple(sorted(found))


def _sizes(folder: Path) -> tuple[int, int] | None:
    """What a prefix and its base share: layers and width."""
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
