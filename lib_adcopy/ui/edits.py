"""The quick things: choosing, editing, undoing, counting. They answer at once and never queue behind a long step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from lib_adcopy.copywriting.answers import split_copy, without_bans
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import translate
from lib_adcopy.prompting.networks import with_lora
from lib_adcopy.prompting.sizes import plan_size
from lib_adcopy.studio import Studio
from lib_adcopy.ui import render
from lib_adcopy.ui.session import Call, Session, Updates
from lib_adcopy.ui.streaming import Running
from lib_adcopy.ui.values import brief_settings


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

    def undo(self, call: Call) -> Updates:
        session = call.session
        if not session.undo:
            return {}
        before = session.undo[-1]
        session = replace(session, undo=session.undo[:-1], rounds=session.rounds[:-1])
        return {"session": session, "copy": before, "review": self._review(call, before)}

    def clear(self, call: Call) -> Updates:
        """Forgets what this browser tab made; files on disk stay."""
        return {
            "session": Session(),
            "candidates": gr.update(choices=[], value=None, visible=False),
            "gallery": [],
            **dict.fromkeys(
                ("copy", "review", "prompt", "negative_prompt", "tokens", "notes", "status", "parameters"), ""
            ),
        }

    def tokens(self, call: Call) -> Updates:
        count, steps = self._studio.host.token_count, int(call.values["steps"])
        positive, negative = call.values["prompt"], call.values["negative_prompt"]
        counted = count(positive, negative=False, steps=steps), count(negative, negative=True, steps=steps)
        return {"tokens": render.tokens(*counted)}

    def lora(self, call: Call) -> Updates:
        if not call.values["lora"]:
            return {}
        return {"prompt": with_lora(call.values["prompt"], call.values["lora"], float(call.values["lora_weight"]))}

    def size(self, call: Call) -> Updates:
        plan = plan_size(call.values["format"], self._studio.host.networks().base)
        return {"width": plan.width, "height": plan.height}

    def style(self, call: Call) -> Updates:
        """A style's recommendations for the drawing; what it leaves open stays as it is."""
        style = self._studio.styles().get(call.values["style"])
        if style is None:
            return {}
        host = self._studio.host
        return style.advice(host.samplers(), host.schedulers())

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
            return {"status": render.status(error.message.text(call.language), kind="error")}
        kept = {
            "brief": found.brief, "copy": found.copy, "platform": found.platform, "tone": found.tone,
            "length": found.length, "prompt": found.positive, "negative_prompt": found.negative, "style": found.style,
        }  # fmt: skip
        session = call.session.remembering(call.values["copy"])
        status = self._said(call, "restored", "done")
        return {"session": session, "status": status, **{name: value for name, value in kept.items() if value}}

    def _review(self, call: Call, text: str) -> str:
        if not (call.values["brief"] or "").strip() or not text.strip():
            return ""
        try:
            brief = self._studio.parse(call.values["brief"], **brief_settings(call.values))
        except AdCopyError:
            # The brief is being typed; pressing a button will say what is wrong with it.
            return ""
        copy = split_copy(text)
        return render.review(replace(copy, review=review_copy(brief, copy)), brief.platform, call.language)

    def _said(self, call: Call, key: str, kind: str) -> str:
        return render.status(translate(f"ui.status.{key}", call.language), kind=kind)
