"""The studio's settings that are kept from one start to the next, in settings.json of its data folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.atomic import write_atomic

_log = logging.getLogger("adcopy.standalone")


class StoredOptions:
    """Settings by their keys, as a webui keeps them in its config.json."""

    def __init__(self, data: Path) -> None:
        self._file = data / "settings.json"

    def read(self) -> dict[str, Any]:
        """Return what was kept; nothing of a file that cannot be read."""
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            _log.warning("%s cannot be read: %s", self._file.name, error)
            return {}
        return stored if isinstance(stored, dict) else {}

    def keep(self, values: Mapping[str, Any]) -> None:
        """Keep these beside the others. Raises AdCopyError."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._file, json.dumps({**self.read(), **values}, ensure_ascii=False, indent=1))
        except OSError as error:
            raise AdCopyError("hosts.settings_not_saved") from error
