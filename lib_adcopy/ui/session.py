"""Holds what one browser tab has made so far, and one press in it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.domain.layout import LayoutChoice
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.i18n import Message
from lib_adcopy.storage.ownership import LOCAL, Requester
from lib_adcopy.ui.kept_pictures import KeptPicture

_UNDO_KEPT = 20
_ROUNDS_KEPT = 20
_POSTERS_KEPT = 12
Values = Mapping[str, Any]
Updates = dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """The last press's end: its sentence, and done, stopped, nothing or error."""

    message: Message
    kind: str = "done"


@dataclass(frozen=True)
class UndoPoint:
    """The copy as it was, how many rounds there were then, and the boxes that a revision changed beside it."""

    copy: str
    rounds: int = 0
    boxes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Cleared:
    """All that Clear took: the session, and the texts that stood in their boxes."""

    session: Session
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Session:
    """`rounds` are revisions (wish, what came of it); `posters` are shown behind `pictures` in the gallery; `derived`
    is the prompt as it came into its boxes. `undo` is what the copy was before. `composed` counts the posters made from
    `pictures`, of which only the latest are kept.

    `slots` are the texts of the creative shown, `slot_edits` those set by hand, `checks` what was checked on it and
    `mendable` which of that can be mended; `layouts_set` are the layout settings of the latest creatives, to undo to.
    `platform` is the one the candidates were measured by, `compared` the two that are shown side by side, `ended` how
    the last press ended, `cleared` what Undo brings back after Clear.

    `key` tells one browser tab from the others: gradio 3.41 does not say in the request which one calls.
    """

    key: str = ""
    candidates: tuple[Candidate, ...] = ()
    rounds: tuple[tuple[str, Copy], ...] = ()
    pictures: tuple[KeptPicture, ...] = ()
    posters: tuple[KeptPicture, ...] = ()
    composed: int = 0
    generation_info: str = ""
    undo: tuple[UndoPoint, ...] = ()
    derived: Prompt | None = None
    edited_fact: tuple[int, int, str] | None = None
    slots: tuple[tuple[str, str], ...] = ()
    slot_edits: tuple[tuple[str, str], ...] = ()
    layouts_set: tuple[LayoutChoice, ...] = ()
    checks: tuple[tuple[str, Message], ...] = ()
    mendable: tuple[str, ...] = ()
    platform: str = ""
    compared: tuple[int, ...] = ()
    ended: Ended | None = None
    cleared: Cleared | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Session:
        """Give each browser tab a key of its own: gradio copies the first value for every one."""
        return self if self.key else Session(key=uuid.uuid4().hex)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was made yet."""
        return not (self.candidates or self.pictures or self.posters or self.rounds or self.derived)

    def with_candidates(self, candidates: tuple[Candidate, ...], platform: str) -> Session:
        """Return the session with new candidates; what was set by hand on the creative of another copy goes."""
        return replace(self, candidates=candidates, platform=platform, slot_edits=(), compared=(), cleared=None)

    def with_drawn(self, pictures: tuple[KeptPicture, ...], generation_info: str) -> Session:
        drawn = replace(self, pictures=pictures, generation_info=generation_info, cleared=None)
        return replace(drawn, posters=(), composed=0, layouts_set=())

    def with_poster(self, poster: KeptPicture) -> Session:
        return replace(self, posters=(*self.posters, poster)[-_POSTERS_KEPT:], composed=self.composed + 1)

    def with_layout_set(self, layout: LayoutChoice) -> Session:
        """Return the session with the layout settings a creative is made with, unless they are the latest already."""
        if self.layouts_set and self.layouts_set[-1] == layout:
            return self
        return replace(self, layouts_set=(*self.layouts_set, layout)[-_UNDO_KEPT:])

    def with_slot_edits(self, values: Values) -> Session:
        """Return the session with the slots whose boxes no longer hold what the creative shows."""
        shown = dict(self.slots)
        changed = {
            name: (values.get(f"slot_{name}") or "").strip()
            for name, text in shown.items()
            if (values.get(f"slot_{name}") or "").strip() != text
        }
        return replace(self, slot_edits=tuple({**dict(self.slot_edits), **changed}.items()))

    def with_undo_point(self, copy: str, boxes: Sequence[tuple[str, str]] = ()) -> Session:
        """Return the session with `copy` on the undo stack, unless it is empty or on top already."""
        if not copy.strip() or (self.undo and self.undo[-1].copy == copy):
            return self
        return replace(self, undo=(*self.undo, UndoPoint(copy, len(self.rounds), tuple(boxes)))[-_UNDO_KEPT:])

    def after_round(self, wish: str, copy: Copy) -> Session:
        """Return the session with one more revision, and the oldest gone where there are too many to show."""
        rounds = (*self.rounds, (wish, copy))
        gone = max(0, len(rounds) - _ROUNDS_KEPT)
        undo = tuple(replace(point, rounds=max(0, point.rounds - gone)) for point in self.undo)
        return replace(self, rounds=rounds[gone:], undo=undo)

    def with_rounds(self, rows: Sequence[tuple[str, Copy] | None]) -> Session:
        """With the history as it was edited, None where a round was taken out; undoing goes on from what is left."""
        undo = tuple(
            replace(point, rounds=sum(row is not None for row in rows[: point.rounds])) for point in self.undo
        )
        return replace(self, rounds=tuple(row for row in rows if row is not None), undo=undo)


@dataclass(frozen=True)
class Call:
    """One click: the session it belongs to, the values of the boxes it needs, and who clicked.

    `session_id` tells browser tabs apart, `user` is the name he signed in under, "" where nobody signs in. `is_shared`
    says that others than the machine's owner may be asking; `requester` is whose styles and trainings he may change.
    """

    session: Session
    language: str
    values: Values
    session_id: str = ""
    user: str = ""
    is_shared: bool = False
    requester: Requester = LOCAL


def pressed(text: str) -> Any:
    """Return what the page's script wrote into a hidden box.

    The button's JSON, and on a second line which press it was.
    """
    return json.loads(text.rpartition("\n")[0])
