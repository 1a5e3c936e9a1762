"""Finding what a text may not say, with the article, and what could stand there instead.

data/law_terms.json: groups of terms and patterns that share a category, level, article and suggestion, and what may
stand in a term's place. Levels: "ban" may not be posted, "caution" may be judged a claim, "evidence" needs a source
beside it, "platform" is against platform rules.

data/law_exemptions.json: "harmless" wordings in which a term means something else; "not_a_claim", what around a term
makes it none (denied, a wish, compared with one's own goods, not about the goods: SAMR notice 2023 no. 6, articles 5
and 6); "with_source", sales figures that state where they come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from lib_adcopy.copywriting.vocabulary import load

LEVELS = ("ban", "caution", "evidence", "platform")
_CLAUSE_ENDS = re.compile(r"[，。！？；,.!?;\n~]")
_SENTENCE_ENDS = re.compile(r"[。！？!?\n]")


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


def check_text(text: str) -> tuple[Finding, ...]:
    """Every finding, in the order of the text; of overlapping ones the gravest, of equal ones the longest."""
    harmless = [match.span() for match in _harmless().finditer(text)]
    found = [_sourced(text, finding) for finding in _all(text)]
    found = [finding for finding in found if not _inside(finding, harmless) and _is_claim(text, finding)]
    found.sort(key=lambda finding: (LEVELS.index(finding.level), finding.start - finding.end))
    kept: list[Finding] = []
    for finding in found:
        if all(finding.end <= other.start or finding.start >= other.end for other in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda finding: finding.start))


def apply_suggestion(text: str, finding: Finding) -> str:
    """The text with the finding's term replaced, or taken out where nothing can stand there."""
    if text[finding.start : finding.end] != finding.term:
        return text
    return text[: finding.start] + finding.replacement + text[finding.end :]


def _all(text: str) -> Iterator[Finding]:
    for group, pattern in _patterns():
        for match in pattern.finditer(text):
            yield Finding(
                term=match.group(),
                start=match.start(),
                end=match.end(),
                level=group["level"],
                law=group["law"],
                suggestion=group["suggestion"],
                category=group["category"],
                replacement=_terms()["replacements"].get(match.group(), ""),
            )


def _inside(finding: Finding, spans: list[tuple[int, int]]) -> bool:
    """Whether a harmless wording holds all of the term, or the word the term begins with."""
    return any(start <= finding.start < end and finding.end <= max(end, finding.start + 2) for start, end in spans)


def _is_claim(text: str, finding: Finding) -> bool:
    before = _CLAUSE_ENDS.split(text[: finding.start])[-1]
    after = _CLAUSE_ENDS.split(text[finding.end :])[0]
    for categories, sides, unless in _contexts():
        if finding.category in categories and not (unless and unless.search(before + finding.term)):
            shown = {"before": before, "after": after}
            if all(pattern.search(shown[side]) for side, pattern in sides):
                return False
    return True


def _sourced(text: str, finding: Finding) -> Finding:
    rule = _exemptions()["with_source"]
    if finding.category not in rule["categories"]:
        return finding
    sentence = _SENTENCE_ENDS.split(text[: finding.start])[-1] + _SENTENCE_ENDS.split(text[finding.start :])[0]
    return replace(finding, level=rule["level"]) if re.search(rule["sentence"], sentence) else finding


@cache
def _terms() -> dict[str, Any]:
    return load("law_terms.json")


@cache
def _exemptions() -> dict[str, Any]:
    return load("law_exemptions.json")


@cache
def _patterns() -> tuple[tuple[dict[str, Any], re.Pattern[str]], ...]:
    found = []
    for group in _terms()["groups"]:
        terms = sorted(group["terms"], key=len, reverse=True)
        written = [*group["patterns"], *map(re.escape, terms)]
        found.append((group, re.compile("|".join(written), re.IGNORECASE)))
    return tuple(found)


@cache
def _harmless() -> re.Pattern[str]:
    return re.compile("|".join(_exemptions()["harmless"]))


@cache
def _contexts() -> tuple[tuple[frozenset[str], tuple[tuple[str, re.Pattern[str]], ...], re.Pattern[str] | None], ...]:
    return tuple(
        (
            frozenset(rule["categories"]),
            tuple((side, re.compile(rule[side])) for side in ("before", "after") if side in rule),
            re.compile(rule["unless"]) if "unless" in rule else None,
        )
        for rule in _exemptions()["not_a_claim"]
    )
