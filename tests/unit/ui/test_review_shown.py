"""What the tab shows beside a candidate: every figure it is ranked by."""

from __future__ import annotations

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.ui import copy_view


def shown(brief, title, body, language="en"):
    copy = Copy(title, body)
    review = review_copy(parse_brief(brief), copy)
    return copy_view.review(Candidate(copy, review), "xiaohongshu", language)


def test_repetition_is_shown_and_warned_of_where_it_is_read():
    plain = shown("裙子，圆领", "标题", "圆领的裙子，走路带风。")
    again = shown("裙子，圆领", "标题", "圆领的裙子，走路带风。圆领的裙子，走路带风。")
    assert '<span class="adcopy-chip adcopy-good">Repeats 0%</span>' in plain
    assert '<span class="adcopy-chip adcopy-bad">Repeats 42%</span>' in again


def test_a_latin_title_is_measured_by_the_room_it_has():
    html = shown("coffee mug, matte", "A coffee mug for slow mornings", "Matte.")
    assert "Title 30/40" in html
