"""The writer that always answers: composes the brief's facts into a copy for its platform, without a model."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from lib_adcopy.copywriting.composition.composer import Composer
from lib_adcopy.copywriting.finishing import finish
from lib_adcopy.copywriting.instructions import after_rounds, check_can_follow, held_to_wishes, names_a_change
from lib_adcopy.copywriting.writers.editing import edited
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy, Draft
from lib_adcopy.domain.writing import Sampling

# Seeds tried for a text that was not told yet: a few facts are said in a few ways only.
_TRIES = 8


class TemplateWriter:
    """Needs no model and no network. Candidate i of a call is the one that its own seed makes alone."""

    id = "template"

    def write(
        self, brief: Brief, *, count: int, seed: int, sampling: Sampling, stop: threading.Event
    ) -> Iterator[Draft]:
        for index in range(count):
            if stop.is_set():
                return
            yield from self._drafts(brief, index, seed + index, stop)

    def revise(
        self,
        brief: Brief,
        chosen: Copy,
        instruction: str,
        history: Sequence[tuple[str, Copy]],
        *,
        seed: int,
        sampling: Sampling,
        stop: threading.Event,
    ) -> Iterator[Draft]:
        if mended := edited(brief, chosen, instruction, history, seed):
            yield Draft(0, mended, done=True)
            return
        before, wanted = after_rounds(brief, history, ""), after_rounds(brief, history, instruction)
        check_can_follow(before, instruction)
        if not names_a_change(before, instruction):
            seed = _seed_of_another(wanted, seed, {chosen.body, *(copy.body for _, copy in history)})
        for draft in self._drafts(wanted, 0, seed, stop):
            held = held_to_wishes(draft.copy, chosen, history, instruction) if draft.done else draft.copy
            yield replace(draft, copy=held)

    def _drafts(self, brief: Brief, index: int, seed: int, stop: threading.Event) -> Iterator[Draft]:
        composer = Composer(brief, seed)
        copy = Copy(title=composer.title(), body="", writer=self.id, seed=seed)
        for paragraph in composer.paragraphs():
            if stop.is_set():
                break
            glue = composer.glue if copy.body else ""
            copy = replace(copy, body=copy.body + glue + paragraph)
            yield Draft(index, copy)
        yield Draft(index, finish(replace(copy, hashtags=composer.hashtags()), brief), done=True)


def _seed_of_another(brief: Brief, seed: int, told: Collection[str]) -> int:
    """Return the first seed from `seed` on whose text was not told yet; `seed` where so many say the same."""
    return next((one for one in range(seed, seed + _TRIES) if composed(brief, one).body not in told), seed)


def composed(brief: Brief, seed: int) -> Copy:
    """Return the finished copy of one seed."""
    drafts = TemplateWriter().write(brief, count=1, seed=seed, sampling=Sampling(), stop=threading.Event())
    return list(drafts)[-1].copy
