"""Chinese clauses joined to sentences, lists and what is said of the price."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lib_adcopy.copywriting.composition.chinese import ChineseClauses, is_number, merged, stopped
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.grouping import banded, by_sentence, clustered, is_written_text
from lib_adcopy.copywriting.composition.plan import Plan, Unit

# Longest sentence, in characters.
_ROOM = 42
# So many sentences of the seller's can be told in another order.
_MANY = 4
_CONDITION = re.compile(r"除外|提前|[限仅满不别另退截涨]|押金|定金|加收|[要再]加|预售|[（(]")
# The most clauses a sentence joins; a literary or premium text takes its time.
_MOST = {"literary": 2, "premium": 2}


class ChineseText:
    """Words the statements of one copy; `aside` and `benefit` add to a statement what the tone and the feature give."""

    def __init__(
        self,
        plan: Plan,
        register: str,
        chooser: Chooser,
        aside: Callable[[Unit], str],
        benefit: Callable[[Unit], str],
    ) -> None:
        self._tone, self._chooser, self._aside, self._benefit = plan.brief.tone, chooser, aside, benefit
        self._written = is_written_text(plan.units)
        self._clauses = ChineseClauses(plan, register, chooser)
        self._most = _MOST.get(self._tone, 3)

    def clause(self, unit: Unit) -> str:
        return self._clauses.clause(unit)

    def row(self, unit: Unit) -> tuple[str, str]:
        return self._clauses.row(unit)

    def sentences(self, units: Sequence[Unit], turn: int = 0) -> list[str]:
        """Return the statements as sentences; `turn` says which part of a brief of keywords is told first."""
        if self._written:
            groups = by_sentence(units)
            if turn % 3 == 2 and len(groups) >= _MANY:
                # The third copy begins elsewhere in the seller's text.
                groups = [*groups[len(groups) // 2 :], *groups[: len(groups) // 2]]
        else:
            bands = banded(units, written=False)
            turn = turn % len(bands) if bands else 0
            groups = [cluster for band in bands[turn:] + bands[:turn] for cluster in clustered(band, written=False)]
        made: list[str] = []
        explained = False
        for group in groups:
            for clauses, told in self._chunked(group):
                text = "，".join(clauses)
                joins = made and not explained and not told and self._joins(made[-1], text, clauses)
                if joins:
                    made[-1] = f"{made[-1][:-1]}，{text}。"
                else:
                    made.append(self._with_aside(stopped(text), group[0]))
                explained = told
        return self._toned(made)

    def _chunked(self, group: Sequence[Unit]) -> list[tuple[list[str], bool]]:
        """(clauses, whether one is followed by what it means) of each sentence that a group takes."""
        chunks: list[tuple[list[str], bool]] = []
        for unit in group:
            clause, benefit = self.clause(unit), self._benefit(unit)
            before = chunks[-1] if chunks else None
            labelled = "：" in clause
            if before is None or before[1] or benefit or labelled or not self._fits(before[0], clause):
                chunks.append(([clause, benefit] if benefit else [clause], bool(benefit) or labelled))
            else:
                before[0].append(clause)
        return [(merged(clauses), told) for clauses, told in chunks]

    def _fits(self, clauses: Sequence[str], clause: str) -> bool:
        ends = re.search(r"[。！？]$", clauses[-1])
        return len("，".join([*clauses, clause])) <= _ROOM and len(clauses) < self._most and not ends

    def _joins(self, before: str, text: str, clauses: Sequence[str]) -> bool:
        """Tell whether a short sentence is better told with the one before it."""
        small = len(text) < 9 or len(before) < 9 or is_number(clauses[0])
        room = 30 if before.count("，") < self._most else 0
        return before.endswith("。") and small and "：" not in before + text and len(before) + len(text) <= room

    def _with_aside(self, sentence: str, unit: Unit) -> str:
        # No joke stands behind a warning or a condition.
        aside = "" if _CONDITION.search(sentence) else self._aside(unit)
        return sentence[:-1] + aside + sentence[-1] if aside and not sentence[:-1].endswith("）") else sentence

    def _toned(self, sentences: list[str]) -> list[str]:
        """Return a lively text ends every other sentence in ～ or ！."""
        if self._tone != "lively":
            return sentences
        marks = "～！" if self._chooser.number("lively", 2) else "！～"
        return [
            sentence[:-1] + marks[at // 2 % 2] if at % 2 == 0 and sentence.endswith("。") else sentence
            for at, sentence in enumerate(sentences)
        ]

    def explained(self, unit: Unit, text: str) -> str:
        """Return what is said of a statement, and what it means to the buyer where this copy tells that."""
        benefit = self._benefit(unit)
        return f"{text}，{benefit}" if benefit else text

    def plain_sentences(self, units: Sequence[Unit]) -> list[str]:
        """Return the statements as they are, those of one sentence of the brief together."""
        made: list[str] = []
        for group in by_sentence(units):
            chunk: list[str] = []
            named = ""
            for unit in group:
                # A label stands before the first of its statements.
                again = unit.has_own_label and unit.label == named
                named = unit.label
                clause = unit.text if again else self.clause(unit)
                if chunk and (len("，".join([*chunk, clause])) > _ROOM or re.search(r"[。！？]$", chunk[-1])):
                    made.append(stopped("，".join(chunk)))
                    chunk = []
                chunk.append(clause)
            made.append(stopped("，".join(chunk)))
        return made

    def deal(self, units: Sequence[Unit]) -> list[str]:
        """Price and offers in the seller's order, those of one line or sentence together."""
        if not units:
            return []
        groups = by_sentence(units)
        texts = ["，".join(self.clause(unit) for unit in group) for group in groups]
        made: list[str] = []
        for text in texts:
            if made and len(made[-1]) + len(text) <= _ROOM and made[-1].endswith("。"):
                made[-1] = f"{made[-1][:-1]}，{text}。"
            else:
                made.append(stopped(text))
        return [*made[:-1], self._with_aside(made[-1], units[0])]

    def listed(self, texts: Sequence[str]) -> str:
        """Clauses of one kind as one item of a list."""
        told = merged(list(texts))
        return ("；" if any("，" in text for text in told) and len(told) > 1 else "，").join(told)

    def stopped(self, text: str) -> str:
        return stopped(text)
