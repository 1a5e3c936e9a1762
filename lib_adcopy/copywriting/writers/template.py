"""The writer that always answers: phrases chosen by seed that say every attribute of the brief once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lib_adcopy.copywriting.answers import without_bans
from lib_adcopy.copywriting.instructions import after_rounds, held_to_wishes
from lib_adcopy.copywriting.platforms import fit
from lib_adcopy.copywriting.writers.editing import edited
from lib_adcopy.copywriting.writers.parts import Parts
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy, Draft
from lib_adcopy.domain.writing import Sampling


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
        for draft in self._drafts(after_rounds(brief, history, instruction), 0, seed, stop):
            held = held_to_wishes(draft.copy, chosen, history, instruction) if draft.done else draft.copy
            yield replace(draft, copy=held)

    def _drafts(self, brief: Brief, index: int, seed: int, stop: threading.Event) -> Iterator[Draft]:
        parts = Parts(brief, seed)
        copy = Copy(title=parts.title(), body="", writer=self.id, seed=seed)
        for sentence in parts.sentences():
            if stop.is_set():
                break
            space = " " if brief.language == "en" and copy.body else ""
            copy = fit(replace(copy, body=copy.body + space + sentence), brief.platform)
            yield Draft(index, copy)
        # What is lawful word by word may be a claim together.
        whole = without_bans(replace(copy, hashtags=parts.hashtags()))
        yield Draft(index, fit(whole, brief.platform), done=True)
