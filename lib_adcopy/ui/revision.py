"""Shows what comes of a wish: the copy changed, with the boxes it speaks of, or one sentence why it was not
followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib_adcopy.copywriting.fact_edits import with_fact
from lib_adcopy.copywriting.instructions import after_rounds, apply_instruction
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.i18n import Message, translate
from lib_adcopy.ui import render
from lib_adcopy.ui.session import Ended, Updates
from lib_adcopy.ui.step_view import candidates_shown

if TYPE_CHECKING:
    from lib_adcopy.ui.step_view import StepView

_ENGLISH = re.compile(r"英文|英语|\bEnglish\b", re.IGNORECASE)
# Of a text in English, the share of its letters that are Latin is at least this.
_LATIN_SHARE = 0.6


@dataclass(frozen=True)
class Revision:
    """Shows a revised copy. `brief` is the one in the boxes, `wish` what was asked."""

    brief: Brief
    wish: str

    def __call__(self, view: StepView, found: tuple[Candidate, ...]) -> Updates:
        """Return the updates of a revised copy; of one that is the same as before, the sentence that says so."""
        call, copy = view.call, found[0].copy
        before = call.values["copy"]
        if copy.text == before:
            unchanged = Message("ui.status.unchanged", {"wish": self.wish[:40]})
            view.ended = Ended(next(_not_followed(self.wish, before, copy), unchanged), "nothing")
            return {"copy": before}
        wanted = after_rounds(self.brief, call.session.rounds, self.wish)
        boxes = self._boxes(wanted, view.call.values)
        old = tuple((name, str(call.values[name] or "")) for name in boxes)
        session = view.session.with_undo_point(before, old).with_candidates(found, wanted.platform)
        view.session = session.after_round(self.wish, copy)
        ignored = list(_not_followed(self.wish, before, copy))
        if view.ended.kind == "done":
            view.ended = Ended(ignored[0], "nothing") if ignored else Ended(Message("ui.status.revised"))
        return {
            "compared": "",
            "copy": copy.text,
            "rounds": render.rounds(view.session.rounds, call.language),
            # Used up, for the next wish.
            "wish": "",
            **boxes,
            **candidates_shown(view.session, found[0], call.language),
        }

    def _boxes(self, wanted: Brief, values: Any) -> dict[str, str]:
        """Return the boxes that the wish speaks of beside the copy: the platform, and facts that the seller added."""
        boxes = {}
        if wanted.platform != self.brief.platform:
            boxes["platform"] = wanted.platform
        text = values["brief"] or ""
        known = {(fact.kind, fact.text) for fact in self.brief.facts}
        for fact in _asked(self.wish).facts:
            label = translate(f"ui.facts.{fact.kind}", "zh" if self.brief.language == "zh" else "en")
            value = fact.text.removeprefix(label).lstrip(":： ")
            if (fact.kind, fact.text) not in known and value and value not in text:
                text = boxes["brief"] = with_fact(text, label, value)
        return boxes


def _asked(wish: str) -> Brief:
    """Return what the wish alone asks for."""
    return apply_instruction(Brief(""), wish)


def _not_followed(wish: str, before: str, copy: Copy) -> Iterator[Message]:
    """Yield what was asked and can be seen not to have happened."""
    asked = _asked(wish)
    if asked.length == "short" and len(copy.text) >= len(before):
        yield Message("ui.status.not_shorter")
    if asked.length == "long" and len(copy.text) <= len(before):
        yield Message("ui.status.not_longer")
    for word in asked.avoid_words:
        if word in copy.text:
            yield Message("ui.status.still_says", {"word": word})
    for fact in asked.facts:
        digits = "".join(re.findall(r"\d+", fact.text))
        if fact.text not in copy.text and not (digits and digits in copy.text):
            yield Message("ui.status.does_not_say", {"word": fact.text})
    if _ENGLISH.search(wish) and _latin_share(copy.text) < _LATIN_SHARE:
        yield Message("ui.status.not_english")


def _latin_share(text: str) -> float:
    letters = [character for character in text if character.isalpha()]
    return sum(character.isascii() for character in letters) / len(letters) if letters else 1.0

