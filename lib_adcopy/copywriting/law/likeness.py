"""Measures how much a sentence is like those the law objects to.

Two linear models over the characters of a sentence and the classes of its words, trained by
training/recipes/law_likeness.py on the sentences of training/recipes/law/train and on ad copy of people and of the
template writer. The first says how like a violation the sentence is: below one score a cautious rule's finding does
not count and a ban is a caution only; above a higher one a sentence that no rule has words for is a finding. The second
says which category of the rules it resembles most. They know likeness and not meaning: what they find is for the seller
to judge, never banned.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from lib_adcopy.copywriting.law import rules
from lib_adcopy.copywriting.vocabulary import load

LONGEST = 3
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FEWEST_CHARACTERS = 6
# Stands in a pair for every character between.
_BETWEEN = "_"
# Begins the name of a class among the pieces; the shortest such piece is longer than any of characters.
_CLASS = "@"
# Weights are kept as whole hundredths.
SCALE = 100


@dataclass(frozen=True)
class Model:
    """Weights of pieces; `confirms` and `alone` are the scores above which a rule's finding counts, or none is needed.

    `categories` gives each category's bias under "" and its weights by piece.
    """

    bias: int
    confirms: int
    alone: int
    weights: Mapping[str, int]
    categories: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Likeness:
    """Likeness of a sentence to a violation: whether a rule's finding counts in full, and whether none is needed."""

    confirms: bool
    alone: bool
    parts: frozenset[str]

    @property
    def category(self) -> str:
        """Return the rules' category whose sentences it resembles most."""
        return resembled(_model(), self.parts)


def likeness(sentence: str) -> Likeness | None:
    """Judge a Chinese sentence; None for others and for those too short to be judged by their characters."""
    if len(_CHINESE.findall(sentence)) < _FEWEST_CHARACTERS:
        return None
    model, parts = _model(), pieces(sentence)
    score = linear(model.weights, parts) + model.bias
    return Likeness(score > model.confirms, score > model.alone, parts)


def resembled(model: Model, parts: frozenset[str]) -> str:
    """Return the category whose sentences the pieces resemble most."""
    return max(model.categories, key=lambda name: linear(model.categories[name], parts) + model.categories[name][""])


def linear(weights: Mapping[str, float], parts: frozenset[str]) -> float:
    """Return the sum of the pieces' weights, divided by the root of the number of those that are characters."""
    return sum(weights.get(part, 0) for part in parts) / norm(parts)


def norm(parts: frozenset[str]) -> float:
    """Return what a sum over pieces is divided by, so that long sentences weigh no more."""
    return math.sqrt(max(sum(not is_class(part) for part in parts), 1))


def pieces(sentence: str) -> frozenset[str]:
    """Return its runs of 1 to 3 characters and its pairs with one or two others between, begin and end marked, every
    number as 0; the classes of words in it, and which of two comes first."""
    marked = f"^{_DIGITS.sub('0', sentence.strip())}$"
    runs = (marked[at : at + run] for run in range(1, LONGEST + 1) for at in range(len(marked) - run + 1))
    pairs = (one + _BETWEEN * gap + marked[at + gap + 1]
             for gap in (1, 2) for at, one in enumerate(marked[: -gap - 1]))  # fmt: skip
    return frozenset((*runs, *pairs, *_classes_in(sentence)))


def is_class(part: str) -> bool:
    """Tell whether a piece names a class of words, or two, and not characters."""
    return part.startswith(_CLASS) and len(part) > LONGEST + 1


def _classes_in(sentence: str) -> Iterator[str]:
    places = sorted((match.start(), name) for name, pattern in _classes() if (match := pattern.search(sentence)))
    names = [name for _, name in places]
    yield from (f"{_CLASS}{name}" for name in names)
    yield from (f"{_CLASS}{name}>{later}" for at, name in enumerate(names) for later in names[at + 1 :])


@cache
def _classes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the classes of data/law/classes.json: lists of names.json, and words of their own."""
    stored = load("law/classes.json")
    named = {name: f"{{{name}}}" for name in stored["names"]}
    return tuple((name, rules.compiled(words)) for name, words in {**named, **stored["words"]}.items())


@cache
def _model() -> Model:
    return Model(**load("law/likeness.json"))
