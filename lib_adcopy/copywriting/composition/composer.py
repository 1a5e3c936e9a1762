"""One copy composed of the brief's statements: data/copy/structures.json says which parts in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from lib_adcopy.copywriting.answers import lawful_brief
from lib_adcopy.copywriting.composition import keywords, titles
from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.body import Body
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.grouping import by_sentence, is_written_text
from lib_adcopy.copywriting.composition.leading import Lead, find_lead, strength
from lib_adcopy.copywriting.composition.plan import PRODUCT_ROLES, Plan, Unit, make_plan
from lib_adcopy.copywriting.composition.voice import Voice
from lib_adcopy.copywriting.platforms import allowed, platforms
from lib_adcopy.domain.brief import Brief

# How much of what is too long is left out at once.
_SHARE = 0.8
# What a text without room does without, in this order, before it leaves out what is told of the product.
_DISPENSABLE = ("opener", "guide", "recap", "closing", "greet")


class Composer:
    """Composes one copy; the same brief and seed give the same text."""

    def __init__(self, brief: Brief, seed: int) -> None:
        self._brief = brief = lawful_brief(brief)
        self._rules: dict[str, Any] = load_copy_data("structures.json")[brief.platform]
        self._form: dict[str, Any] = self._rules["forms"][seed % len(self._rules["forms"])]
        self._seed = seed
        self._begin(make_plan(brief))

    def _begin(self, plan: Plan) -> None:
        """Choose hook and title for the plan's statements."""
        self._plan = plan
        self._chooser = Chooser(f"{self._brief.platform} {self._brief.text}", self._seed)
        self._voice = Voice(plan, self._chooser)
        self._body = Body(plan, self._rules["register"], self._voice, self._chooser, self._seed)
        # A title never warns; an opening below one may.
        wanted = [one for one in self._form["angles"] if self._rules["title"] != "hook" or one != "caveat"]
        self._lead: Lead = find_lead(plan, self._voice.angles(wanted), self._body.clause, self._seed)
        self._title = self._make_title()

    def title(self) -> str:
        return self._title

    def hashtags(self) -> tuple[str, ...]:
        most = min(self._rules["tags"], platforms()[self._brief.platform].hashtags[1])
        return titles.hashtags(self._plan, self._chooser, most)

    @property
    def glue(self) -> str:
        """Return what stands between two paragraphs."""
        glue: str = self._rules["glue"]
        return glue

    def paragraphs(self) -> Iterator[str]:
        """Yield the body's paragraphs in order; where the platform has no room, what sells least goes first."""
        written = self._write()
        while (excess := self._excess(written)) > 0 and (weakest := self._weakest(excess)):
            title = self._title
            kept = tuple(unit for unit in self._plan.units if not any(unit is one for one in weakest))
            self._begin(replace(self._plan, units=kept))
            # What was shown as the title stays.
            self._title = title
            written = self._write()
        # A brief of a name alone has nothing else to say.
        named = f"{self._plan.spoken}{'。' if self._plan.is_zh else '.'}"
        yield from (written or [named])

    def _write(self) -> list[str]:
        """Return the paragraphs, without what says no fact where there is no room for it."""
        length = self._brief.length
        left_out = {"short": ("+", "*"), "medium": ("*",), "long": ()}[length]
        parts = [part.rstrip("+*") for part in self._form["parts"] if not part.endswith(left_out)]
        written = self._body.write(parts, self._lead, rule=self._rules["title"], title=self._title)
        for name in ("", *_DISPENSABLE):
            written = [(part, text) for part, text in written if part != name]
            if self._excess([text for _, text in written]) <= 0:
                break
        return [text for _, text in written]

    def _excess(self, written: Sequence[str]) -> int:
        """Return how many characters the body has above the platform's limit."""
        text = self.glue.join(written)
        return len(text) - allowed(text, platforms()[self._brief.platform].body)

    def _weakest(self, excess: int) -> list[Unit]:
        """Return what is missed least, of about so many characters: never the price, the offer, where to get it.

        Of a text of sentences whole ones, so that none loses its beginning.
        """
        units = [unit for unit in self._plan.units if unit.role in PRODUCT_ROLES]
        units = units or [unit for unit in self._plan.units if unit.role in ("voice", "caveat", "service")]
        others = [unit for unit in units if not any(unit is one for one in self._lead.said)] or units
        written = is_written_text(self._plan.units)
        groups = by_sentence(others) if written else [[unit] for unit in others]
        weak: list[Unit] = []
        for group in sorted(groups, key=lambda them: max(self._strength(unit) for unit in them)):
            weak += group
            # Most of the excess: what is left over is found by the next round.
            if sum(len(unit.text) + 1 for unit in weak) >= _SHARE * excess:
                break
        return weak

    def _strength(self, unit: Unit) -> float:
        return strength(unit, self._body.clause(unit), self._plan)

    def additions(self, news: Brief) -> str:
        """Sentences to put after a text that exists: what `news`, a brief of what is asked for newly, has."""
        asked = make_plan(news)
        said = self._body.additions(asked)
        said += [self._voice.stressed(text) for text in self._body.texts_of(news.stress)]
        if news.length == "long" or news.tone != "natural":
            said.append(self._voice.opener() or self._voice.closing() or self._body.reader_question())
        return ("" if self._plan.is_zh else " ").join(filter(None, said))

    def _make_title(self) -> str:
        rule, limit = self._rules["title"], platforms()[self._brief.platform].title
        if rule in ("keywords", "specs"):
            make = keywords.keyword_title if rule == "keywords" else keywords.spec_title
            return make(self._plan, self._chooser, limit)
        room = limit if self._plan.is_zh else 2 * limit
        if rule == "name":
            return titles.name_title(self._plan, self._voice, self._lead, self._seed, limit)
        if rule == "hook":
            return self._body.hook(self._lead, room)
        return titles.framed_title(self._plan, self._voice, rule, self._lead, room)
