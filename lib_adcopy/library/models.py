"""Which ChatGLM folders and P-Tuning prefixes are there. Reads names, sizes and config.json, never a weight."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lib_adcopy.chatglm import FolderReport, check_folder

_log = logging.getLogger("adcopy.library")


@dataclass(frozen=True)
class ModelEntry:
    """A model folder by the name the user knows it under; `report.problem` says why it cannot be loaded."""

    name: str
    folder: Path
    report: FolderReport


class Library:
    """The folders models may stand in: ours first, then those the user named. Only direct children count.

    `folders` are single models named outright, on the command line; they come before all others.
    """

    def __init__(self, roots: Iterable[Path], folders: Iterable[Path] = ()) -> None:
        self._roots = tuple(roots)
        self._folders = tuple(folders)

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

    def _entries(self) -> Iterable[ModelEntry]:
        seen: set[Path] = set()
        for folder in (*self._folders, *(child for root in self._roots for child in _children(root))):
            real = folder.resolve()
            if real not in seen:
                seen.add(real)
                yield ModelEntry(real.name, folder, check_folder(folder))


def _children(root: Path) -> list[Path]:
    try:
        return sorted(child for child in root.iterdir() if (child / "config.json").is_file())
    except OSError as error:
        _log.info("model folder %s cannot be read: %s", root, error.strerror)
        return []
