"""Lessons sold under the name of what is learnt: 尤克里里 in "零基础尤克里里 12节课 开课7天内可退"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lib_adcopy.copywriting.reading.lexicon import Lexicon, Term
from lib_adcopy.copywriting.reading.product_noun import Noun, Run

# What shows that lessons are sold; some sent along with a thing do not.
_LESSONS = re.compile(r"(?<![送赠])(?:\d+|[一二两三四五六七八九十]+)(?:节课|课时|次课|节(?=[\s,，。]|$))")
_TAUGHT = re.compile("零基础|开课|结课|学员|直播课|录播|线上课|小班|一对一|招生|试听|退课|老师带|教练带")
_SENT = re.compile(r"[送赠][^，。\s]{0,4}(?:\d+|[一二两三四五六七八九十]+)节")
# What a text about lessons speaks of; enough of it and its first words are what is taught: 儿童书法启蒙.
_AT_SCHOOL = tuple(map(re.compile, (
    "学费|学员", "试听|体验课", "缺课|补课", "教室|上课", "老师", "开课|报名|招生", "小班|每期|一期|期班|限\\d+人",
    "零基础", "授课|课时|团课|私教", "结业|作业", r"(?:\d+|[一二两三四五六七八九十]+)(?:节|次课|课时)(?!电池)",
    "周[一二三四五六日天末][^，。\n]{0,6}(?:[晚早]|[上下]午|\\d+[:：点])",
)))  # fmt: skip
_ENOUGH = 3
_DOUBTFUL = 15.0
_TAUGHT_NAME = re.compile("(?!我|咱|她|他|想|帮|请|写)[\u4e00-\u9fffA-Za-z·]{3,12}")


def as_course(plain: str, noun: Noun, lexicon: Lexicon) -> Noun:
    """The noun as the lessons in it, where a text sells lessons and no thing."""
    is_thing = noun.term.kind == "product"
    if not is_thing or not _LESSONS.search(plain) or not _TAUGHT.search(plain) or _SENT.search(plain):
        return noun
    word = f"{plain[noun.start : noun.end]}课"
    term = lexicon.term(word) or lexicon.head("课", whole=True)
    staged = f"{noun.term.en} in a bright practice room" if term is None or term.zh == "课" else term.en
    return replace(noun, term=Term(word, staged, "service", "", "courses"))


def find_course(plain: str, runs: Sequence[Run], nouns: Sequence[Noun], lexicon: Lexicon) -> Noun | None:
    """Return the lessons that a text sells under a name nobody knows, None where it sells something else."""
    known = nouns[0] if nouns and nouns[0].score < _DOUBTFUL else None
    if not runs or (known and (known.term.kind == "service" or known.category == "courses")):
        return None
    run = runs[0]
    text = plain[run.start : run.end]
    last = run.pieces[-1].term
    is_thing = last is not None and last.is_product
    if run.label or run.role not in ("", "product", "audience") or is_thing or not _TAUGHT_NAME.fullmatch(text):
        return None
    if sum(bool(sign.search(plain)) for sign in _AT_SCHOOL) < _ENOUGH or _SENT.search(plain):
        return None
    head = lexicon.head("课", whole=True)
    term = Term(text, head.en if head else "", "service", "", "courses")
    return Noun(run.start, run.end, term, run, len(run.pieces) - 1, -60.0)
