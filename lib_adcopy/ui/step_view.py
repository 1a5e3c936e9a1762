"""How a long step looks: its events as updates of the page, and the session grown by what is finished."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from lib_adcopy.app.events import Composed, Derived, Drawing, Drawn, Exported, Exporting, Loading, Writing, Written
from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.ad import Creative
from lib_adcopy.domain.copy import Candidate
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.domain.writing import TEMPLATE
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import LoadingStoppedError
from lib_adcopy.i18n import Message
from lib_adcopy.ui import copy_view, render
from lib_adcopy.ui.compat import gallery, selectable
from lib_adcopy.ui.jobs import BackgroundJob, Failed, Finished, Stopping
from lib_adcopy.ui.kept_pictures import KeptPicture, kept, shown
from lib_adcopy.ui.prompt_pair import pair_shown
from lib_adcopy.ui.session import Call, Ended, Session, Updates
from lib_adcopy.ui.status_line import StatusLine, ways_out

# Prompts that change with the step are counted over as many.
_STEPS_COUNTED = 20


class StepView:
    """One look at a job. `session` is as the press began, `run` names the press, `steps` what it goes through.

    `on_written` turns finished candidates into updates; by default they are shown as cards, the best in the copy box.
    """

    def __init__(
        self,
        studio: Studio,
        call: Call,
        session: Session,
        job: BackgroundJob,
        *,
        task: str = "",
        steps: Sequence[str] = (),
        run: str = "",
        on_written: Callable[[StepView, tuple[Candidate, ...]], Updates] | None = None,
    ) -> None:
        self.call, self.session = call, session
        self.ended = Ended(Message("ui.status.done"))
        self._studio, self._job = studio, job
        self._line = StatusLine(call.language, task, steps, run)
        self._on_written = on_written or show_candidates
        # Whether the copy box shows a text that is not finished.
        self._is_unfinished = False
        self._modelled = call.values.get("writer", TEMPLATE) != TEMPLATE

    def updates(self, begun: float) -> Iterator[Updates]:
        """Yield the updates from the press on; `begun` is the time.monotonic() of it."""
        self._line.begin(begun)
        first = "preparing" if self._modelled and "count" in self.call.values else "working"
        yield {"session": self.session, "status": self._line(first), "fallback": gr.update(visible=False)}
        for at, event in self._job.watch_timed():
            update = self._update(at, event)
            yield {"session": self.session, **update}

    def _update(self, at: float, event: Any) -> Updates:
        if isinstance(event, Loading):
            return {"status": self._line("loading", percent=round(100 * event.fraction))}
        if isinstance(event, Writing):
            text = {"copy": event.draft.copy.text} if event.draft.index == 0 else {}
            self._is_unfinished = self._is_unfinished or bool(text)
            return {"status": self._line.writing(event.draft), **text}
        if isinstance(event, Drawing):
            return {"status": self._line.drawing(event.progress)}
        if isinstance(event, Exporting):
            return {"status": self._line("exporting", done=event.done, of=event.of)}
        if isinstance(event, Stopping):
            return {"status": self._line("stopping")}
        if isinstance(event, Failed):
            return self._failed(event.error)
        if isinstance(event, Finished):
            self.session = replace(self.session, ended=self.ended)
            return {"status": self._line.ended(self.ended)}
        return self._made(at, event)

    def _made(self, at: float, event: Any) -> Updates:
        """Return what a finished part adds to the page, with the step it ends lit."""
        update: Updates = {}
        step = ""
        if isinstance(event, Written) and event.ad.candidates:
            if self._job.stop.is_set():
                self.ended = Ended(Message("ui.status.stopped_writing"), "stopped")
            self._is_unfinished = False
            step, update = "write", self._on_written(self, event.ad.candidates)
        elif isinstance(event, Derived) and event.ad.prompt:
            self.session = replace(self.session, derived=event.ad.prompt)
            step, update = "prompt", self._derived(event.ad.prompt)
        elif isinstance(event, Drawn) and event.ad.drawn:
            step, update = "draw", self._drawn(event.ad.drawn)
        elif isinstance(event, Composed) and event.ad.creative:
            step, update = "compose", self._composed(event.ad.creative)
        elif isinstance(event, Exported):
            self.ended = Ended(Message("ui.status.exported", {"path": short(event.path)}))
            update = {"exported": gr.update(value=str(event.path), visible=True)}
        self._line.reach(step, at)
        if step and not self._job.has_ended:
            update["status"] = self._line("working")
        return update

    def _failed(self, error: Exception) -> Updates:
        if isinstance(error, LoadingStoppedError):
            ended = Ended(Message("ui.status.stopped_loading"), "stopped")
        else:
            ended = Ended(_message(error), "error")
        ways = ways_out(str(getattr(error, "code", "")))
        self.session = replace(self.session, ended=ended)
        offer = {"fallback": gr.update(visible=self._modelled)} if ended.kind == "error" else {}
        # Half a text is nothing to keep; what stood there before is.
        before = {"copy": self.call.values["copy"]} if self._is_unfinished and "copy" in self.call.values else {}
        return {"status": self._line.ended(ended, ways), **offer, **before}

    def _derived(self, prompt: Prompt) -> Updates:
        language = self.call.language
        pair = pair_shown(self._studio.host, prompt.positive, prompt.negative, _STEPS_COUNTED, language)
        return {
            "prompt": prompt.positive,
            "negative_prompt": prompt.negative,
            "notes": render.notes(prompt.notes, language),
            **pair,
        }

    def _drawn(self, result: DrawResult) -> Updates:
        self.session = self.session.with_drawn(kept(result.pictures), result.generation_info)
        if result.interrupted:
            self.ended = Ended(Message("ui.status.interrupted"), "stopped")
        update: Updates = {
            "gallery": gallery([selectable(picture.image) for picture in result.pictures]),
            "generation_info": result.generation_info,
        }
        if result.pictures:
            text = result.pictures[0].infotext
            update |= {"infotext": render.infotext(text), "parameters": text}
        if result.notes:
            update["notes"] = render.notes(result.notes, self.call.language)
        return update

    def _composed(self, creative: Creative) -> Updates:
        session = self.session.with_poster(KeptPicture(path=creative.path))
        self.session = replace(session, slots=creative.slots, checks=creative.checks, mendable=creative.mendable)
        self.ended = Ended(Message("ui.status.composed", {"path": short(creative.path)}))
        return gallery_shown(self._studio, self.session, self.call.language)


def show_candidates(view: StepView, found: tuple[Candidate, ...]) -> Updates:
    """Show new candidates as cards with the best in the copy box; the rounds were those of another copy."""
    call, best = view.call, found[0]
    view.session = view.session.with_candidates(found, call.values["platform"]).with_rounds(())
    return {
        "compared": "",
        "copy": best.copy.text,
        "rounds": render.rounds((), call.language),
        **candidates_shown(view.session, best, call.language),
    }


def candidates_shown(session: Session, chosen: Candidate, language: str) -> Updates:
    """Return the cards with one chosen, its review and its buttons."""
    platform = session.platform
    return {
        "candidates": copy_view.candidates(session.candidates, chosen.copy.text, platform, language),
        **copy_shown(chosen, platform, language),
    }


def copy_shown(candidate: Candidate, platform: str, language: str) -> Updates:
    """Return what goes with the copy in the box: its review, its buttons, and the one that mends all findings."""
    shown: Updates = dict(copy_view.reviewed(candidate, platform, language))
    return {**shown, "lawful": gr.update(visible=copy_view.findings_in(candidate))}


def gallery_shown(studio: Studio, session: Session, language: str) -> Updates:
    """Return the pictures, the finished creatives before them, with what was checked and the texts on the last."""
    pictures = shown((*reversed(session.posters), *session.pictures))
    return {
        "gallery": gallery([selectable(image) for image in pictures]),
        "generation_info": studio.host.panel_info(session.generation_info, len(session.posters)),
        "checks": render.checks(session.checks, language, session.mendable),
        **{f"slot_{name}": text for name, text in session.slots},
    }


def short(file: Path) -> str:
    """Return a file as the user finds it: from the folder the webui or the studio stands in."""
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)


def _message(error: Exception) -> Message:
    if isinstance(error, AdCopyError):
        return error.message
    return Message("ui.status.fault", {"fault": type(error).__name__})
