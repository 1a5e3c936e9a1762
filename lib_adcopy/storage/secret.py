"""The key of the user's model server, in a folder that only he may read.

Not among a webui's settings: those are read by its API, and its system report, which people post with their questions,
holds all of them.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from lib_adcopy.storage.atomic import write_atomic

_log = logging.getLogger("adcopy.storage")
_FOLDER, _FILE = "secrets", "server.json"


class SavedKey:
    """The key, with the address it was saved for: no other address is ever sent it."""

    def __init__(self, data: Path) -> None:
        """`data` is the host's data folder."""
        self._file = data / _FOLDER / _FILE

    def read(self) -> tuple[str, str]:
        """Return address and key, "" for none."""
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8"))
            address, key = stored["address"], stored["key"]
        except FileNotFoundError:
            return "", ""
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the saved key cannot be read: %s", type(error).__name__)
            return "", ""
        return (address, key) if isinstance(address, str) and isinstance(key, str) else ("", "")

    def save(self, address: str, key: str) -> None:
        """Keep the key in place of an earlier one. Raises OSError."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.parent.chmod(0o700)
        write_atomic(self._file, json.dumps({"address": address, "key": key}))

    def delete(self) -> None:
        """Forget the key. Raises OSError."""
        self._file.unlink(missing_ok=True)
