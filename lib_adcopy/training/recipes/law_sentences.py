"""Sentences that the advertising-law check is developed on (train/) and measured on (holdout/).

A set is a folder law/<split>/<name>/ with violations.txt and innocent.txt, one sentence a line. Nobody who changes the
rules or the training reads a holdout set.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).with_name("law")
# Written only to learn the likeness weights from; the rules were never checked against it.
WRITTEN_FOR_LEARNING = "written_for_learning"
# The likeness threshold is chosen on this set, by weights that were trained without it.
THRESHOLD = "spoken_threshold"
# What each set is, in the order in which they were written.
RULE_SETS = {
    "beside_the_rules": "written beside the rules",
    "short_claims": "short claims and sentences of many trades",
    "social_notes": "notes for social media",
    "formal_copy": "formal product copy and notices",
    "livestream": "live-stream sales talk",
    "spoken": "sales talk mostly without the famous words",
    THRESHOLD: "more of such sales talk, by the same writer",
}
HOLDOUT_SETS = {
    "known_groups": "written to the groups of violations that the training sets were written to",
    "penalty_cases": "written from penalty cases, with no list of groups",
}
TRAIN_SETS = (WRITTEN_FOR_LEARNING, *RULE_SETS)


@dataclass(frozen=True)
class SentenceSet:
    """Sentences that break the advertising law, and sentences that do not."""

    violations: tuple[str, ...]
    innocent: tuple[str, ...]


def read_set(name: str) -> SentenceSet:
    """Read the set `name`, one of TRAIN_SETS or HOLDOUT_SETS."""
    folder = _FOLDER / ("holdout" if name in HOLDOUT_SETS else "train") / name
    return SentenceSet(_lines(folder / "violations.txt"), _lines(folder / "innocent.txt"))


def _lines(file: Path) -> tuple[str, ...]:
    # Not splitlines: a sentence may hold the line separators that Unicode has besides \n.
    return tuple(line for line in file.read_text(encoding="utf-8").split("\n") if line)
