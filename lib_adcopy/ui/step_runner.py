"""What every long step shares: the ad in the boxes, and its work shown to whatever page watches."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.answers import split_copy
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.domain.writing import SERVER
from lib_adcopy.errors import AdCopyError
from lib_adcopy.ui.jobs import BackgroundJob, Running
from lib_adcopy.ui.photo_handlers import chosen_photo
from lib_adcopy.ui.session import Call, Session, Updates
from lib_adcopy.ui.session_store import SessionStore
from lib_adcopy.ui.step_view import StepView
from lib_adcopy.ui.values import ad_of, brief_settings

Tell = Callable[[Any], None]
OnWritten = Callable[[StepView, tuple[Candidate, ...]], Updates]


class StepRunner:
    """Begins a press's work and shows it; the steps themselves are its subclasses'."""

    def __init__(self, studio: Studio, running: Running, store: SessionStore | None = None) -> None:
        """`store` keeps what is made when no page is looking."""
        self._studio = studio
        self._running = running
        self._store = store or SessionStore()

    def _ad_to_set(self, call: Call, session: Session, *, seed: int) -> Ad:
        ad = replace(self._ad_if_any(call), copy=copy_of(call), photo=chosen_photo(self._studio, call))
        picture = session.pictures[0].picture() if session.pictures else None
        layout = replace(ad.layout, layout_seed=seed, edits=session.slot_edits)
        return replace(ad, layout=layout, drawn=DrawResult((picture,)) if picture else None)

    def _ad(self, call: Call) -> Ad:
        brief = self._studio.parse(call.values["brief"] or "", **brief_settings(call.values))
        ad = ad_of(call.values, brief)
        if call.is_shared and ad.writing.writer == SERVER:
            raise AdCopyError("model_server.shared")
        return ad

    def _ad_if_any(self, call: Call) -> Ad:
        """Build the ad for what needs no brief: a prompt or a copy typed by hand."""
        if call.values["brief"].strip():
            try:
                return self._ad(call)
            except AdCopyError:
                # The work itself says what is wrong with it.
                return ad_of(call.values, Brief("", **brief_settings(call.values)))
        return ad_of(call.values, Brief("", **brief_settings(call.values)))

    def _shown(
        self,
        work: Callable[[Tell], Any],
        call: Call,
        session: Session,
        stop: threading.Event,
        *,
        task: str = "",
        steps: Sequence[str] = (),
        on_written: OnWritten | None = None,
    ) -> Iterator[Updates]:
        """Begin the work and yield its events as updates; it goes on when the page has left. `stop` is its own."""
        begun, run = time.monotonic(), uuid.uuid4().hex[:8]

        def shown() -> Iterator[Updates]:
            view = StepView(
                self._studio, call, session, job, task=task, steps=steps, run=run, on_written=on_written
            )
            yield from view.updates(begun)

        job = BackgroundJob(work, stop, on_end=lambda job: self._running.end(call.session_id, stop))
        job.shown = shown
        job.on_unseen = lambda: self._keep(call.session, shown())
        self._running.keep(call.session_id, job)
        job.start()
        yield from shown()

    def _keep(self, before: Session, updates: Iterator[Updates]) -> None:
        """Keep what was made while no page was looking, for one that comes back."""
        after = before
        for update in updates:
            after = update["session"]
        self._store.apply(before, after)


def copy_of(call: Call) -> Copy:
    """Return what stands in the copy box; it keeps its writer's name where it is a candidate untouched."""
    text = call.values["copy"]
    if not text.strip():
        raise AdCopyError("copywriting.empty_copy")
    return next((one.copy for one in call.session.candidates if one.copy.text == text), None) or split_copy(text)


def copy_if_any(call: Call) -> Copy | None:
    """Return what stands in the copy box, None for nothing."""
    return copy_of(call) if call.values["copy"].strip() else None
