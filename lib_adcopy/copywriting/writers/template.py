"""The writer that always answers: phrases chosen by seed that say every attribute of the brief once."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lib_adcopy.copywriting.brief import Brief, product_noun
from lib_adcopy.copywriting.copy import Copy, Draft
from lib_adcopy.copywriting.instructions import apply_instruction
from lib_adcopy.copywriting.platforms import fit, platforms
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.copywriting.writers.phrases import (
    clauses,
    closings,
    expand,
    for_category,
    joined,
    kind_of,
    mood,
    phrases,
    shown,
)

# What is spoken of first: how it looks on the whole, then the fabric, then the details; what it is, last.
_ORDER = ("风格", "版型", "颜色", "图案", "材质", "形", "长", "领", "袖", "腰", "款式", "门襟", "下摆", "裤口", "*", "类型")
_SHOPS = ("taobao", "jd")
# A product page has no comments to chat in and nothing to bookmark.
_SOCIAL = ("评论区", "收藏", "留言")
_TRIES = 20


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
        for earlier, _ in history:
            brief = apply_instruction(brief, earlier)
        yield from self._drafts(apply_instruction(brief, instruction), 0, seed, stop)

    def _drafts(self, brief: Brief, index: int, seed: int, stop: threading.Event) -> Iterator[Draft]:
        parts = _Parts(brief, random.Random(seed))
        copy = Copy(title=parts.title(), body="", writer=self.id, seed=seed)
        for sentence in parts.sentences():
            if stop.is_set():
                break
            space = " " if brief.language == "en" and copy.body else ""
            copy = fit(replace(copy, body=copy.body + space + sentence), brief.platform)
            yield Draft(index, copy)
        yield Draft(index, fit(replace(copy, hashtags=parts.hashtags()), brief.platform), done=True)


def title_and_hashtags(brief: Brief, seed: int) -> tuple[str, tuple[str, ...]]:
    """What a text without them is posted under."""
    parts = _Parts(brief, random.Random(seed))
    return parts.title(), parts.hashtags()


class _Parts:
    """The pieces of one copy, all chosen by one source of chance."""

    def __init__(self, brief: Brief, chance: random.Random) -> None:
        self._brief = brief
        self._chance = chance
        self._used: set[str] = set()
        self._noun = shown("", brief.product)

    def title(self) -> str:
        brief = self._brief
        emoji = self._chance.choice(for_category("emoji", brief.category, brief.language))
        ending = emoji if platforms()[brief.platform].emoji else ""
        limit = platforms()[brief.platform].title * (1 if brief.language == "zh" else 2) - len(ending)
        choices = for_category("titles", brief.category, brief.language)
        titles = [self._fill(expand(choice, self._chance)) for choice in choices]
        fitting = [title for title in titles if len(title) <= limit and not self._avoided(title)]
        # A product whose very name leaves no room for a phrase is its own title.
        return (self._chance.choice(fitting) if fitting else self._named()[:limit]) + ending

    def hashtags(self) -> tuple[str, ...]:
        brief = self._brief
        most = platforms()[brief.platform].hashtags[1]
        general = for_category("hashtags", brief.category, brief.language)
        kind = next((product_noun(*pair) for pair in brief.attributes if pair[0] == "类型"), "")
        wanted = [*brief.brand_words, self._noun, kind, *self._chance.sample(general, min(len(general), 3))]
        tags = (tag.replace(" ", "") for tag in wanted if not self._avoided(tag))
        return tuple(dict.fromkeys(tag for tag in tags if tag))[:most]

    def sentences(self) -> Iterator[str]:
        brief = self._brief
        yield self._say(for_category("openings", brief.category, brief.language))
        yield from self._facts()
        if brief.audience:
            yield self._say(phrases(brief.language)["audience"], brief.audience)
        scenes = for_category("scenes", brief.category, brief.language)
        for _ in range({"short": 0, "medium": 1, "long": 3}[brief.length]):
            yield self._say(scenes)
        if brief.length != "short" or brief.tone != "natural":
            yield self._say(closings(brief.category, brief.tone, brief.language))

    def _facts(self) -> Iterator[str]:
        groups = self._groups()
        short = [kind for kind in groups if kind not in ("风格", "版型", "类型")]
        if self._brief.length == "short" and len(short) > 1:
            listed = [shown(*pair) for kind in short for pair in groups.pop(kind)]
            groups["*"] = [("", joined("", listed))]
        for kind in sorted(groups, key=lambda kind: (kind not in self._brief.stress, _ORDER.index(kind))):
            value = joined(kind, [shown(*pair) for pair in groups[kind]])
            listing = kind == "*" and self._brief.length == "short"
            choices = phrases("zh")["lists"] if listing else clauses(kind, groups[kind], self._chance)
            yield self._say(choices, value)
            if kind in self._brief.stress:
                yield self._say(phrases("zh")["stress"], value)
        for point in self._brief.points:
            if point != self._brief.product and not self._avoided(point):
                yield self._say(phrases(self._brief.language)["points"], point)

    def _groups(self) -> dict[str, list[tuple[str, str]]]:
        """The attributes by kind, without what is avoided, what naming the product says, and what was said once."""
        groups: dict[str, list[tuple[str, str]]] = {}
        said = [self._noun]
        pairs = sorted(self._brief.attributes, key=lambda pair: (pair[0] == "类型", _ORDER.index(kind_of(pair[0]))))
        for name, value in pairs:
            word = product_noun(name, value) if name == "类型" else shown(name, value)
            if self._avoided(value) or any(word in other for other in said):
                continue
            if name == "类型" and value in "".join(said):
                continue
            said.append(word)
            groups.setdefault(kind_of(name), []).append((name, word))
        return groups

    def _say(self, choices: list[str], value: str = "") -> str:
        """A phrase not used yet, without a word to avoid; the product alone where every try holds one."""
        if self._brief.platform in _SHOPS:
            choices = [choice for choice in choices if not any(word in choice for word in _SOCIAL)] or choices
        for _ in range(_TRIES):
            fresh = [choice for choice in choices if choice not in self._used] or choices
            chosen = self._chance.choice(fresh)
            said = self._fill(expand(chosen, self._chance)).replace("{v}", value)
            if not self._avoided(said):
                self._used.add(chosen)
                return said
        return ""

    def _avoided(self, text: str) -> bool:
        lowered = text.lower()
        return any(word.lower() in lowered for word in self._brief.avoid_words if word)

    def _named(self) -> str:
        brands = [word for word in self._brief.brand_words if word not in self._noun]
        return " ".join([*brands, self._noun]) if self._brief.language == "en" else "".join([*brands, self._noun])

    def _fill(self, phrase: str) -> str:
        unit = "条" if "裙" in self._noun or "裤" in self._noun else "件" if self._brief.category == "clothing" else "款"
        style = next((value for name, value in self._brief.attributes if name == "风格"), "")
        filled = phrase.replace("{product}", self._named()).replace("{one}", f"一{unit}")
        filled = filled.replace("{this}", f"这{unit}").replace("{unit}", unit)
        return filled.replace("{mood}", mood(style, self._chance)) if "{mood}" in filled else filled
