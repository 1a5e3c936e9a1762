"""Finding what a text may not say, with the article, and what could stand there instead.

data/law_terms.json: groups of terms and patterns that share a category, level, article and suggestion; what may
stand in a term's place; and exceptions, longer words in which a term is harmless. Levels: "ban" may not be posted,
"caution" may be judged a claim, "evidence" needs a source beside it, "platform" is against platform rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lib_adcopy.copywriting.vocabulary import load

LEVELS = ("ban", "caution", "evidence", "platform")


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
    """Every finding, in the order of the text; of overlapping ones the longest, of equal ones the graver."""
    harmless = _spans(text)
    found = [finding for finding in _all(text) if not _inside(finding, harmless)]
    found.sort(key=lambda finding: (-(finding.end - finding.start), LEVELS.index(finding.level)))
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
                replacement=_data()["replacements"].get(match.group(), ""),
            )


def _spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _exceptions().finditer(text)]


def _inside(finding: Finding, spans: list[tuple[int, int]]) -> bool:
    return any(start <= finding.start and finding.end <= end for start, end in spans)


@cache
def _data() -> dict[str, Any]:
    return load("law_terms.json")


@cache
def _patterns() -> tuple[tuple[dict[str, Any], re.Pattern[str]], ...]:
    found = []
    for group in _data()["groups"]:
        terms = sorted(group["terms"], key=len, reverse=True)
        written = [*map(re.escape, terms), *group["patterns"]]
        found.append((group, re.compile("|".join(_inline_free(part) for part in written), re.IGNORECASE)))
    return tuple(found)


def _inline_free(pattern: str) -> str:
    return pattern.replace("(?i:", "(?:")


@cache
def _exceptions() -> re.Pattern[str]:
    words = sorted(_data()["exceptions"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
