"""The long steps: write, revise, derive, draw, create, compose. Each runs on a worker thread and tells how it goes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from lib_adcopy.app.events import Composed, Derived, Drawing, Drawn, Loading, Writing, Written
from lib_adcopy.app.studio import Studio
from lib_adcopy.app.writers import TEMPLATE
from lib_adcopy.copywriting.answers import split_copy
from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.copywriting.instructions import after_rounds
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import LoadingStoppedError
from lib_adcopy.hosts.base import DrawResult
from lib_adcopy.i18n import translate
from lib_adcopy.ui import render
from lib_adcopy.ui.compat import selectable
from lib_adcopy.ui.prompt_pair import pair_shown
from lib_adcopy.ui.session import Call, Session, Updates
from lib_adcopy.ui.status_line import Said
from lib_adcopy.ui.streaming import Failed, Finished, Running, stream
from lib_adcopy.ui.values import brief_settings, draw_settings, write_options

# Prompts that change with the step are counted over as many.
_STEPS_COUNTED = 20
Tell = Callable[[Any], None]


class Steps:
    """One method a button; each gives updates by the names of components, "session" among them."""

    def __init__(self, studio: Studio, running: Running) -> None:
        self._studio = studio
        self._running = running

    def write(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            options = write_options(call.values)
            for event in self._studio.write(self._brief(call), options, stop=stop, on_loading=tell):
                tell(event)

        stop = self._running.begin(call.who)
        before = call.session.remembering(call.values["copy"])
        yield from _without_history(self._shown(work, call, before), before, call.language)

    def revise(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            chosen, options = _copy(call), write_options(call.values)
            rounds = call.session.rounds
            for event in self._studio.revise(
                self._brief(call), chosen, wish, rounds, options, stop=stop, on_loading=tell
            ):
                tell(event)

        wish = call.values["wish"]
        stop = self._running.begin(call.who)
        before = call.session.remembering(call.values["copy"])
        for update in self._shown(work, call, before):
            after: Session = update["session"]
            if after.candidates is not before.candidates:
                copy = after.candidates[0]
                update["session"] = after.after_round(wish, copy)
                update["rounds"] = render.rounds(update["session"].rounds, call.language)
                platform = after_rounds(self._brief(call), call.session.rounds, wish).platform
                update["review"] = render.review(copy, platform, call.language)
            yield update

    def fallback(self, call: Call) -> Iterator[Updates]:
        """Offered where a model failed: the same brief, by the writer that needs none."""
        for update in self.write(replace(call, values={**call.values, "writer": TEMPLATE})):
            yield {**update, "writer": TEMPLATE}

    def derive(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            tell(Derived(self._derived_prompt(call)))

        self._running.begin(call.who)
        yield from self._shown(work, call, call.session)

    def draw(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            values = call.values
            prompt = Prompt(values["prompt"], values["negative_prompt"], style=values["style"])
            if not values["prompt"].strip():
                prompt = self._derived_prompt(call)
                tell(Derived(prompt))
            result = self._studio.draw(
                prompt,
                draw_settings(values),
                brief=self._brief_if_any(call),
                copy=_copy(call) if values["copy"].strip() else None,
                on_progress=lambda progress: tell(Drawing(progress)),
                stop=stop,
                task_id=task,
                user=call.user,
            )
            tell(Drawn(result))

        task, stop = _new_task(), self._running.begin(call.who)
        yield from self._shown(work, call, call.session, task)

    def create(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            brief, options, values = self._brief(call), write_options(call.values), call.values
            if values["mode"] == "copy":
                for event in self._studio.write(brief, options, stop=stop, on_loading=tell):
                    tell(event)
                return
            self._studio.create(
                brief,
                options,
                style=values["style"],
                settings=draw_settings(values),
                format_name=values["format"],
                on_event=tell,
                stop=stop,
                task_id=task,
                user=call.user,
            )

        task, stop = _new_task(), self._running.begin(call.who)
        before = call.session.remembering(call.values["copy"])
        yield from _without_history(self._shown(work, call, before, task), before, call.language)

    def compose(self, call: Call) -> Iterator[Updates]:
        def work(tell: Tell) -> None:
            brief, copy = self._brief_if_any(call), _copy(call)
            prompt = Prompt(call.values["prompt"], call.values["negative_prompt"], style=call.values["style"])
            made = self._studio.compose(
                brief,
                copy,
                pictures[0] if pictures else None,
                call.values["format"],
                prompt=prompt,
                settings=draw_settings(call.values),
                # Each press sets it another way; the palettes take turns.
                seed=len(call.session.posters),
            )
            tell(Composed(made.image, made.path))

        pictures = call.session.pictures
        self._running.begin(call.who)
        yield from self._shown(work, call, call.session)

    # ---- inside

    def _brief(self, call: Call) -> Brief:
        return self._studio.parse(call.values["brief"] or "", **brief_settings(call.values))

    def _brief_if_any(self, call: Call) -> Brief:
        """For what needs no brief: a prompt typed by hand is drawn, a copy typed by hand is set, without one."""
        if call.values["brief"].strip():
            return self._brief(call)
        return Brief("", **brief_settings(call.values))

    def _derived_prompt(self, call: Call) -> Prompt:
        values = call.values
        copy = _copy(call) if values["copy"].strip() else None
        return self._studio.derive(
            self._brief(call), copy, values["style"], writer=values["writer"], checkpoint=values["checkpoint"]
        )

    def _shown(
        self, work: Callable[[Tell], Any], call: Call, session: Session, task: str = ""
    ) -> Iterator[Updates]:
        """The work's events as updates; the session grows by what is finished."""
        stop = self._running.of(call.who)
        said = Said(call.language, task)
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
            elif isinstance(event, Written) and event.candidates:
                session = replace(session, candidates=event.candidates)
                update = self._written(event.candidates, call)
                ended = said("stopped_writing", "done") if stop.is_set() else ended
            elif isinstance(event, Derived):
                session = replace(session, derived=event.prompt)
                update = self._derived(event.prompt, call.language)
            elif isinstance(event, Drawing):
                update["status"] = said.drawing(event.progress)
            elif isinstance(event, Drawn):
                info = event.result.generation_info
                session = replace(session, pictures=event.result.pictures, posters=(), generation_info=info)
                update = self._drawn(event.result, call.language)
                ended = said("interrupted", "done") if event.result.interrupted else ended
            elif isinstance(event, Composed):
                session = replace(session, posters=(*session.posters, event.image))
                update = self._composed(session)
                ended = said("composed", "done", path=_short(event.path))
            elif isinstance(event, Failed) and isinstance(event.error, LoadingStoppedError):
                update["status"] = said("stopped_loading", "done")
            elif isinstance(event, Failed):
                update["status"] = said.line(_sentence(event.error, call.language), "error")
                update["fallback"] = gr.update(visible=modelled)
            elif isinstance(event, Finished):
                update["status"] = ended
            yield {"session": session, **update}

    def _written(self, candidates: Sequence[Copy], call: Call) -> Updates:
        names = render.candidates(candidates, call.language)
        return {
            "candidates": gr.update(choices=names, value=names[0], visible=len(names) > 1),
            "copy": candidates[0].text,
            "review": render.review(candidates[0], call.values["platform"], call.language),
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
        shown: Updates = {
            "gallery": [selectable(picture.image) for picture in result.pictures],
            "generation_info": result.generation_info,
        }
        if result.pictures:
            text = result.pictures[0].infotext
            shown |= {"infotext": render.infotext(text), "parameters": text}
        if result.notes:
            shown["notes"] = render.notes(result.notes, language)
        return shown

    def _composed(self, session: Session) -> Updates:
        return {
            "gallery": [*(selectable(picture.image) for picture in session.pictures), *session.posters],
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
    return next((copy for copy in call.session.candidates if copy.text == text), None) or split_copy(text)


def _sentence(error: Exception, language: str) -> str:
    if isinstance(error, AdCopyError):
        return error.message.text(language)
    return translate("ui.status.fault", language, fault=type(error).__name__)


def _new_task() -> str:
    return f"task(adcopy-{uuid.uuid4().hex})"
