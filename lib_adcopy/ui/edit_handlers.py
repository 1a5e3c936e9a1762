"""The quick things: choosing, editing, undoing, counting. They answer at once and never queue behind a long step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.answers import split_copy, without_bans
from lib_adcopy.copywriting.instructions import after_rounds
from lib_adcopy.copywriting.law import apply_suggestion, check_text
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.domain.copy import Candidate
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import LANGUAGES, translate
from lib_adcopy.prompting.styles.style import Style
from lib_adcopy.ui import render
from lib_adcopy.ui.create.result import ready
from lib_adcopy.ui.networks import Use, weighed, with_use
from lib_adcopy.ui.numbers import NUMBERS
from lib_adcopy.ui.photo_handlers import restored_photo
from lib_adcopy.ui.prompt_pair import pair_shown
from lib_adcopy.ui.session import Call, Session, Updates, pressed
from lib_adcopy.ui.streaming import Running
from lib_adcopy.ui.values import brief_settings, restorable

# More than a history holds, and than anybody types.
_ROWS_READ = 100
# The texts that Clear empties.
_CLEARED = (
    "candidates", "copy", "review", "copying", "prompt", "negative_prompt", "tokens", "networks_used", "notes",
    "parameters",
)  # fmt: skip


class EditHandlers:
    """One method an event; each gives updates by the names of components."""

    def __init__(self, studio: Studio, running: Running) -> None:
        self._studio = studio
        self._running = running

    def interrupt(self, call: Call) -> Updates:
        """Stops what this browser tab has running. One that has nothing (it was reloaded) stops the host's job, as the
        webui's own button does; where others use the webui, that may be theirs."""
        if self._running.stop(call.session_id):
            return {"status": self._said(call, "stopping", "busy")}
        if not call.is_shared:
            self._studio.host.interrupt()
        return {"status": self._said(call, "nothing_runs", "done")}

    def skip(self, call: Call) -> Updates:
        if not call.is_shared or self._running.is_busy(call.session_id):
            self._studio.host.skip()
        return {}

    def unload(self, call: Call) -> Updates:
        key = "unloaded" if self._studio.unload() else "unload_later"
        return {"status": self._said(call, key, "done")}

    def choose(self, call: Call) -> Updates:
        """A candidate's card was pressed: its copy stands in the box."""
        number = pressed(call.values["choose"])
        found = call.session.candidates
        if not isinstance(number, int) or not 0 <= number < len(found):
            return {}
        candidate, platform = found[number], call.values["platform"]
        copy = candidate.copy
        return {
            "session": call.session.with_undo_point(call.values["copy"]),
            "candidates": render.candidates(found, copy.text, platform, call.language),
            "copy": copy.text,
            **render.reviewed(candidate, platform, call.language),
        }

    def review(self, call: Call) -> Updates:
        return self._reviewed(call, call.values["copy"])

    def lawful(self, call: Call) -> Updates:
        better = without_bans(split_copy(call.values["copy"])).text
        session = call.session.with_undo_point(call.values["copy"]) if better != call.values["copy"] else call.session
        return {"session": session, "copy": better, **self._reviewed(call, better)}

    def fix(self, call: Call) -> Updates:
        """One finding's suggestion taken, by the button beside it."""
        text, term = call.values["copy"], pressed(call.values["fix"])
        finding = next((found for found in check_text(text) if found.term == term), None)
        if finding is None:
            return {}
        better = apply_suggestion(text, finding)
        return {
            "session": call.session.with_undo_point(text),
            "copy": better,
            **self._reviewed(call, better),
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
            **self._reviewed(call, before),
            "rounds": render.rounds(session.rounds, call.language),
        }

    def rounds(self, call: Call) -> Updates:
        """The history as the user left it; a round one of whose cells he emptied is taken out."""
        rows = [(str(row[0] or "").strip(), str(row[1] or "").strip()) for row in _pairs(call.values["rounds"])]
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
            "gallery": [],
            "rounds": render.rounds((), call.language),
            "status": ready(call.language),
            **dict.fromkeys(_CLEARED, ""),
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
        return self._with(call, Use(str(kind), str(name), NUMBERS["network_weight"].read(weight)))

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

    def picture(self, call: Call, index: Any) -> Updates:
        """The infotext of the picture chosen in the gallery; a poster has its first picture's."""
        pictures = call.session.pictures
        if not pictures or not isinstance(index, int) or index < 0:
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
        session = replace(call.session.with_undo_point(call.values["copy"]), derived=None)
        values |= restored_photo(self._studio, found, call.language)
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

    def _reviewed(self, call: Call, text: str) -> Updates:
        copy = split_copy(text)
        updates: Updates = {"review": "", "copying": render.copying(copy, call.language) if text.strip() else ""}
        if not (call.values["brief"] or "").strip() or not text.strip():
            return updates
        try:
            brief = self._studio.parse(call.values["brief"], **brief_settings(call.values))
        except AdCopyError:
            # The brief is being typed; pressing a button will say what is wrong with it.
            return updates
        # As the rounds of revision want it: what one took out is not missing, and its platform's limits hold.
        brief = after_rounds(brief, call.session.rounds, "")
        return render.reviewed(Candidate(copy, review_copy(brief, copy)), brief.platform, call.language)

    def _said(self, call: Call, key: str, kind: str) -> str:
        return render.status(translate(f"ui.status.{key}", call.language), kind=kind)


def _pairs(rows: Any) -> list[Any]:
    """The rows of the history's table that have its two columns."""
    return [row for row in rows or () if isinstance(row, (list, tuple)) and len(row) >= 2][:_ROWS_READ]
