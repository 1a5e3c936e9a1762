"""The pieces of one copy in the template writer's words: title, sentences and hashtags, chosen by seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lib_adcopy.copywriting.answers import lawful_brief
from lib_adcopy.copywriting.brief import Brief, product_noun
from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.copywriting.vocabulary import garment_of
from lib_adcopy.copywriting.writers.english import articles, in_a_sentence, is_put_on, tidied
from lib_adcopy.copywriting.writers.phrases import (
    before_the_noun,
    clauses,
    closings,
    expand,
    for_category,
    joined,
    kind_of,
    measure_word,
    mood,
    phrases,
    shown,
    unfit,
)
from lib_adcopy.copywriting.writers.points import spoken_of

# What is spoken of first: how it looks on the whole, then the fabric, then the details; what it is, last.
_WHOLE = ("风格", "版型", "颜色", "图案", "材质", "形")
_DETAILS = ("长", "领", "袖", "腰", "款式", "门襟", "下摆", "裤口")
_ORDER = (*_WHOLE, *_DETAILS, "*", "类型")
_SHOPS = ("taobao", "jd")
# A product page has no comments to chat in and nothing to bookmark.
_SOCIAL = ("评论区", "收藏", "留言")
_TRIES = 20
# Whose phrases fit a category that has none of its own.
_PHRASES_OF = {"jewellery": "accessory", "appliances": "electronics", "sports": "outdoors"}
# Nightwear goes nowhere: its lists are its own.
_ASLEEP = "睡"
# Said twice in a text, what people who see it do sounds like a form.
_ONCE = "{react}"
# The attributes that may stand before the product's name, in the order they do, and how often they are put there.
_BEFORE = {"版型": 0.6, "颜色": 0.8, "风格": 0.4, "图案": 0.8, "材质": 0.8}


def title_and_hashtags(brief: Brief, seed: int) -> tuple[str, tuple[str, ...]]:
    """What a text without them is posted under."""
    parts = Parts(brief, seed)
    return parts.title(), parts.hashtags()


def beside_the_facts(brief: Brief, seed: int, points: Sequence[str] = ()) -> str:
    """What a text of the product's facts alone lacks: `points` of the brief, what it stresses, its reader, length and
    tone."""
    parts = Parts(brief if brief.length == "long" else replace(brief, length="short"), seed)
    space = " " if brief.language == "en" else ""
    return space.join(filter(None, (*parts.told(points), *parts.stressed(), *parts.asides())))


class Parts:
    """The pieces of one copy, all chosen by one source of chance."""

    def __init__(self, brief: Brief, seed: int) -> None:
        brief = self._brief = lawful_brief(brief)
        # With the brief in it, or one seed would choose the same phrases for every product of a shop.
        self._chance = random.Random(f"{seed} {brief.text}")
        self._used: set[str] = set()
        self._noun = shown("", brief.product) if brief.language == "zh" else in_a_sentence(brief.product)
        self._garment = garment_of(brief.attributes)
        self._wear = _ASLEEP if any(word in self._noun for word in ("睡", "家居")) else self._garment
        # Shoes, bags and rings are not put on as a coat is.
        worn = self._garment if brief.language == "zh" else is_put_on(self._noun)
        category = _PHRASES_OF.get(brief.category, brief.category)
        self._category = "accessory" if category == "clothing" and not worn else category
        self._unfit = tuple(word for part, words in unfit().items() if part in self._noun for word in words)
        self._before: tuple[tuple[str, str], ...] = ()

    def title(self) -> str:
        brief = self._brief
        emoji = self._chance.choice(for_category("emoji", self._category, brief.language))
        ending = emoji if platforms()[brief.platform].emoji else ""
        limit = platforms()[brief.platform].title * (1 if brief.language == "zh" else 2) - len(ending)
        choices = for_category("titles", self._category, brief.language)
        titles = [self._fill(expand(choice, self._chance)) for choice in choices]
        fitting = [t for t in titles if len(t) <= limit and self._fits(t) and not self._avoided(t)]
        # A product whose very name leaves no room for a phrase is its own title.
        return (self._chance.choice(fitting) if fitting else self._named()[:limit]) + ending

    def hashtags(self) -> tuple[str, ...]:
        brief = self._brief
        most = platforms()[brief.platform].hashtags[1]
        general = for_category("hashtags", self._category, brief.language)
        kind = next((product_noun(*pair) for pair in brief.attributes if pair[0] == "类型"), "")
        wanted = [*brief.brand_words, self._noun, kind, *self._chance.sample(general, min(len(general), 3))]
        tags = (tag.replace(" ", "") for tag in wanted if not self._avoided(tag))
        return tuple(dict.fromkeys(tag for tag in tags if tag))[:most]

    def sentences(self) -> Iterator[str]:
        brief = self._brief
        self._before = self._words_before()
        opening = self._say(for_category("openings", self._category, brief.language))
        self._before = tuple(pair for pair in self._before if shown(*pair) in opening)
        yield opening
        yield from self._facts()
        yield from self.asides()

    def asides(self) -> Iterator[str]:
        """For whom it is, where one sees it, and a closing in the tone asked for."""
        brief = self._brief
        if brief.audience:
            yield self._say(phrases(brief.language)["audience"], brief.audience)
        for _ in range({"short": 0, "medium": 1, "long": 3}[brief.length]):
            yield self._say(for_category("scenes", self._category, brief.language))
        # A tone speaks in its closings; without one, every other copy of middle length ends on its scene.
        chatty = brief.length == "long" or (brief.length == "medium" and self._chance.random() < 0.5)
        if chatty or brief.tone != "natural":
            yield self._say(closings(self._category, brief.tone, brief.language))

    def stressed(self) -> Iterator[str]:
        groups = self._groups()
        said = {kind: joined(kind, [shown(*pair) for pair in pairs]) for kind, pairs in groups.items()}
        points = {point: point for point in self._brief.points if not self._avoided(point)}
        for stressed in self._brief.stress:
            if value := {**said, **points}.get(stressed, ""):
                yield self._say(phrases(self._brief.language)["stress"], value)

    def _facts(self) -> Iterator[str]:
        brief, groups = self._brief, self._groups()
        small = [kind for kind in groups if kind not in ("风格", "版型", "类型")]
        if brief.length == "short" and len(small) > 1:
            value = joined("", [shown(*pair) for kind in small for pair in groups.pop(kind)])
            yield self._say(phrases("zh")["lists"], value)
        for kinds in self._paired(groups):
            values = [joined(kind, [shown(*pair) for pair in groups[kind]]) for kind in kinds]
            if len(kinds) > 1:
                yield self._say(phrases("zh")["together"], "", *values)
                continue
            yield self._say(clauses(kinds[0], groups[kinds[0]], self._chance), *values)
            if kinds[0] in brief.stress:
                yield self._say(phrases("zh")["stress"], *values)
        yield from self.told(self._brief.points)

    def told(self, points: Sequence[str]) -> Iterator[str]:
        """Selling points of the brief, those that it stresses first."""
        brief = self._brief
        lawful = [point for point in brief.points if point in points]
        told = [point for point in lawful if point != brief.product and not self._avoided(point)]
        stressed = [point for point in told if point in brief.stress]
        rest = [point for point in told if point not in brief.stress]
        together = brief.length != "long"
        for some in (stressed, rest):
            for choices, said in spoken_of(some, brief.language, brief.category, self._chance, together=together):
                yield self._say(choices, self._and(said), *said)

    def _and(self, words: Sequence[str]) -> str:
        return joined("", words) if self._brief.language == "zh" else " and ".join(words)

    def _paired(self, groups: dict[str, list[tuple[str, str]]]) -> list[tuple[str, ...]]:
        """The kinds in the order they are spoken of; of the details, two may share a sentence."""
        order = sorted(groups, key=lambda kind: (kind not in self._brief.stress, _ORDER.index(kind)))
        pairs: list[tuple[str, ...]] = []
        for kind in order:
            last = pairs[-1] if pairs else ()
            alone = len(last) != 1 or not {kind, *last} <= {*_DETAILS} - {*self._brief.stress}
            if alone or self._brief.length == "long":
                pairs.append((kind,))
            else:
                pairs[-1] = (*last, kind)
        return pairs

    def _words_before(self) -> tuple[tuple[str, str], ...]:
        """The style, colour, pattern or fabric that can stand before the product, as in 黑色复古卫衣."""
        brief = self._brief
        if brief.length == "long" or brief.category != "clothing" or brief.language != "zh":
            return ()
        found: list[tuple[str, str]] = []
        for wanted, how_often in _BEFORE.items():
            values = [pair for pair in brief.attributes if pair[0] == wanted]
            fits = len(values) == 1 and before_the_noun(*values[0]) and not self._avoided(values[0][1])
            known = any(values[0][1] in word for word in (self._noun, *(value for _, value in found))) if fits else True
            if fits and not known and wanted not in brief.stress and self._chance.random() < how_often:
                found.append(values[0])
        return tuple(found[:3])

    def _groups(self) -> dict[str, list[tuple[str, str]]]:
        """The attributes by kind, without what is avoided, what naming the product says, and what was said once."""
        groups: dict[str, list[tuple[str, str]]] = {}
        said = [self._noun, *(shown(*pair) for pair in self._before)]
        pairs = sorted(self._brief.attributes, key=lambda pair: (pair[0] == "类型", _ORDER.index(kind_of(pair[0]))))
        for name, value in pairs:
            word = product_noun(name, value) if name == "类型" else shown(name, value)
            named = (name, value) == self._brief.product_pair
            if named or self._avoided(value) or any(word in other for other in said):
                continue
            if name == "类型" and value in "".join(said):
                continue
            said.append(word)
            groups.setdefault(kind_of(name), []).append((name, word))
        return groups

    def _say(self, choices: list[str], value: str = "", *each: str) -> str:
        """A phrase not used yet, without a word to avoid; nothing where every try holds one."""
        if self._brief.platform in _SHOPS:
            choices = [choice for choice in choices if not any(word in choice for word in _SOCIAL)] or choices
        for _ in range(_TRIES):
            fresh = [choice for choice in choices if choice not in self._used] or choices
            fresh = [choice for choice in fresh if _ONCE not in choice or _ONCE not in self._used] or fresh
            chosen = self._chance.choice(fresh)
            said = self._fill(expand(chosen, self._chance, self._wear))
            fits = self._fits(said)
            begun = value[:1].upper() + value[1:]
            for slot, word in zip(("{v}", "{V}", "{a}", "{b}"), (value, begun, *each), strict=False):
                said = said.replace(slot, word)
            if fits and not self._avoided(said):
                self._used |= {chosen, *([_ONCE] if _ONCE in chosen else [])}
                return said
        return ""

    def _fits(self, text: str) -> bool:
        """Whether a sentence, before the seller's own words are put in, holds nothing that is odd of this product."""
        rest = text.replace(self._noun, "")
        return not any(word in rest for word in self._unfit)

    def _avoided(self, text: str) -> bool:
        lowered = text.lower()
        return any(word.lower() in lowered for word in self._brief.avoid_words if word)

    def _named(self) -> str:
        brands = [word for word in self._brief.brand_words if word not in self._noun]
        return " ".join([*brands, self._noun]) if self._brief.language == "en" else "".join([*brands, self._noun])

    def _fill(self, phrase: str) -> str:
        brief = self._brief
        named = phrase.replace("{product}", "".join(shown(*pair) for pair in self._before) + self._named())
        if brief.language == "en":
            for slot, word in articles(self._noun).items():
                named = named.replace(slot, word)
            return tidied(named)
        unit = measure_word(self._noun, "件" if self._garment else "款")
        style = next((value for name, value in brief.attributes if name == "风格"), "")
        filled = named.replace("{one}", f"一{unit}").replace("{this}", f"这{unit}").replace("{unit}", unit)
        return filled.replace("{mood}", mood(style, self._chance)) if "{mood}" in filled else filled
