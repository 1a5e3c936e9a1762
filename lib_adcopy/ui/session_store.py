"""The sessions of all browser tabs: in memory while they are used, as files for pages that are loaded again later."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import threading
import time
from collections import OrderedDict
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from lib_adcopy.storage.atomic import write_atomic
from lib_adcopy.ui.session import Session
from lib_adcopy.ui.session_record import from_json, to_json

_log = logging.getLogger("adcopy.ui")
_IN_MEMORY = 64
_FILES_KEPT = 200
_MAX_AGE_SECONDS = 30 * 24 * 3600
# The page's script makes it of 48 hexadecimal digits; whoever knows it sees the page's texts.
_PAGE_KEY = re.compile(r"[0-9a-f]{48}")
# What is shown for a moment only.
_FLEETING = frozenset(("edited_fact", "compared", "cleared"))


def is_page_key(text: Any) -> bool:
    """Return whether `text` is a key that a page's script made."""
    return isinstance(text, str) and _PAGE_KEY.fullmatch(text) is not None


class SessionStore:
    """Sessions by key. A press changes the newest one by what it changed itself, so that two at once lose nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the files, which no browser is served; None keeps sessions in memory alone."""
        self._folder = folder
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, key: str) -> Session | None:
        """Return the newest session of `key`, from its file after a restart; None where there is none."""
        with self._lock:
            if key not in self._sessions:
                found = self._read(key)
                if found is None:
                    return None
                self._sessions[key] = found
            self._sessions.move_to_end(key)
            return self._sessions[key]

    def apply(self, before: Session, after: Session) -> Session:
        """Change the newest session of `after.key` by what differs from `before`, and return it."""
        names = [each.name for each in fields(Session) if getattr(after, each.name) is not getattr(before, each.name)]
        with self._lock:
            newest = self.get(after.key) or Session(after.key)
            changes = {name: getattr(after, name) for name in names if name != "key"}
            changed = replace(newest, **changes)
            self._sessions[after.key] = changed
            self._sessions.move_to_end(after.key)
            while len(self._sessions) > _IN_MEMORY:
                self._sessions.popitem(last=False)
            if changes.keys() - _FLEETING:
                self._write(changed)
            return changed

    def _file(self, key: str) -> Path | None:
        if self._folder is None or not is_page_key(key):
            return None
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.json"

    def _read(self, key: str) -> Session | None:
        file = self._file(key)
        if file is None or not file.is_file():
            return None
        try:
            return from_json(json.loads(file.read_text(encoding="utf-8")), key)
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("a page's kept session cannot be read (%s) and is left alone", type(error).__name__)
            return None

    def _write(self, session: Session) -> None:
        file = self._file(session.key)
        if file is None:
            return
        try:
            is_new = not file.exists()
            file.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(file, json.dumps(to_json(session), ensure_ascii=False))
            if is_new:
                _prune(file.parent)
        except (OSError, TypeError, ValueError) as error:
            # The page itself goes on; only a restart would lose it.
            _log.warning("a page's session could not be kept: %s", error)


def _prune(folder: Path) -> None:
    by_age = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for number, file in enumerate(by_age):
        if number >= _FILES_KEPT or time.time() - file.stat().st_mtime > _MAX_AGE_SECONDS:
            file.unlink(missing_ok=True)
