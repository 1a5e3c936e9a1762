"""A language model's description of the scene, and how much of it is believed.

A model means well and adds: a handbag, another colour, a second season, a slogan on the wall. So a phrase of it stays
only where it speaks of a place, season, light or mood that nobody gave yet, and of nothing that could be the product, a
person or letters. Words are listed in data/described.json, besides those of the glossary.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from lib_adcopy.copywriting.reading.clauses import affirmed
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.prompting.glossary.glossary import SCENE_KINDS, Glossary
from lib_adcopy.prompting.glossary.phrases import singular
from lib_adcopy.prompting.sanitise import clean_scene

# Asks a language model and gives its answer.
Describe = Callable[[str], str]

_PHRASES_AT_MOST = 3
# Of the brief and copy, which may be long, what tells the scene stands at the beginning.
_ASKED_AT_MOST = 300
_WORD = re.compile(r"[a-z][a-z']*")
# "golden hour" is a time of day, "reddish" a colour and a dish none.
_NO_COLOUR = r"(?! hours?\b)"
_SHADE = "(?:light|dark|deep|pale|bright|off|pure|jet|neon)"
_ISH = r"(?!(?:lav|styl|fin|pol|engl|span|dan|f|d|fresh)ish\b)[a-z]+ish"
# Words of the glossary's scenes that say nothing of a kind by themselves.
_VAGUE = frozenset(("car", "date", "distance", "around"))


@dataclass(frozen=True)
class Words:
    """Describe what a phrase may speak of, by kind; words it may not have; and colours, which are taken out of it."""

    kinds: Mapping[str, frozenset[str]]
    banned: frozenset[str]
    colours: re.Pattern[str]


def described(
    brief: Brief, copy: Copy | None, noun: str, describe: Describe, glossary: Glossary, found: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Kind and phrase of what the model adds to the kinds `found` already: "place", "room", "season", "light", "mood".

    `noun` is the product in English.
    """
    words = _words(glossary)
    banned = words.banned | frozenset(_WORD.findall(noun.lower())[-1:])
    taken = {slot(kind) for kind in (*found, *_denied(brief, glossary))}
    kept = 0
    for phrase in clean_scene(describe(_question(brief, copy, noun))):
        whole = phrase.lower()
        plain = _without_colours(whole, words)
        kinds = [kind for kind, known in words.kinds.items() if _said(plain) & known]
        slots = {slot(kind) for kind in kinds}
        # Of a "blue sky" no sky is left worth a phrase.
        bare = plain != whole and " " not in plain
        if kinds and not slots & taken and not _said(whole) & banned and not bare:
            taken |= slots
            kept += 1
            yield kinds[0], plain
        if kept == _PHRASES_AT_MOST:
            return


def slot(kind: str) -> str:
    """Return which of the things it is that a picture has one of: a place is outdoors, in a room or at an occasion."""
    return "place" if kind in ("room", "occasion") else kind


def _question(brief: Brief, copy: Copy | None, noun: str) -> str:
    text = "。".join(part for part in (brief.text, copy.title if copy else "", copy.body if copy else "") if part)
    return (
        f"商品：{text[:_ASKED_AT_MOST]}\n这件商品英文是 {noun}。"
        "请用英文写一句简短的画面描述，说明广告照片的地点、季节、光线和氛围，用逗号分开的短语，不超过30个单词。"
        "不要描述商品本身，不要写人物、文字和品牌，只回答英文。"
    )


def _said(phrase: str) -> frozenset[str]:
    return frozenset(word.removesuffix("'s").strip("'") for word in _WORD.findall(phrase))


def _without_colours(phrase: str, words: Words) -> str:
    """Colours belong to the product: one beside it is drawn on it too."""
    return " ".join(words.colours.sub(" ", phrase).split()).strip(" -")


def _denied(brief: Brief, glossary: Glossary) -> set[str]:
    """Return the kinds of which the brief denies something: 不要海边 leaves no place to a model's fancy."""
    left = {piece.term for piece in glossary.split(affirmed(brief.text)) if piece.term}
    said = {piece.term for piece in glossary.split(brief.text) if piece.term}
    return {term.kind for term in said - left}


@lru_cache(maxsize=2)
def _words(glossary: Glossary) -> Words:
    listed = _listed()
    more = {kind: frozenset(listed["scene"].get(kind, ())) for kind in SCENE_KINDS}
    # A word that is listed is of that kind alone: a hot spring is a place and spring a season.
    decided = _VAGUE.union(*more.values())
    kinds = {
        kind: more[kind] | frozenset(head for term in glossary.english(kind) for head in _head(term)) - decided
        for kind in SCENE_KINDS
    }
    # A product may belong to the place, flowers and a bed; a garment or a part of one is always another's.
    things = _forms(glossary.english("product")).difference(*kinds.values())
    things |= _forms(glossary.english("garment", "part")) - decided
    longest_first = sorted({*glossary.english("colour"), *listed["colours"]}, key=len, reverse=True)
    colour = rf"(?:{_SHADE}[ -])?(?:{'|'.join(map(re.escape, longest_first))}|{_ISH})"
    return Words(
        kinds,
        frozenset((*things, *listed["people"], *listed["letters"])),
        re.compile(rf"(?<![\w-]){colour}(?:[ -]toned)?(?![\w-]){_NO_COLOUR}(?: and(?! \w))?"),
    )


def _forms(phrases: Iterable[str]) -> set[str]:
    """Return what each of them is, as one and as many."""
    heads = {singular(head) for english in phrases for head in _head(english)}
    return {form for head in heads for form in (head, f"{head}s", f"{head}es", f"{head[:-1]}ies")}


@cache
def _listed() -> dict[str, Any]:
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def _head(english: str) -> list[str]:
    """Return the word that says what it is: "bowl of soup" is a bowl, "in a tea house" a house."""
    return _WORD.findall(re.split(r" (?:of|in|with|on|for) ", english)[0])[-1:]
