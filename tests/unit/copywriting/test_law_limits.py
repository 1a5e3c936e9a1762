"""A check's time grows with the text and no faster, whatever the text repeats."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.law import check, check_text
from lib_adcopy.copywriting.law.spelling import Spelling

# Each made one pattern or step take its longest: 8,000 x 最 took 15 s.
REPEATED = ["最", "赌", "捅", "4", "治", "选用", "第一", "，", " ", "最 ", "强 最", "no.", "➕V", "\n", "\u200b"]
LENGTH = 10_000


@pytest.mark.timeout(20)
@pytest.mark.parametrize("repeated", REPEATED, ids=ascii)
def test_a_text_that_repeats_itself_is_checked_at_once(repeated):
    text = (repeated * LENGTH)[:LENGTH]
    assert all(text[found.start : found.end] == found.term for found in check_text(text))


def test_no_more_than_a_sentence_of_limited_length_is_judged_at_once():
    texts = ["最" * 1000, "好，" * 400 + "。最好！" * 3, "\n\n。。短句\n"]
    for text in texts:
        pieces = list(check.sentences(text))
        assert all(0 < len(piece) <= check.LONGEST for _, piece in pieces)
        assert all(text[start : start + len(piece)] == piece for start, piece in pieces)
        judged = "".join(piece for _, piece in pieces)
        assert [character for character in judged if character not in "。！\n"] == [
            character for character in text if character not in "。！\n"
        ]


def test_a_long_sentence_is_cut_behind_a_clause():
    text = "这件外套的袖口收得利落，" * 40
    assert all(piece.endswith("，") for _, piece in check.sentences(text))


def test_a_violation_far_into_a_text_is_found_where_it_stands():
    text = "袖口收得利落，" * 100 + "全網銷量第 1 的外套。" + "袖口收得利落。" * 100 + "顶🔥级面料"
    found = [finding for finding in check_text(text) if finding.level == "ban"]
    assert [text[finding.start : finding.end] for finding in found] == [finding.term for finding in found]
    assert [finding.term for finding in found][-1] == "顶🔥级"
    assert "第 1" in found[0].term


def test_replacing_many_spellings_keeps_every_place():
    spelling = Spelling("最 强❤" * 5_000)
    assert spelling.text == "最强" * 5_000
    assert spelling.span(9_998, 10_000) == (19_996, 19_999)
