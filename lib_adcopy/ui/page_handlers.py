"""The page as a whole: found again after a reload, a restart or a lost connection, and said in another language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.ui import render
from lib_adcopy.ui.copy_handlers import CopyHandlers
from lib_adcopy.ui.create.result import ready, welcome
from lib_adcopy.ui.event_table import KEPT
from lib_adcopy.ui.jobs import Running
from lib_adcopy.ui.photo_handlers import kept_photo_shown
from lib_adcopy.ui.prompt_pair import pair_shown
from lib_adcopy.ui.session import Call, Session, Updates
from lib_adcopy.ui.session_store import SessionStore, is_page_key

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab


class PageHandlers:
    """One method an event; each gives updates by the names of components."""

    def __init__(self, tab: Tab, running: Running, store: SessionStore) -> None:
        self._tab, self._running, self._store = tab, running, store
        self._studio: Studio = tab.studio
        self._copies = CopyHandlers(tab.studio)

    def reworded(self, call: Call) -> Updates:
        """Say everything shown in the language switched to; what runs says it with its next line."""
        updates = self._shown(call)
        if self._running.is_busy(call.session_id):
            updates.pop("status", None)
        return {
            **updates,
            "welcome": welcome(self._tab, call.language),
            "wishes": render.wishes(call.language),
        }

    def resume(self, call: Call) -> Iterator[Updates]:
        """Give a page that was loaded again what stood in its boxes, what it made, and what still runs for it."""
        asked = whole_characters(json.loads(call.values["resume"] or "{}"))
        key = str(asked.get("page")) if isinstance(asked, dict) else ""
        if not is_page_key(key):
            return
        boxes = self._boxes(asked.get("values"), call.language)
        session = self._store.get(key) or replace(call.session, key=key)
        call = replace(call, session=session, session_id=key, values={**call.values, **boxes})
        # By the answer in its box the script knows that it was heard.
        yield {"resume": "ok", **boxes, **(self._shown(call) if not session.is_empty or boxes else {})}
        if kept := str(boxes.get("photo_kept") or ""):
            yield kept_photo_shown(self._studio, kept, call.language)
        job = self._running.job(key)
        if job is not None and not job.was_seen:
            yield from job.shown()

    def _shown(self, call: Call) -> Updates:
        values, language = call.values, call.language
        updates = self._copies.shown(call, values["copy"])
        positive, negative = values["prompt"], values["negative_prompt"]
        if positive or negative:
            updates |= pair_shown(self._studio.host, positive, negative, int(values["steps"]), language)
        return {**updates, "status": ended_line(call.session, language)}

    def _boxes(self, given: Any, language: str) -> Updates:
        """Return what stood in the boxes, as values of ours; what is not offered any more is left out."""
        found: Updates = {}
        for name, shown in given.items() if isinstance(given, Mapping) else ():
            if name not in KEPT or not isinstance(shown, str | int | float | bool):
                continue
            value = self._tab.value(name, shown)
            chooser = self._tab.choosers.get(name)
            if chooser is None or value in [known for _, known in chooser.pairs(language)]:
                found[name] = value
        return found


def ended_line(session: Session, language: str) -> str:
    """Return the status line of a session at rest."""
    if session.ended is None:
        return ready(language)
    return render.status(session.ended.message.text(language), kind=session.ended.kind)

