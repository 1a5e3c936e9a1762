"""What the copy adds that can be seen: a place, a season, a light, a mood; one of each, the brief's before the copy's.

A language model's description, where there is one, may add to it; on the product itself the glossary is always right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.prompting.affirmed import affirmed
from lib_adcopy.prompting.glossary import SCENE_KINDS, Glossary
from lib_adcopy.prompting.noun import Product
from lib_adcopy.prompting.sanitise import clean_scene

# Asks a language model and gives its answer.
Describe = Callable[[str], str]

_PHRASES_AT_MOST = 3
_PLACED = re.compile(r"^(?:in|on|at|by|near|under|beside|inside|against)\b")
# A model does not stand on furniture, and gatherings put strangers around a mug.
_FURNITURE = re.compile(r"\b(?:table|tabletop|desk|counter|bed)\b")
_PEOPLE = re.compile(
    r"\b(?:wom[ae]n|m[ae]n|girls?|boys?|lad(?:y|ies)|persons?|people|models?|she|he|they|her|his|hands?|couple|crowd|family|"
    r"child(?:ren)?|kids?|baby|someone|customers?|celebrit(?:y|ies))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Scene:
    """English phrases, "" for what nobody said; `more` are a language model's. `indoors` tells of the place."""

    place: str = ""
    indoors: bool = False
    season: str = ""
    light: str = ""
    mood: str = ""
    more: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.light, self.place, self.season, self.mood, *self.more)))

    def shortened(self) -> Iterator[Scene]:
        """Itself, then without more and more of it, the least telling first."""
        yield self
        for number in range(len(self.more) - 1, -1, -1):
            yield replace(self, more=self.more[:number])
        yield replace(self, more=(), mood="")
        yield replace(self, more=(), mood="", season="")
        yield Scene(place=self.place)

    def only(self, kinds: tuple[str, ...]) -> Scene:
        """What of it a style leaves room for; a model's phrases need all of it."""
        return Scene(
            place=self.place if ("room" if self.indoors else "place") in kinds else "",
            season=self.season if "season" in kinds else "",
            light=self.light if "light" in kinds else "",
            mood=self.mood if "mood" in kinds else "",
            more=self.more if {"place", "room"} <= set(kinds) else (),
        )


def read_scene(
    brief: Brief, copy: Copy | None, product: Product, glossary: Glossary, describe: Describe | None = None
) -> Scene:
    """What can be seen around the product, by the glossary, and by `describe` where it is given."""
    texts = [*brief.points, *([copy.title, copy.body] if copy else [])]
    found: dict[str, str] = {}
    indoors = False
    for text in texts:
        for piece in glossary.split(affirmed(text)):
            if piece.term and piece.term.kind in SCENE_KINDS and _fits(piece.term.kind, piece.term.en, product):
                kind = "place" if piece.term.kind in ("room", "occasion") else piece.term.kind
                indoors = indoors or (piece.term.kind == "room" and kind not in found)
                found.setdefault(kind, piece.term.en)
    more: tuple[str, ...] = ()
    if describe is not None:
        answer = describe(_question(brief, copy, product))
        more = _added(clean_scene(answer), found, product, glossary)
    return Scene(**found, indoors=indoors, more=more)


def _fits(kind: str, english: str, product: Product) -> bool:
    if product.worn:
        return not (kind == "room" and _FURNITURE.search(english))
    return kind != "occasion"


def _question(brief: Brief, copy: Copy | None, product: Product) -> str:
    text = "。".join(part for part in (brief.text, copy.title if copy else "", copy.body if copy else "") if part)
    return (
        f"商品：{text}\n这件商品英文是 {product.noun}。"
        "请用英文写一句简短的画面描述，说明广告照片的地点、季节、光线和氛围，用逗号分开的短语，不超过30个单词。"
        "不要描述商品本身，不要写人物、文字和品牌，只回答英文。"
    )


def _added(phrases: list[str], found: dict[str, str], product: Product, glossary: Glossary) -> tuple[str, ...]:
    """Phrases that say nothing of people or of any product, and no second place; colours are taken out of them."""
    colours = _pattern(glossary.english("colour"))
    things = _pattern(glossary.english("garment", "part"))
    own = _pattern(frozenset({product.noun.split()[-1].lower()}) if product.noun else frozenset())
    kept: list[str] = []
    for phrase in phrases:
        if _PEOPLE.search(phrase) or things.search(phrase) or own.search(phrase):
            continue
        plain = " ".join(colours.sub(" ", phrase).split())
        if "place" in found and _PLACED.match(plain.lower()):
            continue
        if len(plain.split()) > 1 or plain == phrase:
            kept.append(plain)
    return tuple(dict.fromkeys(kept))[:_PHRASES_AT_MOST]


def _pattern(words: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?![\w-])", re.IGNORECASE)
