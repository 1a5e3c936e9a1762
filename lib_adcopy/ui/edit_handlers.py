"""The quick things: choosing, editing, undoing, counting. They answer at once and never queue behind a long step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.answers import split_copy, without_bans
from lib_adcopy.copywriting.instructions import after_rounds
from lib_adcopy.copywriting.law import apply_suggestion, check_text
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import LANGUAGES, translate
from lib_adcopy.prompting.styles.style import Style
from lib_adcopy.ui import render
from lib_adcopy.ui.columns.results import ready
from lib_adcopy.ui.networks import Use, weighed, with_use
from lib_adcopy.ui.prompt_pair import pair_shown
from lib_adcopy.ui.session import Call, Session, Updates, pressed
from lib_adcopy.ui.streaming import Running
from lib_adcopy.ui.values import brief_settings, restorable


class Edits:
    """One method an event; each gives updates by the names of components."""

    def __init__(self, studio: Studio, running: Running) -> None:
        self._studio = studio
        self._running = running

    def interrupt(self, call: Call) -> Updates:
        """Stops what this browser tab has running. One that has nothing (it was reloaded) stops the host's job, as the
        webui's own button does."""
        if not self._running.stop(call.who):
            self._studio.host.interrupt()
        return {"status": self._said(call, "stopping", "busy")}

    def skip(self, call: Call) -> Updates:
        self._studio.host.skip()
        return {}

    def unload(self, call: Call) -> Updates:
        key = "unloaded" if self._studio.unload() else "unload_later"
        return {"status": self._said(call, key, "done")}

    def choose(self, call: Call) -> Updates:
        names = render.candidates(call.session.candidates, call.language)
        if call.values["candidates"] not in names:
            return {}
        copy = call.session.candidates[names.index(call.values["candidates"])]
        if copy.text == call.values["copy"]:
            # gradio 4 tells of a choice made by us as well.
            return {}
        return {
            "session": call.session.remembering(call.values["copy"]),
            "copy": copy.text,
            "review": render.review(copy, call.values["platform"], call.language),
        }

    def review(self, call: Call) -> Updates:
        return {"review": self._review(call, call.values["copy"])}

    def lawful(self, call: Call) -> Updates:
        better = without_bans(split_copy(call.values["copy"])).text
        session = call.session.remembering(call.values["copy"]) if better != call.values["copy"] else call.session
        return {"session": session, "copy": better, "review": self._review(call, better)}

    def fix(self, call: Call) -> Updates:
        """One finding's suggestion taken, by the button beside it."""
        text, term = call.values["copy"], pressed(call.values["fix"])
        finding = next((found for found in check_text(text) if found.term == term), None)
        if finding is None:
            return {}
        better = apply_suggestion(text, finding)
        return {
            "session": call.session.remembering(text),
            "copy": better,
            "review": self._review(call, better),
        }

    def undo(self, call: Call) -> Updates:
        session = call.session
        if not session.undo:
            return {}
        before, rounds = session.undo[-1]
        session = replace(session, undo=session.undo[:-1], rounds=session.rounds[:rounds])
        return {
            "session": session,
            "copy": before,
            "review": self._review(call, before),
            "rounds": render.rounds(session.rounds, call.language),
        }

    def rounds(self, call: Call) -> Updates:
        """The history as the user left it; a round one of whose cells he emptied is taken out."""
        rows = [(str(wish or "").strip(), str(copy or "").strip()) for wish, copy in call.values["rounds"]]
        session = call.session.with_rounds([(w, split_copy(c)) if w and c else None for w, c in rows])
        if len(session.rounds) >= len(call.session.rounds):
            # Shown as it is: a new row, of which one cell is written, waits for the other.
            return {"session": session}
        return {"session": session, "rounds": render.rounds(session.rounds, call.language)}

    def forget(self, call: Call) -> Updates:
        return {"session": call.session.with_rounds(()), "rounds": render.rounds((), call.language)}

    def greet(self, call: Call) -> Updates:
        """The first words, where nothing has been said since, in the language switched to."""
        return {"status": ready(call.language)} if call.values["status"] in map(ready, LANGUAGES) else {}

    def clear(self, call: Call) -> Updates:
        """Forgets what this browser tab made; files on disk stay."""
        return {
            "session": Session(call.session.key),
            "candidates": gr.update(choices=[], value=None, visible=False),
            "gallery": [],
            "rounds": render.rounds((), call.language),
            "status": ready(call.language),
            **dict.fromkeys(
                ("copy", "review", "prompt", "negative_prompt", "tokens", "networks_used", "notes", "parameters"), ""
            ),
        }

    def tokens(self, call: Call) -> Updates:
        """What the prompts take and use, after any change of them."""
        return self._pair(call, call.values["prompt"], call.values["negative_prompt"])

    def network_add(self, call: Call) -> Updates:
        kind, _, name = (call.values["network"] or "").partition(":")
        return self._with(call, weighed(kind, name, float(call.values["network_weight"]))) if name else {}

    def weigh(self, call: Call) -> Updates:
        """A button of a network's chip: another weight, or out at 0."""
        kind, name, weight = pressed(call.values["weigh"])
        return self._with(call, Use(str(kind), str(name), float(weight)))

    def size(self, call: Call) -> Updates:
        """A format's sizes for the chosen checkpoint, with as much of hires fix as reaches it."""
        return self._sized(self._studio.styling.styles().get(call.values["style"], Style("")), call)

    def style(self, call: Call) -> Updates:
        """A style's recommendations for the drawing; what it leaves open stays as it is."""
        style = self._studio.styling.styles().get(call.values["style"])
        if style is None:
            return {}
        host = self._studio.host
        advised = style.advice(host.samplers(), host.schedulers())
        return advised | (self._sized(style, call) if all(style.size) else {})

    def _sized(self, style: Style, call: Call) -> Updates:
        plan = self._studio.styling.plan(style, call.values["format"], call.values["checkpoint"])
        return {"width": plan.width, "height": plan.height, "hires_scale": plan.scale}

    def picture(self, call: Call, index: int) -> Updates:
        """The infotext of the picture chosen in the gallery; a poster has its first picture's."""
        pictures = call.session.pictures
        if not pictures:
            return {}
        text = pictures[index if index < len(pictures) else 0].infotext
        return {"infotext": render.infotext(text), "parameters": text}

    def restore(self, call: Call) -> Updates:
        """A picture of ours back into the boxes it came from."""
        given: Any = call.values["restore"]
        if given is None:
            return {}
        try:
            found = self._studio.restore(Path(getattr(given, "name", given)))
        except AdCopyError as error:
            return {"status": render.status(error.message.text(call.language), kind="error"), "restore": None}
        values = restorable(found.settings, self._studio.host)
        if values.get("style") not in self._studio.styling.styles():
            values.pop("style", None)
        values |= {"brief": found.brief, "copy": found.copy.text if found.copy else ""}
        if found.prompt:
            values |= {"prompt": found.prompt.positive, "negative_prompt": found.prompt.negative}
        session = replace(call.session.remembering(call.values["copy"]), derived=None)
        return {
            "session": session,
            "status": self._said(call, "restored", "done"),
            # Emptied, for the next.
            "restore": None,
            **{name: value for name, value in values.items() if value != ""},
        }

    def _with(self, call: Call, use: Use) -> Updates:
        positive, negative = with_use(call.values["prompt"], call.values["negative_prompt"], use)
        return {"prompt": positive, "negative_prompt": negative, **self._pair(call, positive, negative)}

    def _pair(self, call: Call, positive: str, negative: str) -> Updates:
        return pair_shown(self._studio.host, positive, negative, int(call.values["steps"]), call.language)

    def _review(self, call: Call, text: str) -> str:
        if not (call.values["brief"] or "").strip() or not text.strip():
            return ""
        try:
            brief = self._studio.parse(call.values["brief"], **brief_settings(call.values))
        except AdCopyError:
            # The brief is being typed; pressing a button will say what is wrong with it.
            return ""
        # As the rounds of revision want it: what one took out is not missing, and its platform's limits hold.
        brief = after_rounds(brief, call.session.rounds, "")
        copy = split_copy(text)
        return render.review(replace(copy, review=review_copy(brief, copy)), brief.platform, call.language)

    def _said(self, call: Call, key: str, kind: str) -> str:
        return render.status(translate(f"ui.status.{key}", call.language), kind=kind)
