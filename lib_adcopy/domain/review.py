"""Describe what a review says of a copy; copywriting/review/ writes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """text[start:end] is `term`. `replacement` is what one click puts there; `suggestion` says it in words."""

    term: str
    start: int
    end: int
    level: str
    law: str
    suggestion: str
    category: str = ""
    replacement: str = ""


@dataclass(frozen=True)
class Claim:
    """Something the copy states and the brief does not. `kind`: material, number, certificate, origin or word."""

    kind: str
    text: str


@dataclass(frozen=True)
class Review:
    """`covered`, `missing` and `changed` are the brief's facts as (AdvertiseGen's name or "", text).

    A changed fact is one the copy gives another number for. `weak` names which of "title" and "hook" break their
    platform's rule; `repetition` is the share of 4-grams of characters that are repeats, 0..1; `too_long` says which
    of "title" and "body" is over the platform's limit; `duplicate` that a better candidate says most of its sentences;
    `score` ranks candidates, higher is better.
    """

    covered: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    repetition: float
    too_long: tuple[str, ...]
    changed: tuple[tuple[str, str], ...] = ()
    weak: tuple[str, ...] = ()
    duplicate: bool = False

    @property
    def coverage(self) -> float:
        """Share of the brief's facts that the copy says; 1 for a brief without any."""
        whole = len(self.covered) + len(self.missing) + len(self.changed)
        return len(self.covered) / whole if whole else 1.0

    @property
    def banned(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "ban")

    @property
    def score(self) -> float:
        faults = 2.0 * len(self.banned) + 0.5 * len(self.claims) + 0.1 * len(self.findings) + len(self.too_long)
        faults += 2.0 * len(self.changed) + 0.1 * len(self.weak) + 0.5 * self.duplicate
        return self.coverage - faults - self.repetition
