"""The long steps: write, revise, derive, draw, create. Each runs on a worker thread and tells how it goes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

from lib_adcopy.app.events import Derived, Drawing, Drawn
from lib_adcopy.app.similar import write_like
from lib_adcopy.domain.writing import TEMPLATE
from lib_adcopy.errors import AdCopyError
from lib_adcopy.ui.creative_steps import CreativeSteps
from lib_adcopy.ui.photo_handlers import chosen_photo, wants_photo
from lib_adcopy.ui.revision import Revision
from lib_adcopy.ui.session import Call, Updates, pressed
from lib_adcopy.ui.step_runner import Tell, copy_if_any, copy_of


class PipelineHandlers(CreativeSteps):
    """One method a button; each gives updates by the names of components, "session" among them."""

    def write(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            for event in self._studio.write(self._ad(call), stop=stop, on_loading=tell):
                tell(event)

        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, call.session.with_undo_point(call.values["copy"]), stop)

    def revise(self, call: Call) -> Iterator[Updates]:
        """Change the copy in the box by the wish in its box."""
        yield from self._revise(call, (call.values["wish"] or "").strip())

    def asked(self, call: Call) -> Iterator[Updates]:
        """Change the copy by one of the usual wishes, which are buttons."""
        yield from self._revise(call, str(pressed(call.values["asked"]))[:200])

    def _revise(self, call: Call, wish: str) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            if not wish:
                raise AdCopyError("ui.no_wish")
            ad = replace(self._ad(call), copy=copy_of(call))
            for event in self._studio.revise(ad, wish, call.session.rounds, stop=stop, on_loading=tell):
                tell(event)

        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, call.session, stop, on_written=Revision(self._ad_if_any(call).brief, wish))

    def like(self, call: Call) -> Iterator[Updates]:
        """Write more copies like the candidate whose button was pressed."""

        def work(tell: Tell) -> None:
            if copy is None:
                raise AdCopyError("copywriting.empty_copy")
            for event in write_like(self._studio, self._ad(call), copy, stop=stop, on_loading=tell):
                tell(event)

        number, found = pressed(call.values["like"]), call.session.candidates
        copy = found[number].copy if isinstance(number, int) and 0 <= number < len(found) else None
        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, call.session.with_undo_point(call.values["copy"]), stop)

    def fallback(self, call: Call) -> Iterator[Updates]:
        """Write the same brief with the writer that needs no model; offered where a model failed."""
        for update in self.write(replace(call, values={**call.values, "writer": TEMPLATE})):
            yield {**update, "writer": TEMPLATE}

    def derive(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            ad = replace(self._ad(call), copy=copy_if_any(call), photo=chosen_photo(self._studio, call))
            tell(Derived(self._studio.derive(ad)))

        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, call.session, stop)

    def draw(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            photo = chosen_photo(self._studio, call)
            if photo and not self._studio.host.can_draw:
                ad = replace(self._ad_if_any(call), copy=copy_if_any(call), photo=photo)
                tell(Drawn(self._studio.photograph(ad)))
                return
            if call.values["prompt"].strip():
                ad = replace(self._ad_if_any(call), copy=copy_if_any(call), photo=photo)
            else:
                ad = self._studio.derive(replace(self._ad(call), copy=copy_if_any(call), photo=photo))
                tell(Derived(ad))
            ad = self._studio.draw(
                ad,
                on_progress=lambda progress: tell(Drawing(progress)),
                stop=stop,
                task_id=task,
                user=call.user,
            )
            tell(Drawn(ad))

        task, stop = _new_task(), self._running.begin(call.session_id)
        yield from self._shown(work, call, call.session, stop, task=task)

    def create(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            ad = self._ad(call)
            if call.values["mode"] == "copy":
                for event in self._studio.write(ad, stop=stop, on_loading=tell):
                    tell(event)
                return
            ad = replace(ad, photo=chosen_photo(self._studio, call))
            self._studio.create(ad, on_event=tell, stop=stop, task_id=task, user=call.user)

        task, stop = _new_task(), self._running.begin(call.session_id)
        steps: tuple[str, ...] = ()
        if call.values["mode"] != "copy":
            can_draw = self._studio.host.can_draw
            # Without a checkpoint a photo is set on a plain ground, which needs no prompt.
            derives, draws = can_draw or not wants_photo(call), can_draw or wants_photo(call)
            steps = ("write", *(("prompt",) if derives else ()), *(("draw",) if draws else ()), "compose")
        before = call.session.with_undo_point(call.values["copy"])
        yield from self._shown(work, call, before, stop, task=task, steps=steps)


def _new_task() -> str:
    return f"task(adcopy-{uuid.uuid4().hex})"
