"""One copy composed of the brief's statements: data/copy/structures.json says which parts in which order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lib_adcopy.copywriting.answers import lawful_brief
from lib_adcopy.copywriting.composition import titles
from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.body import Body
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.leading import Lead, find_lead
from lib_adcopy.copywriting.composition.plan import make_plan
from lib_adcopy.copywriting.composition.scenes import says_little
from lib_adcopy.copywriting.composition.voice import Voice
from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.domain.brief import Brief

# What a text without room does without, in this order.
_DISPENSABLE = ("opener", "closing")


class Composer:
    """Composes one copy; the same brief and seed give the same text."""

    def __init__(self, brief: Brief, seed: int) -> None:
        self._brief = brief = lawful_brief(brief)
        self._rules: dict[str, Any] = load_copy_data("structures.json")[brief.platform]
        self._form: dict[str, Any] = self._rules["forms"][seed % len(self._rules["forms"])]
        self._plan, self._seed = make_plan(brief), seed
        self._chooser = Chooser(f"{brief.platform} {brief.text}", seed)
        self._voice = Voice(self._plan, self._chooser)
        self._body = Body(self._plan, self._rules["register"], self._voice, self._chooser, seed)
        self._lead: Lead = find_lead(self._plan, self._voice.angles(self._form["angles"]), self._body.clause, seed)
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
        """Yield the body's paragraphs in order; where the platform has no room, what says no fact goes first."""
        parts = [part.rstrip("+") for part in self._form["parts"] if not (part.endswith("+") and self._is_short)]
        at = next(index for index, part in enumerate(parts) if part.startswith("body:"))
        # Where the seller says little, a scene stands before what he says of the product; shops have it in prose alone.
        shop = self._brief.platform == "jd" or (self._brief.platform == "taobao" and "prose" not in parts[at])
        if says_little(self._plan) and "opener" not in parts and not shop:
            parts.insert(at, "opener")
        written = self._body.write(parts, self._lead, hook_is_title=self._rules["title"] == "hook")
        limit = platforms()[self._brief.platform].body * (1 if self._plan.is_zh else 2)
        for name in ("", *_DISPENSABLE):
            written = [(part, text) for part, text in written if part != name]
            if len(self.glue.join(text for _, text in written)) <= limit:
                break
        # A brief of a name alone has nothing else to say.
        named = f"{self._plan.spoken}{'。' if self._plan.is_zh else '.'}"
        yield from ([text for _, text in written] or [named])

    def additions(self, news: Brief) -> str:
        """Sentences to put after a text that exists: what `news`, a brief of what is asked for newly, has."""
        asked = make_plan(news)
        said = self._body.additions(asked)
        said += [self._voice.stressed(text) for text in self._body.texts_of(news.stress)]
        if news.length == "long" or news.tone != "natural":
            said.append(self._voice.opener() or self._voice.closing() or self._body.reader_question())
        return ("" if self._plan.is_zh else " ").join(filter(None, said))

    @property
    def _is_short(self) -> bool:
        return self._brief.length == "short"

    def _make_title(self) -> str:
        rule, limit = self._rules["title"], platforms()[self._brief.platform].title
        if rule in ("keywords", "specs"):
            make = titles.keyword_title if rule == "keywords" else titles.spec_title
            return make(self._plan, self._chooser, limit)
        room = limit if self._plan.is_zh else 2 * limit
        if rule == "name":
            return titles.name_title(self._plan, self._lead, self._seed, limit)
        if rule == "hook":
            return self._body.hook(self._lead, room)
        return titles.framed_title(self._plan, self._voice, rule, self._lead, room)
