"""The long steps: write, revise, derive, draw, create, compose. Each runs on a worker thread and tells how it goes."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from lib_adcopy.app.events import Composed, Derived, Drawing, Drawn, Exported, Exporting, Loading, Writing, Written
from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.answers import split_copy
from lib_adcopy.copywriting.instructions import after_rounds
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.domain.layout import AUTO_LAYOUT
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.domain.writing import TEMPLATE
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import LoadingStoppedError
from lib_adcopy.i18n import translate
from lib_adcopy.prompting.sizes import formats
from lib_adcopy.ui import render
from lib_adcopy.ui.compat import selectable
from lib_adcopy.ui.kept_pictures import KeptPicture, kept, shown
from lib_adcopy.ui.photo_handlers import chosen_photo
from lib_adcopy.ui.prompt_pair import pair_shown
from lib_adcopy.ui.session import Call, Session, Updates, pressed
from lib_adcopy.ui.status_line import StatusLine
from lib_adcopy.ui.streaming import Failed, Finished, Running, stream
from lib_adcopy.ui.values import ad_of, brief_settings

# Prompts that change with the step are counted over as many.
_STEPS_COUNTED = 20
Tell = Callable[[Any], None]


class PipelineHandlers:
    """One method a button; each gives updates by the names of components, "session" among them."""

    def __init__(self, studio: Studio, running: Running) -> None:
        self._studio = studio
        self._running = running

    def write(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            for event in self._studio.write(self._ad(call), stop=stop, on_loading=tell):
                tell(event)

        stop = self._running.begin(call.session_id)
        before = call.session.with_undo_point(call.values["copy"])
        yield from _without_history(self._shown(work, call, before, stop), before, call.language)

    def revise(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            ad = replace(self._ad(call), copy=_copy(call))
            for event in self._studio.revise(ad, wish, call.session.rounds, stop=stop, on_loading=tell):
                tell(event)

        wish = call.values["wish"]
        stop = self._running.begin(call.session_id)
        before = call.session.with_undo_point(call.values["copy"])
        for update in self._shown(work, call, before, stop):
            after: Session = update["session"]
            if after.candidates is not before.candidates:
                best = after.candidates[0]
                update["session"] = after.after_round(wish, best.copy)
                update["rounds"] = render.rounds(update["session"].rounds, call.language)
                platform = after_rounds(self._ad(call).brief, call.session.rounds, wish).platform
                update |= render.reviewed(best, platform, call.language)
            yield update

    def fallback(self, call: Call) -> Iterator[Updates]:
        """Write the same brief with the writer that needs no model; offered where a model failed."""
        for update in self.write(replace(call, values={**call.values, "writer": TEMPLATE})):
            yield {**update, "writer": TEMPLATE}

    def derive(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            ad = replace(self._ad(call), copy=_copy_if_any(call), photo=chosen_photo(self._studio, call))
            tell(Derived(self._studio.derive(ad)))

        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, call.session, stop)

    def draw(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            photo = chosen_photo(self._studio, call)
            if photo and not self._studio.host.can_draw:
                ad = replace(self._ad_if_any(call), copy=_copy_if_any(call), photo=photo)
                tell(Drawn(self._studio.photograph(ad)))
                return
            if call.values["prompt"].strip():
                ad = replace(self._ad_if_any(call), copy=_copy_if_any(call), photo=photo)
            else:
                ad = self._studio.derive(replace(self._ad(call), copy=_copy_if_any(call), photo=photo))
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
        yield from self._shown(work, call, call.session, stop, task)

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
        before = call.session.with_undo_point(call.values["copy"])
        yield from _without_history(self._shown(work, call, before, stop, task), before, call.language)

    def compose(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            tell(Composed(self._studio.compose(ad)))

        session = call.session.with_slot_edits(call.values)
        ad = self._ad_to_set(call, session, seed=0)
        last = session.layouts_set[-1] if session.layouts_set else None
        # Each press sets it another way; what was changed by hand is seen on the creative as it stands.
        kept = last is not None and replace(last, layout_seed=0) != ad.layout
        ad = replace(ad, layout=replace(ad.layout, layout_seed=last.layout_seed if kept and last else session.composed))
        session = session.with_layout_set(ad.layout)
        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, session, stop)

    def mend(self, call: Call) -> Iterator[Updates]:
        """One check's button: the creative is set again so that it passes."""
        session = call.session.with_slot_edits(call.values)
        now = self._ad_to_set(call, session, seed=session.layouts_set[-1].layout_seed if session.layouts_set else 0)
        layout = self._studio.creative.mended(now, str(pressed(call.values["mend"])))
        yield from self._reset(call, session.with_layout_set(layout), replace(now, layout=layout))

    def undo_creative(self, call: Call) -> Iterator[Updates]:
        """The creative before the last change, with its settings."""
        session = call.session
        if len(session.layouts_set) < 2:
            yield {"session": session}
            return
        session = replace(session, layouts_set=session.layouts_set[:-1])
        now = self._ad_to_set(call, session, seed=0)
        yield from self._reset(call, session, replace(now, layout=session.layouts_set[-1]))

    def _reset(self, call: Call, session: Session, ad: Ad) -> Iterator[Updates]:
        """Set the ad, and show its layout settings in their boxes."""
        session = replace(session, slot_edits=ad.layout.edits)
        stop, layout = self._running.begin(call.session_id), ad.layout
        boxes = {
            "layout": layout.layout, "ai_label": layout.ai_label, "plate": layout.plate,
            "nudge_headline": layout.nudge_headline, "nudge_price": layout.nudge_price,
        }  # fmt: skip
        for update in self._shown(lambda tell: tell(Composed(self._studio.compose(ad))), call, session, stop):
            yield boxes | update

    def preview(self, call: Call) -> Updates:
        """The creative as it would be, small, while it is edited."""
        if not call.values["copy"].strip() or not call.session.posters:
            return {}
        session = call.session.with_slot_edits(call.values)
        seed = session.layouts_set[-1].layout_seed if session.layouts_set else 0
        try:
            image = self._studio.creative.preview(self._ad_to_set(call, session, seed=seed))
        except AdCopyError as error:
            return {"status": render.status(error.message.text(call.language), kind="error")}
        return {"creative_preview": render.preview(image)}

    def main_pictures(self, call: Call) -> Iterator[Updates]:
        """Taobao's five main pictures, zipped."""

        def work(tell: Tell) -> None:
            file = self._studio.creative.export_main_pictures(
                ad, on_file=lambda done, of: tell(Exporting(done, of)), stop=stop
            )
            tell(Exported(file))

        session = call.session.with_slot_edits(call.values)
        ad = self._ad_to_set(call, session, seed=max(session.composed - 1, 0))
        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, session, stop)

    def export(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            file = self._studio.export(ad, tuple(formats()), on_file=lambda n, of: tell(Exporting(n, of)), stop=stop)
            tell(Exported(file))

        session = call.session.with_slot_edits(call.values)
        ad = self._ad_to_set(call, session, seed=max(session.composed - 1, 0))
        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, session, stop)

    def thumbnails(self, call: Call) -> Updates:
        """The ad small in several layouts, once there is a creative."""
        if not call.values["copy"].strip() or not call.session.posters:
            return {}
        ad = self._ad_to_set(call, call.session, seed=0)
        found = self._studio.creative.thumbnails(replace(ad, layout=replace(ad.layout, layout=AUTO_LAYOUT)))
        return {"layouts": [image for _, image in found], "layout_names": [name for name, _ in found]}

    # ---- inside

    def _ad_to_set(self, call: Call, session: Session, *, seed: int) -> Ad:
        ad = replace(self._ad_if_any(call), copy=_copy(call), photo=chosen_photo(self._studio, call))
        picture = session.pictures[0].picture() if session.pictures else None
        layout = replace(ad.layout, layout_seed=seed, edits=session.slot_edits)
        return replace(ad, layout=layout, drawn=DrawResult((picture,)) if picture else None)

    # ---- inside

    def _ad(self, call: Call) -> Ad:
        brief = self._studio.parse(call.values["brief"] or "", **brief_settings(call.values))
        return ad_of(call.values, brief)

    def _ad_if_any(self, call: Call) -> Ad:
        """Build the ad for what needs no brief: a prompt or a copy typed by hand."""
        if call.values["brief"].strip():
            return self._ad(call)
        return ad_of(call.values, Brief("", **brief_settings(call.values)))

    def _shown(
        self, work: Callable[[Tell], Any], call: Call, session: Session, stop: threading.Event, task: str = ""
    ) -> Iterator[Updates]:
        """The work's events as updates; the session grows by what is finished. `stop` is the work's own."""
        try:
            yield from self._updates(work, call, session, stop, task)
        finally:
            self._running.end(call.session_id, stop)

    def _updates(
        self, work: Callable[[Tell], Any], call: Call, session: Session, stop: threading.Event, task: str
    ) -> Iterator[Updates]:
        said = StatusLine(call.language, task)
        modelled = call.values.get("writer", TEMPLATE) != TEMPLATE
        begun = "preparing" if modelled and "count" in call.values else "working"
        yield {"session": session, "status": said(begun), "fallback": gr.update(visible=False)}
        ended = said("done", "done")
        for event in stream(work, stop):
            update: Updates = {}
            if isinstance(event, Loading):
                update["status"] = said("loading", percent=round(100 * event.fraction))
            elif isinstance(event, Writing):
                update["status"] = said.writing(event.draft)
                update.update({"copy": event.draft.copy.text} if event.draft.index == 0 else {})
            elif isinstance(event, Written) and event.ad.candidates:
                session = replace(session, candidates=event.ad.candidates, slot_edits=())
                update = self._written(event.ad.candidates, call)
                ended = said("stopped_writing", "done") if stop.is_set() else ended
            elif isinstance(event, Derived) and event.ad.prompt:
                session = replace(session, derived=event.ad.prompt)
                update = self._derived(event.ad.prompt, call.language)
            elif isinstance(event, Drawing):
                update["status"] = said.drawing(event.progress)
            elif isinstance(event, Drawn) and event.ad.drawn:
                drawn = event.ad.drawn
                session = session.with_drawn(kept(drawn.pictures), drawn.generation_info)
                update = self._drawn(drawn, call.language)
                ended = said("interrupted", "done") if drawn.interrupted else ended
            elif isinstance(event, Composed) and event.ad.creative:
                creative = event.ad.creative
                session = session.with_poster(KeptPicture(path=creative.path))
                session = replace(session, slots=creative.slots)
                update = self._composed(session) | {
                    "checks": render.checks(creative.checks, call.language, creative.mendable),
                    **{f"slot_{name}": text for name, text in creative.slots},
                }
                ended = said("composed", "done", path=_short(creative.path))
            elif isinstance(event, Exporting):
                update["status"] = said("exporting", done=event.done, of=event.of)
            elif isinstance(event, Exported):
                update["exported"] = gr.update(value=str(event.path), visible=True)
                ended = said("exported", "done", path=_short(event.path))
            elif isinstance(event, Failed) and isinstance(event.error, LoadingStoppedError):
                update["status"] = said("stopped_loading", "done")
            elif isinstance(event, Failed):
                update["status"] = said.line(_sentence(event.error, call.language), "error")
                update["fallback"] = gr.update(visible=modelled)
            elif isinstance(event, Finished):
                update["status"] = ended
            yield {"session": session, **update}

    def _written(self, candidates: Sequence[Candidate], call: Call) -> Updates:
        best, platform = candidates[0], call.values["platform"]
        return {
            "candidates": render.candidates(candidates, best.copy.text, platform, call.language),
            "copy": best.copy.text,
            **render.reviewed(best, platform, call.language),
        }

    def _derived(self, prompt: Prompt, language: str) -> Updates:
        pair = pair_shown(self._studio.host, prompt.positive, prompt.negative, _STEPS_COUNTED, language)
        return {
            "prompt": prompt.positive,
            "negative_prompt": prompt.negative,
            "notes": render.notes(prompt.notes, language),
            **pair,
        }

    def _drawn(self, result: DrawResult, language: str) -> Updates:
        update: Updates = {
            "gallery": [selectable(picture.image) for picture in result.pictures],
            "generation_info": result.generation_info,
        }
        if result.pictures:
            text = result.pictures[0].infotext
            update |= {"infotext": render.infotext(text), "parameters": text}
        if result.notes:
            update["notes"] = render.notes(result.notes, language)
        return update

    def _composed(self, session: Session) -> Updates:
        return {
            "gallery": [selectable(image) for image in shown((*reversed(session.posters), *session.pictures))],
            "generation_info": self._studio.host.panel_info(session.generation_info, len(session.posters)),
        }


def _without_history(updates: Iterator[Updates], before: Session, language: str) -> Iterator[Updates]:
    """The rounds were those of another copy; once there is a new one, they are wishes of nobody."""
    for update in updates:
        after: Session = update["session"]
        if after.candidates is not before.candidates:
            update["session"] = after.with_rounds(())
            update["rounds"] = render.rounds((), language)
        yield update


def _short(file: Path) -> str:
    """A file as the user finds it: from the folder the webui or the studio stands in."""
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)


def _copy(call: Call) -> Copy:
    """What stands in the copy box; it keeps its writer's name where it is a candidate untouched."""
    text = call.values["copy"]
    if not text.strip():
        raise AdCopyError("copywriting.empty_copy")
    return next((one.copy for one in call.session.candidates if one.copy.text == text), None) or split_copy(text)


def _copy_if_any(call: Call) -> Copy | None:
    return _copy(call) if call.values["copy"].strip() else None


def _sentence(error: Exception, language: str) -> str:
    if isinstance(error, AdCopyError):
        return error.message.text(language)
    return translate("ui.status.fault", language, fault=type(error).__name__)


def _new_task() -> str:
    return f"task(adcopy-{uuid.uuid4().hex})"
