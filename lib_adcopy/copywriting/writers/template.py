"""The writer that always answers: clause templates, chosen by seed, that say every attribute of the brief once."""

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
from lib_adcopy.copywriting.writers.phrases import clauses, for_category, mood, phrases, shown

_PRODUCT_NAMES = {"类型", "衣样式", "裙型", "裤型", "裙长", "裤长"}
# Which attributes are spoken of first: how it looks on the whole, then the fabric, then the details.
_ORDER = ("风格", "版型", "颜色", "图案", "材质", "裙型", "裤型", "衣样式", "裙长", "裤长", "领", "袖", "腰")
_UNITS = {"裤": "条", "裙": "条"}


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
        chance = random.Random(seed)
        parts = _Parts(brief, chance)
        copy = Copy(title=parts.title(), body="", writer=self.id, seed=seed)
        for sentence in parts.sentences():
            if stop.is_set():
                break
            space = " " if brief.language == "en" and copy.body else ""
            copy = fit(replace(copy, body=copy.body + space + sentence), brief.platform)
            yield Draft(index, copy)
        yield Draft(index, fit(replace(copy, hashtags=parts.hashtags()), brief.platform), done=True)


class _Parts:
    """The pieces of one copy, all chosen by one source of chance."""

    def __init__(self, brief: Brief, chance: random.Random) -> None:
        self._brief = brief
        self._chance = chance
        self._used: set[str] = set()

    def title(self) -> str:
        emoji = self._pick(for_category("emoji", self._brief.category, self._brief.language))
        title = self._fill(self._pick(for_category("titles", self._brief.category, self._brief.language)))
        return f"{title}{emoji}" if platforms()[self._brief.platform].emoji else title

    def hashtags(self) -> tuple[str, ...]:
        most = platforms()[self._brief.platform].hashtags[1]
        general = for_category("hashtags", self._brief.category, self._brief.language)
        product = self._brief.product.replace(" ", "")
        kind = next((product_noun(*pair) for pair in self._brief.attributes if pair[0] == "类型"), "")
        wanted = [product, kind, *self._chance.sample(general, min(len(general), 3))]
        return tuple(dict.fromkeys(tag for tag in wanted if tag))[:most]

    def sentences(self) -> Iterator[str]:
        brief = self._brief
        yield self._fill(self._pick(for_category("openings", brief.category, brief.language)))
        for name, value in self._attributes():
            yield self._say(clauses(name, value), shown(name, value))
        for point in brief.points:
            if point != brief.product:
                yield self._say(phrases(brief.language)["points"], point)
        if brief.length != "short":
            yield self._pick(for_category("scenes", brief.category, brief.language))
        if brief.length == "long":
            yield self._pick(for_category("scenes", brief.category, brief.language))
        yield self._pick(phrases(brief.language)["closings"])

    def _attributes(self) -> list[tuple[str, str]]:
        """Those the opening has not said by naming the product, in the order a seller would speak of them."""
        product = self._brief.product
        rest = [
            (name, value)
            for name, value in self._brief.attributes
            if not (name in _PRODUCT_NAMES and product_noun(name, value) in product) and name != "类型"
        ]
        self._chance.shuffle(rest)
        return sorted(rest, key=lambda pair: _rank(pair[0]))

    def _say(self, choices: list[str], value: str) -> str:
        return self._pick(choices).replace("{v}", value)

    def _pick(self, choices: list[str]) -> str:
        fresh = [choice for choice in choices if choice not in self._used] or choices
        chosen = self._chance.choice(fresh)
        self._used.add(chosen)
        return chosen

    def _fill(self, phrase: str) -> str:
        product = shown("", self._brief.product)
        unit = _UNITS.get(product[-1], "件" if self._brief.category == "clothing" else "款")
        style = next((value for name, value in self._brief.attributes if name == "风格"), "")
        filled = phrase.replace("{product}", product).replace("{one}", f"一{unit}").replace("{unit}", unit)
        return filled.replace("{mood}", mood(style) or "舒服")


def _rank(name: str) -> int:
    return next((at for at, part in enumerate(_ORDER) if part in name), len(_ORDER))
