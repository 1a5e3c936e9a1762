"""Reviewing a candidate: coverage of the brief, claims nobody made, repetition, length, advertising law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib_adcopy.copywriting.law import Finding, check_text
from lib_adcopy.copywriting.platforms import over
from lib_adcopy.copywriting.review.claims import Claim, unsupported
from lib_adcopy.copywriting.vocabulary import synonyms_of
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy


@dataclass(frozen=True)
class Review:
    """`missing` and `covered` are the brief's attributes and points, points under the name "".

    `repetition` is the share of 4-grams of characters that are repeats, 0..1; `too_long` says which of "title" and
    "body" is over the platform's limit; `score` ranks candidates, higher is better.
    """

    covered: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    repetition: float
    too_long: tuple[str, ...]

    @property
    def coverage(self) -> float:
        """Share of the brief's attributes and points that the copy speaks of; 1 for a brief without any."""
        whole = len(self.covered) + len(self.missing)
        return len(self.covered) / whole if whole else 1.0

    @property
    def banned(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "ban")

    @property
    def score(self) -> float:
        faults = 2.0 * len(self.banned) + 0.5 * len(self.claims) + 0.1 * len(self.findings) + len(self.too_long)
        return self.coverage - faults - self.repetition


def review_copy(brief: Brief, copy: Copy) -> Review:
    text = copy.text
    wanted = [*brief.attributes, *(("", point) for point in brief.points)]
    covered = tuple(pair for pair in wanted if says(text, *pair))
    return Review(
        covered=covered,
        missing=tuple(pair for pair in wanted if pair not in covered),
        claims=unsupported(brief, text),
        findings=check_text(text),
        repetition=repetition(copy.body),
        too_long=over(copy, brief.platform),
    )


def rank(brief: Brief, candidates: Sequence[Copy]) -> tuple[Copy, ...]:
    """The candidates with their reviews, best first; equal ones keep their order."""
    reviewed = [replace(copy, review=review_copy(brief, copy)) for copy in candidates]
    return tuple(sorted(reviewed, key=lambda copy: -(copy.review.score if copy.review else 0.0)))


def says(text: str, name: str, value: str) -> bool:
    """Whether the text names the value, literally or by a synonym."""
    lowered = text.lower()
    return any(word.lower() in lowered for word in synonyms_of().get((name, value), (value,)))


def repetition(text: str, size: int = 4) -> float:
    """Share of `size`-grams of characters that stand in the text more than once, 0..1."""
    grams = Counter(text[at : at + size] for at in range(len(text) - size + 1))
    whole = sum(grams.values())
    return sum(count - 1 for count in grams.values()) / whole if whole else 0.0
