"""Finding what a text may not say, with the article, and what could stand there instead.

Levels: "ban" may not be posted, "caution" may be judged a claim, "evidence" needs a source beside it, "platform" is
against platform rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lib_adcopy.copywriting.law import rules
from lib_adcopy.copywriting.law.likeness import likeness
from lib_adcopy.copywriting.law.spelling import Spelling
from lib_adcopy.domain.review import Finding

LEVELS = ("ban", "caution", "evidence", "platform")
_CLAUSE_ENDS = re.compile(r"[，。！？；,!?;\n~]")
_SENTENCE_ENDS = re.compile(r"[。！？!?\n]")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]?")
# Characters judged at once; the rules' patterns take time that grows faster than the length.
LONGEST = 300
# Before the category that a sentence resembles, where no rule has words for it.
SUSPECTED = "疑似"
# A number, an address or an account: its characters say nothing of what it is.
_ADDRESS = re.compile(r"\d{5}|[a-z0-9]+[.:/]|[a-z]{2,}\d", re.IGNORECASE)


def check_text(text: str) -> tuple[Finding, ...]:
    """Return every finding, in the order of the text; of overlapping ones the gravest, of equal ones the longest.

    Sentences are judged one by one, at most LONGEST characters at a time, so that the time grows with the text's
    length alone.
    """
    spelling = Spelling(text)
    found: list[Finding] = []
    for start, sentence in sentences(spelling.text):
        found += (_as_written(text, spelling, finding, start) for finding in _check(sentence))
    return tuple(found)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """(where it begins, a sentence with its mark); longer ones cut, behind a clause where there is one."""
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while end - start > LONGEST:
            clauses = [cut.end() for cut in _CLAUSE_ENDS.finditer(text, start + 1, start + LONGEST)]
            cut = clauses[-1] if clauses else start + LONGEST
            yield start, text[start:cut]
            start = cut
        yield start, text[start:end]


def apply_suggestion(text: str, finding: Finding) -> str:
    """Return the text with the finding's term replaced, or taken out where nothing can stand there."""
    if text[finding.start : finding.end] != finding.term:
        return text
    return text[: finding.start] + finding.replacement + text[finding.end :]


def _check(sentence: str) -> list[Finding]:
    """Return the findings of one sentence, in its order."""
    found, excused = find_by_rule(sentence)
    bare = sentence.rstrip("。！？!?\n")
    like = likeness(bare)
    if like is not None and not like.confirms:
        # A rule knows words alone; a sentence that is like innocent ones uses them otherwise.
        weighty = [finding for finding in found if finding.level == "ban" or _ADDRESS.search(finding.term)]
        found = [_doubted(sentence, finding) for finding in weighty]
    found.sort(key=lambda finding: (LEVELS.index(finding.level), finding.start - finding.end))
    kept: list[Finding] = []
    for finding in found:
        if not any(_overlap(finding, other) for other in kept):
            kept.append(finding)
    # A sentence that a rule has judged, and be it to excuse it, is not judged again by its likeness.
    if not kept and not excused and like is not None and like.alone:
        kept.append(_suspicion(bare, like.category))
    return sorted(kept, key=lambda finding: finding.start)


def find_by_rule(sentence: str) -> tuple[list[Finding], bool]:
    """Return what the rules find in a sentence as they spell it, and whether what stands around excused any of it."""
    harmless = [match.span() for match in rules.harmless().finditer(sentence)]
    found = [finding for finding in _all(sentence) if not _inside(finding, harmless)]
    weighed = [_in_context(sentence, finding) for finding in found]
    return [finding for finding in weighed if finding is not None], None in weighed


def _doubted(sentence: str, finding: Finding) -> Finding:
    """Return the finding, a ban as a caution where its clauses are like innocent ones too.

    Innocent clauses beside a claim leave it banned, and an absolute word is one in any company; what may be a ban is
    still shown to the seller.
    """
    if finding.category.startswith("绝对化"):
        return finding
    before, after = _CLAUSE_ENDS.split(sentence[: finding.start])[-1], _CLAUSE_ENDS.split(sentence[finding.end :])[0]
    like = likeness(before + finding.term + after)
    doubted = finding.level == "ban" and like is not None and not like.confirms
    return replace(finding, level="caution") if doubted else finding


def _suspicion(sentence: str, category: str) -> Finding:
    """Return a caution about a whole sentence that says which rule it resembles."""
    rule = rules.first_of(category)
    advice = f"读起来像「{category}」类宣称:请核实,{rule.suggestion}"
    return Finding(sentence, 0, len(sentence), "caution", rule.law, advice, f"{SUSPECTED}{category}")


def _all(text: str) -> Iterator[Finding]:
    for rule in rules.rules():
        for match in rule.pattern.finditer(text):
            term = match.group()
            if term:
                better = rules.replacements().get(term, "")
                yield Finding(term, *match.span(), rule.level, rule.law, rule.suggestion, rule.category, better)


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _as_written(text: str, spelling: Spelling, finding: Finding, offset: int) -> Finding:
    """Return the finding of a sentence that begins at `offset`, in the text's own spelling."""
    start, end = spelling.span(offset + finding.start, offset + finding.end)
    return replace(finding, term=text[start:end], start=start, end=end)


def _inside(finding: Finding, spans: list[tuple[int, int]]) -> bool:
    """Tell whether a harmless wording holds all of the term, or the word the term begins with."""
    return any(start <= finding.start < end and finding.end <= max(end, finding.start + 2) for start, end in spans)


def _in_context(text: str, finding: Finding) -> Finding | None:
    """Return the finding as it is to be taken where it stands; None where it is no claim at all."""
    before = _CLAUSE_ENDS.split(text[: finding.start])[-1]
    after = _CLAUSE_ENDS.split(text[finding.end :])[0]
    sentence = _SENTENCE_ENDS.split(text[: finding.start])[-1] + _SENTENCE_ENDS.split(text[finding.start :])[0]
    categories, level, source = rules.with_source()
    if finding.category in categories and source.search(sentence):
        finding = replace(finding, level=level)
    for context in rules.contexts():
        if context.categories and finding.category not in context.categories:
            continue
        if context.unless and context.unless.search(before + finding.term):
            continue
        shown = ((context.before, before), (context.after, after), (context.sentence, sentence))
        if all(pattern.search(part) for pattern, part in shown if pattern):
            if not context.level:
                return None
            if LEVELS.index(context.level) > LEVELS.index(finding.level):
                finding = replace(finding, level=context.level)
    return finding
