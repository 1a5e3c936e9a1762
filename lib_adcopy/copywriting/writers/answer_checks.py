"""Finds what is wrong with a model's answer: facts changed, claims nobody made, foreign brands, repetition, word
salad."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from lib_adcopy.copywriting.answers import without_words
from lib_adcopy.copywriting.review.claims import unsupported
from lib_adcopy.copywriting.review.review import repetition, review_copy
from lib_adcopy.copywriting.vocabulary import load
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy

_HAN = re.compile("[\u4e00-\u9fff]+")
# People's copy for clothing has this share of usual pairs in 99 of 100 texts; shuffled copy in few.
_USUAL_SHARE = 0.6
_FEWEST_PAIRS = 12
# Share of repeated 4-grams; people's copy stays below.
_MOST_REPEATED = 0.25
# A word that an answer says this often in a row: 好看好看好看.
_STUTTER = re.compile(r"([\u4e00-\u9fff]{1,4})\1\1")


def faults(brief: Brief, copy: Copy) -> tuple[str, ...]:
    """Name what makes the answer not fit to be shown; facts left out are no fault, they can be added."""
    review = review_copy(brief, copy)
    found = ["changed"] if review.changed else []
    found += [claim.kind for claim in review.claims]
    if repetition(copy.body) > _MOST_REPEATED or _STUTTER.search(copy.body):
        found.append("repetition")
    return tuple(dict.fromkeys(found))


def sample_faults(brief: Brief, copy: Copy) -> tuple[str, ...]:
    """Do as `faults`, for a model that knows AdvertiseGen's form alone: lost facts and word salad are faults too."""
    found = list(faults(brief, copy))
    review = review_copy(brief, copy)
    if review.coverage < 1 and len(review.missing) > len(review.covered):
        found.append("missing")
    if brief.language == "zh" and is_word_salad(copy.body):
        found.append("salad")
    return tuple(found)


def is_word_salad(text: str) -> bool:
    """Return whether fewer of its neighbouring characters than in any person's copy usually stand together."""
    pairs = [run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)]
    usual = sum(pair[1] in _usual_pairs().get(pair[0], "") for pair in pairs)
    return len(pairs) >= _FEWEST_PAIRS and usual / len(pairs) < _USUAL_SHARE


def without_false_claims(brief: Brief, copy: Copy) -> Copy:
    """The copy without the clauses whose numbers, materials, origins or brands the brief does not have."""
    claims: Sequence[str] = [claim.text for claim in unsupported(brief, copy.text)]
    cut = without_words(copy, claims)
    return cut if cut.body else replace(copy, title=cut.title)


@cache
def _usual_pairs() -> dict[str, str]:
    found: dict[str, str] = load("usual_pairs.json")["pairs"]
    return found
