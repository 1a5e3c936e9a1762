"""Hidden folders that work in progress is written to, marked as ours so that nobody else's folder is ever touched."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.atomic import is_leftover, move_new, write_atomic

_MARK = "adcopy-work.json"
# Bump when an older work folder could not be resumed.
_VERSION = 1


class WorkFolder:
    """`.NAME.part` beside the finished folder NAME: a mark that it is ours, and `result/`, which becomes NAME.

    A folder of that name without the mark belongs to somebody else and is refused; an empty one holds nothing that
    could be lost. Of a folder of ours only what we wrote is ever removed.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f".{target.name}.part")
        self.result = self.path / "result"

    def open(self) -> None:
        """Create the folder, or take up the one that an earlier try left.

        Raises AdCopyError where the name is taken, OSError where the disk refuses.
        """
        if self.path.exists() and not self.is_ours() and not self._is_empty():
            raise AdCopyError("model_library.name_taken", name=self.path.name)
        self.path.mkdir(exist_ok=True)
        write_atomic(self.path / _MARK, json.dumps({"made_by": "adcopy", "version": _VERSION}))
        self.result.mkdir(exist_ok=True)

    def is_ours(self) -> bool:
        try:
            mark = json.loads((self.path / _MARK).read_bytes())
        except (OSError, ValueError, RecursionError):
            return False
        return isinstance(mark, dict) and mark.get("made_by") == "adcopy" and mark.get("version") == _VERSION

    def publish(self) -> Path:
        """Give `result/` its final name and remove the rest of the folder. Raises AdCopyError where it is taken."""
        try:
            move_new(self.result, self.target)
        except FileExistsError as error:
            raise AdCopyError("model_library.name_taken", name=self.target.name) from error
        self.remove(())
        return self.target

    def remove(self, names: Iterable[str]) -> None:
        """Remove the files `names` of result/, the mark and the folder itself; a stranger's file keeps its folder."""
        if not self.is_ours():
            return
        for name in names:
            (self.result / name).unlink(missing_ok=True)
        _remove_if_empty(self.result)
        rest = [file for file in self.path.iterdir() if file.name != _MARK]
        if all(map(is_leftover, rest)):
            for file in (*rest, self.path / _MARK):
                file.unlink(missing_ok=True)
            _remove_if_empty(self.path)

    def _is_empty(self) -> bool:
        """Tell whether nothing but an unfinished mark of ours is in the folder."""
        return self.path.is_dir() and all(map(is_leftover, self.path.iterdir()))


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        # Not there, or somebody put a file of his into it: it stays.
        return
