"""The quick things about the run, the prompt, the photo and files. They answer at once, behind no long step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from lib_adcopy.app.studio import Studio
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.prompting.styles.style import Style
from lib_adcopy.ui import render
from lib_adcopy.ui.copy_handlers import CopyHandlers
from lib_adcopy.ui.jobs import Running
from lib_adcopy.ui.networks import Use, weighed, with_use
from lib_adcopy.ui.numbers import NUMBERS
from lib_adcopy.ui.photo_handlers import restored_photo
from lib_adcopy.ui.prompt_pair import pair_shown
from lib_adcopy.ui.session import Call, Ended, Updates, pressed
from lib_adcopy.ui.values import restorable


class EditHandlers:
    """One method an event; each gives updates by the names of components."""

    def __init__(self, studio: Studio, running: Running) -> None:
        self._studio = studio
        self._running = running
        self._copies = CopyHandlers(studio)

    def interrupt(self, call: Call) -> Updates:
        """Stop what this browser tab has running; the work's own line says so.

        A tab that has nothing running stops the host's job, as the webui's own button does; where others use the webui,
        that may be theirs.
        """
        if self._running.stop(call.session_id):
            return {}
        if not call.is_shared:
            self._studio.host.interrupt()
        return self._ended(call, "nothing_runs", "nothing")

    def skip(self, call: Call) -> Updates:
        if not call.is_shared or self._running.is_busy(call.session_id):
            self._studio.host.skip()
        return {}

    def unload(self, call: Call) -> Updates:
        return self._ended(call, "unloaded" if self._studio.unload() else "unload_later")

    def tokens(self, call: Call) -> Updates:
        """Show what the prompts take and use, after any change of them."""
        return self._pair(call, call.values["prompt"], call.values["negative_prompt"])

    def network_add(self, call: Call) -> Updates:
        kind, _, name = (call.values["network"] or "").partition(":")
        return self._with(call, weighed(kind, name, float(call.values["network_weight"]))) if name else {}

    def weigh(self, call: Call) -> Updates:
        """Change a network's weight by a button of its chip; 0 takes it out."""
        kind, name, weight = pressed(call.values["weigh"])
        return self._with(call, Use(str(kind), str(name), NUMBERS["network_weight"].read(weight)))

    def size(self, call: Call) -> Updates:
        """Set a format's sizes for the chosen checkpoint, with as much of hires fix as reaches it."""
        return self._sized(self._studio.styling.styles().get(call.values["style"], Style("")), call)

    def style(self, call: Call) -> Updates:
        """Set a style's recommendations for the drawing; what it leaves open stays as it is."""
        style = self._studio.styling.styles().get(call.values["style"])
        if style is None:
            return {}
        host = self._studio.host
        advised = style.advice(host.samplers(), host.schedulers())
        return advised | (self._sized(style, call) if all(style.size) else {})

    def _sized(self, style: Style, call: Call) -> Updates:
        plan = self._studio.styling.plan(style, call.values["format"], call.values["checkpoint"])
        return {"width": plan.width, "height": plan.height, "hires_scale": plan.scale}

    def picture(self, call: Call, index: Any) -> Updates:
        """Show the infotext of the picture chosen in the gallery; a poster has its first picture's."""
        pictures = call.session.pictures
        if not pictures or not isinstance(index, int) or index < 0:
            return {}
        text = pictures[index if index < len(pictures) else 0].infotext
        return {"infotext": render.infotext(text), "parameters": text}

    def restore(self, call: Call) -> Updates:
        """Bring a picture of ours back into the boxes it came from."""
        given: Any = call.values["restore"]
        if given is None:
            return {}
        try:
            found = self._studio.restore(Path(getattr(given, "name", given)))
        except AdCopyError as error:
            return {**self._failed(call, error), "restore": None}
        values = restorable(found.settings, self._studio.host)
        if values.get("style") not in self._studio.styling.styles():
            values.pop("style", None)
        if found.copy and found.copy.writer in {choice.id for choice in self._studio.writers()}:
            values["writer"] = found.copy.writer
        values |= {"brief": found.brief, "copy": found.copy.text if found.copy else ""}
        if found.prompt:
            values |= {"prompt": found.prompt.positive, "negative_prompt": found.prompt.negative}
        filled = {name: value for name, value in values.items() if value != ""}
        restored = replace(call, values={**call.values, **filled})
        candidate = self._copies.candidate(restored, found.copy) if found.copy else None
        session = replace(call.session.with_undo_point(call.values["copy"]).with_rounds(()), derived=None)
        session = session.with_candidates((candidate,) if candidate else (), restored.values["platform"])
        restored = replace(restored, session=session)
        shown = self._copies.shown(restored, str(filled.get("copy", call.values["copy"])))
        pair = self._pair(restored, filled.get("prompt", ""), filled.get("negative_prompt", ""))
        # The file's box is emptied, for the next.
        photo = restored_photo(self._studio, found, call.language)
        ended = self._ended(restored, "restored")
        return {"restore": None, **filled, **photo, **pair, **shown, **ended, "notes": ""}

    def _with(self, call: Call, use: Use) -> Updates:
        positive, negative = with_use(call.values["prompt"], call.values["negative_prompt"], use)
        return {"prompt": positive, "negative_prompt": negative, **self._pair(call, positive, negative)}

    def _pair(self, call: Call, positive: str, negative: str) -> Updates:
        return pair_shown(self._studio.host, positive, negative, int(call.values["steps"]), call.language)

    def _ended(self, call: Call, key: str, kind: str = "done") -> Updates:
        """Return the status line of a quick event, kept for a change of language."""
        ended = Ended(Message(f"ui.status.{key}"), kind)
        text = ended.message.text(call.language)
        return {"session": replace(call.session, ended=ended), "status": render.status(text, kind=kind)}

    def _failed(self, call: Call, error: AdCopyError) -> Updates:
        ended = Ended(error.message, "error")
        text = ended.message.text(call.language)
        return {"session": replace(call.session, ended=ended), "status": render.status(text, kind="error")}

