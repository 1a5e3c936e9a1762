"""The quick things about copy: choosing, comparing, editing, undoing. They answer at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.answers import split_copy, without_bans
from lib_adcopy.copywriting.instructions import after_rounds
from lib_adcopy.copywriting.law import apply_suggestion, check_text
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.ui import copy_view, render
from lib_adcopy.ui.session import Call, Cleared, Ended, Session, Updates, pressed
from lib_adcopy.ui.step_view import candidates_shown, copy_shown, gallery_shown
from lib_adcopy.ui.values import brief_settings

# More than a history holds, and than anybody types.
_ROWS_READ = 100
# The texts that Clear empties, and those that Undo brings back into their boxes.
_CLEARED_TEXTS = ("copy", "prompt", "negative_prompt")
_CLEARED = (
    "candidates", "compared", "review", "copying", "tokens", "networks_used", "notes", "checks", "parameters",
)  # fmt: skip


class CopyHandlers:
    """One method an event; each gives updates by the names of components."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def choose(self, call: Call) -> Updates:
        """Put the pressed candidate's copy into the box."""
        number = pressed(call.values["choose"])
        found = call.session.candidates
        if not isinstance(number, int) or not 0 <= number < len(found):
            return {}
        session = call.session.with_undo_point(call.values["copy"])
        chosen = found[number]
        return {"session": session, "copy": chosen.copy.text, **candidates_shown(session, chosen, call.language)}

    def compare(self, call: Call) -> Updates:
        """Show a candidate beside the chosen one; the chosen beside the next."""
        number, found = pressed(call.values["compare"]), call.session.candidates
        if not isinstance(number, int) or not 0 <= number < len(found) or len(found) < 2:
            return {"session": replace(call.session, compared=()), "compared": ""}
        chosen = copy_view.chosen_number(found, call.values["copy"])
        pair = (chosen, number) if number != chosen else (chosen, (chosen + 1) % len(found))
        session = replace(call.session, compared=pair)
        return {"session": session, "compared": self._compared(session, call.language)}

    def review(self, call: Call) -> Updates:
        """Review the edited copy."""
        return self._reviewed(call, call.values["copy"])

    def lawful(self, call: Call) -> Updates:
        """Take all findings' suggestions at once."""
        better = without_bans(split_copy(call.values["copy"])).text
        session = call.session.with_undo_point(call.values["copy"]) if better != call.values["copy"] else call.session
        return {"session": session, "copy": better, **self._reviewed(call, better)}

    def fix(self, call: Call) -> Updates:
        """Take one finding's suggestion, by the button beside it."""
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
        """Take back what was done last: Clear, or a change of the copy with the boxes that changed with it."""
        session = call.session
        if session.cleared:
            return self._bring_back(call, session.cleared)
        if not session.undo:
            return _ended(call, session, Ended(Message("ui.status.nothing_to_undo"), "nothing"))
        point = session.undo[-1]
        session = replace(session, undo=session.undo[:-1], rounds=session.rounds[: point.rounds])
        boxes = dict(point.boxes)
        before = replace(call, session=session, values={**call.values, **boxes})
        return {
            "copy": point.copy,
            **boxes,
            **self._reviewed(before, point.copy),
            "rounds": render.rounds(session.rounds, call.language),
            **_ended(call, session, Ended(Message("ui.status.undone"))),
        }

    def rounds(self, call: Call) -> Updates:
        """Take the history as the user left it; a round one of whose cells he emptied is taken out."""
        rows = [(str(row[0] or "").strip(), str(row[1] or "").strip()) for row in _pairs(call.values["rounds"])]
        shown = [(wish.strip(), copy.text.strip()) for wish, copy in call.session.rounds]
        if rows in [shown[:end] or [("", "")] for end in range(len(shown))]:
            # gradio 4.44 sends the table as it was before a round when it is given the table with it; a user can take
            # no row out, only empty its cells.
            return {"session": call.session, "rounds": render.rounds(call.session.rounds, call.language)}
        session = call.session.with_rounds([(w, split_copy(c)) if w and c else None for w, c in rows])
        if len(session.rounds) >= len(call.session.rounds):
            # Shown as it is: a new row, of which one cell is written, waits for the other.
            return {"session": session}
        return {"session": session, "rounds": render.rounds(session.rounds, call.language)}

    def forget(self, call: Call) -> Updates:
        """Empty the history; the copy stays."""
        return {"session": call.session.with_rounds(()), "rounds": render.rounds((), call.language)}

    def clear(self, call: Call) -> Updates:
        """Empty what this browser tab made; Undo brings it back. Files on disk stay."""
        texts = tuple((name, call.values[name] or "") for name in _CLEARED_TEXTS)
        if call.session.is_empty and not any(text for _, text in texts):
            return _ended(call, call.session, Ended(Message("ui.status.nothing_to_clear"), "nothing"))
        kept = replace(call.session, cleared=None)
        session = Session(call.session.key, cleared=Cleared(kept, texts))
        return {
            "gallery": [],
            "rounds": render.rounds((), call.language),
            **dict.fromkeys((*_CLEARED, *_CLEARED_TEXTS), ""),
            **_ended(call, session, Ended(Message("ui.status.cleared"))),
        }

    def _bring_back(self, call: Call, cleared: Cleared) -> Updates:
        session, texts = cleared.session, dict(cleared.texts)
        shown = self.shown(replace(call, session=session), texts["copy"])
        return {**shown, **texts, **_ended(call, session, Ended(Message("ui.status.undone")))}

    def shown(self, call: Call, text: str) -> Updates:
        """Return all that shows the session, with `text` in the copy box: after Undo, a reload, a new language."""
        session = call.session
        platform = session.platform or call.values["platform"]
        updates: Updates = {
            "session": session,
            "compared": self._compared(session, call.language),
            "rounds": render.rounds(session.rounds, call.language),
            "candidates": copy_view.candidates(session.candidates, text, platform, call.language),
            **self._reviewed(call, text),
        }
        if session.derived:
            updates["notes"] = render.notes(session.derived.notes, call.language)
        if session.pictures or session.posters:
            updates |= gallery_shown(self._studio, session, call.language)
        return updates

    def _compared(self, session: Session, language: str) -> str:
        found = session.candidates
        pair = [(number, found[number]) for number in session.compared if number < len(found)]
        return copy_view.compared(pair, session.platform or "xiaohongshu", language)

    def candidate(self, call: Call, copy: Copy) -> Candidate | None:
        """Return a copy out of a file with its review; None where the brief says nothing to measure it by."""
        try:
            brief = self._studio.parse(call.values["brief"] or "", **brief_settings(call.values))
        except AdCopyError:
            return None
        return Candidate(copy, review_copy(brief, copy))

    def _reviewed(self, call: Call, text: str) -> Updates:
        copy = split_copy(text)
        updates: Updates = {"review": "", "copying": copy_view.copying(copy, call.language) if text.strip() else ""}
        if not (call.values["brief"] or "").strip() or not text.strip():
            return updates
        try:
            brief = self._studio.parse(call.values["brief"], **brief_settings(call.values))
        except AdCopyError:
            # The brief is being typed; pressing a button will say what is wrong with it.
            return updates
        # As the rounds of revision want it: what one took out is not missing, and its platform's limits hold.
        brief = after_rounds(brief, call.session.rounds, "")
        return copy_shown(Candidate(copy, review_copy(brief, copy)), brief.platform, call.language)


def _ended(call: Call, session: Session, ended: Ended) -> Updates:
    """Return the status line of a quick event, kept for a change of language."""
    text = ended.message.text(call.language)
    return {"session": replace(session, ended=ended), "status": render.status(text, kind=ended.kind)}


def _pairs(rows: Any) -> list[Any]:
    """Return the rows of the history's table that have its two columns."""
    return [row for row in rows or () if isinstance(row, (list, tuple)) and len(row) >= 2][:_ROWS_READ]
