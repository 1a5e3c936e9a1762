"""Reviewing a candidate: facts said, lost or changed, claims nobody made, its opening, repetition, length, the law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lib_adcopy.copywriting.composition.plan import facts_of
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.platforms import over
from lib_adcopy.copywriting.review.claims import unsupported
from lib_adcopy.copywriting.review.opening import weak_parts
from lib_adcopy.copywriting.review.said import says, sort_facts
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.review import Review

__all__ = ["rank", "repetition", "review_copy", "says"]
# So many of a candidate's sentences may stand in a better one before it counts as its duplicate.
_SHARED = 0.5


def review_copy(brief: Brief, copy: Copy) -> Review:
    text = copy.text
    facts = [fact for fact in facts_of(brief) if not _avoided(fact, brief)]
    said, lost, changed = sort_facts(brief, facts, text)
    return Review(
        covered=_shown(said),
        missing=_shown(lost),
        changed=_shown(changed),
        claims=unsupported(brief, text),
        findings=check_text(text),
        weak=weak_parts(brief, copy),
        repetition=repetition(copy.body),
        too_long=over(copy, brief.platform),
    )


def rank(brief: Brief, copies: Sequence[Copy]) -> tuple[Candidate, ...]:
    """Return the copies with their reviews, best first; equal ones keep their order, duplicates of better ones go
    last."""
    reviewed = [(copy, review_copy(brief, copy)) for copy in copies]
    reviewed.sort(key=lambda pair: -pair[1].score)
    facts = [fact.text for fact in facts_of(brief)]
    ranked: list[tuple[Copy, Review]] = []
    for copy, review in reviewed:
        same = any(_shares_most(copy, better, facts) for better, _ in ranked)
        ranked.append((copy, replace(review, duplicate=same)))
    ranked.sort(key=lambda pair: pair[1].duplicate)
    return tuple(Candidate(copy, review) for copy, review in ranked)


def _shown(facts: Sequence[Fact]) -> tuple[tuple[str, str], ...]:
    return tuple((fact.name, fact.value or fact.text) if fact.name else ("", fact.text) for fact in facts)


def _avoided(fact: Fact, brief: Brief) -> bool:
    return any(word.lower() in fact.text.lower() for word in brief.avoid_words if word)


def _shares_most(copy: Copy, better: Copy, facts: Sequence[str]) -> bool:
    """Tell whether most sentences of `copy` that say no fact stand in `better` too."""
    own = [sentence for sentence in sentences_of(copy.body) if not any(fact in sentence for fact in facts)]
    shared = sum(sentence in better.body for sentence in own)
    return copy.body == better.body or (len(own) > 1 and shared / len(own) > _SHARED)


def sentences_of(text: str) -> list[str]:
    """Return the text's sentences without their stops."""
    marked = text.replace("\n", "。")
    for stop in "！？!?～":
        marked = marked.replace(stop, "。")
    return [sentence.strip() for sentence in marked.split("。") if sentence.strip()]


def repetition(text: str, size: int = 4) -> float:
    """Share of `size`-grams of characters that stand in the text more than once, 0..1."""
    grams = Counter(text[at : at + size] for at in range(len(text) - size + 1))
    whole = sum(grams.values())
    return sum(count - 1 for count in grams.values()) / whole if whole else 0.0
