"""Lessons sold under the name of what is learnt: 尤克里里 in "零基础尤克里里 12节课 开课7天内可退"."""

from __future__ import annotations

import re
from dataclasses import replace

from lib_adcopy.copywriting.reading.lexicon import Lexicon, Term
from lib_adcopy.copywriting.reading.nouns import Noun

# What shows that lessons are sold; some sent along with a thing do not.
_LESSONS = re.compile(r"(?<![送赠])(?:\d+|[一二两三四五六七八九十]+)(?:节课|课时|次课|节(?=[\s,，。]|$))")
_TAUGHT = re.compile("零基础|开课|结课|学员|直播课|录播|线上课|小班|一对一|招生|试听|退课|老师带|教练带")
_SENT = re.compile(r"[送赠][^，。\s]{0,4}(?:\d+|[一二两三四五六七八九十]+)节")


def as_course(plain: str, noun: Noun, lexicon: Lexicon) -> Noun:
    """The noun as the lessons in it, where a text sells lessons and no thing."""
    is_thing = noun.term.kind == "product"
    if not is_thing or not _LESSONS.search(plain) or not _TAUGHT.search(plain) or _SENT.search(plain):
        return noun
    word = f"{plain[noun.start : noun.end]}课"
    term = lexicon.term(word) or lexicon.head("课", whole=True)
    staged = f"{noun.term.en} in a bright practice room" if term is None or term.zh == "课" else term.en
    return replace(noun, term=Term(word, staged, "service", "", "courses"))
