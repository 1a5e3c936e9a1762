"""Facts put back into the seller's own phrases: the reader cuts finely, a text says "5斤装35" whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lib_adcopy.copywriting.law import check_text
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.facts import Fact

_DEAL = ("price", "list_price", "offer", "coupon", "deadline")
_OWN_LINE = ("brand", "model", "name", *_DEAL)
_COUNTED = ("weight", "quantity", "capacity", "size", "feature", "name", "function")
_BREAKS = {"zh": r"[\s，,、；;。！!？?/|｜#＃*＊：:【】()（）\[\]•·]|(?:^|(?<=\n))- ?", "en": r"[,;\n|.:()\[\]•]"}
_LONGEST = {"zh": 16, "en": 48}
_LONGEST_PREFIX = {"zh": 12, "en": 40}
_LIST_MARK = re.compile(r"^\s*\d{1,2}[.、)]\s*")
_LEFT_OVER = 2
_ASIDE = re.compile(r"我|咱|本人|自己|不是那种|\b(?:I|my|we|our)\b")
_TIGHT = 2
_NO_PREFIX = re.compile(r"[元¥￥$%+＋]|^\d+\s*$|[了是有]$|^(?:一|这|那)[款件只条个]")


def product_name(brief: Brief, name: str) -> str:
    """The name with what stands before it in its own phrase: 保温杯 in 304不锈钢保温杯."""
    fact = next((fact for fact in brief.facts if fact.kind == "name" and fact.text == name and not fact.name), None)
    if fact is None or not _stands(brief, fact) or "#" in brief.text:
        return name
    before = re.split(_BREAKS[brief.language], brief.text[: fact.start])[-1]
    before = _LIST_MARK.sub("", before.split("的")[-1]) if brief.language == "zh" else before.lstrip()
    brand = next((other.text for other in brief.facts if other.kind == "brand"), "")
    model = next((other.text for other in brief.facts if other.kind == "model"), "")
    for word in (brand, model):
        before = before.removeprefix(word).lstrip() if word else before
    if not before.strip() or len(before) > _LONGEST_PREFIX[brief.language] or _NO_PREFIX.search(before):
        return name
    # What the law bans would be cut out of every sentence again, and the name with it.
    is_banned = any(finding.level == "ban" for finding in check_text(before + name))
    return name if is_banned else before + name


def whole_phrases(brief: Brief) -> tuple[Fact, ...]:
    """The brief's facts, those of one phrase joined where their parts say less than the phrase."""
    if not brief.facts or not all(_stands(brief, fact) or fact.start < 0 for fact in brief.facts):
        return brief.facts
    joined = _joined(brief, sorted(brief.facts, key=lambda fact: fact.start))
    return tuple(_phrased(brief, joined))


def _stands(brief: Brief, fact: Fact) -> bool:
    return fact.start >= 0 and brief.text[fact.start : fact.end] == fact.text


def _joined(brief: Brief, facts: Sequence[Fact]) -> list[Fact]:
    """Neighbours that belong together made one: an amount and its price, 2.5kg*4包, 豆腐+膨润土, 现摘现发."""
    made: list[Fact] = []
    for fact in facts:
        last = made[-1] if made else None
        kind = _kind_together(brief, last, fact) if last else ""
        if last and kind:
            text = brief.text[last.start : fact.end]
            value = fact.value if kind == fact.kind else last.value
            made[-1] = replace(last, kind=kind, text=text, value=value, end=fact.end)
        else:
            made.append(fact)
    return made


def _kind_together(brief: Brief, last: Fact, fact: Fact) -> str:
    """The kind of both as one fact, "" where they stay two."""
    if last.start < 0 or fact.start < 0 or last.name or fact.name or fact.kind in ("name", "brand", "model"):
        return ""
    between = brief.text[last.end : fact.start]
    if between and between not in ("+", "＋"):
        return ""
    if fact.kind in ("price", "list_price"):
        return fact.kind if not between and last.kind in _COUNTED and last.kind != "name" else ""
    if last.kind == "deadline" and fact.kind == "offer" and not between:
        return "offer"
    if last.kind in _OWN_LINE or fact.kind in _DEAL:
        return ""
    tight = len(last.text) <= _TIGHT or fact.text[0] in "*xX×"
    return last.kind if between or tight or last.kind == fact.kind else ""


def _phrased(brief: Brief, facts: Sequence[Fact]) -> list[Fact]:
    """Facts of a phrase that says more than they do replaced by the phrase: 瓶子是磨砂玻璃配胡桃木盖."""
    spans = _phrase_spans(brief)
    made: list[Fact] = []
    done: set[tuple[int, int]] = set()
    for fact in facts:
        span = next((span for span in spans if fact.start >= 0 and span[0] <= fact.start and fact.end <= span[1]), None)
        if span is None or fact.name:
            made.append(fact)
            continue
        inside = [other for other in facts if span[0] <= other.start and other.end <= span[1]]
        text = brief.text[span[0] : span[1]].strip()
        rest = len(text.replace(" ", "")) - sum(len(other.text.replace(" ", "")) for other in inside)
        plain = any(other.kind in _OWN_LINE for other in inside) or _ASIDE.search(text)
        if plain or rest < _LEFT_OVER or len(text) > _LONGEST[brief.language]:
            made.append(fact)
        elif span not in done:
            done.add(span)
            made.append(replace(fact, text=text, start=span[0], end=span[1]))
    return made


def _phrase_spans(brief: Brief) -> list[tuple[int, int]]:
    """(start, end) of the brief's phrases, between its separators."""
    spans, start = [], 0
    for match in re.finditer(_BREAKS[brief.language], brief.text):
        spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, len(brief.text))]
