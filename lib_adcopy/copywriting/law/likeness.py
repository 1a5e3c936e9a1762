"""How much a sentence is like those the law objects to, for claims that no rule has words for.

A logistic regression over the characters of sentences, learnt by training/recipes/law_likeness.py from the sentences
of training/recipes/law/train and from ad copy written by people. It knows likeness and not meaning: what it finds is
for the seller to judge, never banned.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lib_adcopy.copywriting.vocabulary import load

LONGEST = 3
_DIGITS = re.compile(r"\d+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FEWEST_CHARACTERS = 6
# Stands in a pair for every character between.
_BETWEEN = "_"
# Weights are kept as whole thousandths.
SCALE = 1000


@dataclass(frozen=True)
class _Learnt:
    weights: Mapping[str, int]
    bias: int
    threshold: int


def suspicious(sentence: str) -> bool:
    """Whether a Chinese sentence is more like a violation than the threshold allows; others are not judged."""
    if len(_CHINESE.findall(sentence)) < _FEWEST_CHARACTERS:
        return False
    known, parts = _learnt(), pieces(sentence)
    weight = sum(known.weights.get(part, 0) for part in parts)
    return weight / math.sqrt(len(parts)) + known.bias > known.threshold


def pieces(sentence: str) -> frozenset[str]:
    """Its runs of 1 to 3 characters and its pairs with one or two others between, begin and end marked, every number
    as 0."""
    marked = f"^{_DIGITS.sub('0', sentence.strip())}$"
    runs = (marked[at : at + run] for run in range(1, LONGEST + 1) for at in range(len(marked) - run + 1))
    pairs = (one + _BETWEEN * gap + marked[at + gap + 1]
             for gap in (1, 2) for at, one in enumerate(marked[: -gap - 1]))  # fmt: skip
    return frozenset((*runs, *pairs))


@cache
def _learnt() -> _Learnt:
    return _Learnt(**load("law/likeness.json"))
