"""Sentences that the advertising-law check is developed on (train/) and measured on (holdout/).

A set is a folder law/<split>/<name>/ with violations.txt and innocent.txt, one sentence a line. A line that begins with
"# " names the kind of the sentences after it, in violations.txt the category of the rules. Nothing is trained on a
holdout set; known_groups and penalty_cases nobody who changes the rules reads, the others are his own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).with_name("law")
_HEADING = "# "
# Written only to learn the likeness weights from; the rules were never checked against it.
WRITTEN_FOR_LEARNING = "written_for_learning"
# What each set is, in the order in which they were written.
RULE_SETS = {
    "beside_the_rules": "written beside the rules",
    "short_claims": "short claims and sentences of many trades",
    "social_notes": "notes for social media",
    "formal_copy": "formal product copy and notices",
    "livestream": "live-stream sales talk",
    "spoken": "sales talk mostly without the famous words",
    "spoken_threshold": "more of such sales talk, by the same writer",
    "by_kind": "kinds that were missed or banned wrongly, under headings",
    "many_trades": "the same kinds in other trades, under headings",
    "mixed_goods": "the same kinds, mixed, measured once before it was learnt from",
    "plain_claims": "claims in the law's own words and what only looks like them, measured once before",
    "oblique": "claims made without their words, measured once before it was learnt from",
    "everyday_trades": "every kind of claim in the everyday words of many trades, measured once before",
    "long_sentences": "the same in sentences of two or three clauses with numbers, measured once before",
    "dialect_and_emoji": "short spoken sentences with dialect and emoji, measured once before",
    "near_pairs": "claims, each with an innocent sentence about the same goods, measured once before",
    "shop_talk": "how shopkeepers talk, measured once before",
    "plain_and_subtle": "short claims, most in the law's own words, and what looks like them, measured once before",
    "weak_kinds": "kinds that the sets before were weakest in, measured once before",
    "daily_notices": "shops' notices and diaries, measured once before",
}
HOLDOUT_SETS = {
    "known_groups": "written to the groups of violations that the training sets were written to",
    "penalty_cases": "written from penalty cases, with no list of groups",
    "all_kinds": "claims and what only looks like them, of every kind the rules have",
    "last": "the same, written after it",
    "shop_copy": "plain claims of every kind and plain innocent sentences, written after all others",
}
TRAIN_SETS = (WRITTEN_FOR_LEARNING, *RULE_SETS)


@dataclass(frozen=True)
class SentenceSet:
    """Sentences that break the advertising law, and sentences that do not."""

    violations: tuple[str, ...]
    innocent: tuple[str, ...]


def read_set(name: str) -> SentenceSet:
    """Read the set `name`, one of TRAIN_SETS or HOLDOUT_SETS."""
    folder = _folder(name)
    return SentenceSet(_lines(folder / "violations.txt"), _lines(folder / "innocent.txt"))


def read_categories(name: str) -> dict[str, str]:
    """Return the category of each violation that stands under a heading."""
    found: dict[str, str] = {}
    category = ""
    for line in (_folder(name) / "violations.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith(_HEADING):
            category = line.removeprefix(_HEADING)
        elif line and category:
            found[line] = category
    return found


def _folder(name: str) -> Path:
    return _FOLDER / ("holdout" if name in HOLDOUT_SETS else "train") / name


def _lines(file: Path) -> tuple[str, ...]:
    # Not splitlines: a sentence may hold the line separators that Unicode has besides \n.
    lines = file.read_text(encoding="utf-8").split("\n")
    return tuple(line for line in lines if line and not line.startswith(_HEADING))
