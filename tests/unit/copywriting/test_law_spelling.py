"""A forbidden word is found however it is spelt, and named as it stands in the text."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.law import apply_suggestion, check_text
from lib_adcopy.copywriting.law.spelling import Spelling


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("全網最低價", "最低價"),
        ("頂級羊絨", "頂級"),
        ("ＮＯ．１品牌", "ＮＯ．１"),
        ("这是最 强的降噪", "最 强"),
        ("最🔥便宜的锅", "最🔥便宜"),
        ("顶·级面料", "顶·级"),
        ("蕞先进的机芯", "蕞先进"),
        ("zui好用的锅", "zui好用"),
        ("全国第1的面膜", "全国第1"),
        ("全国第①的面膜", "全国第①"),
        ("治\u200b疗失眠", "治\u200b疗失眠"),
    ],
)
def test_a_word_spelt_round_is_found_where_it_stands(text, term):
    found = [finding for finding in check_text(text) if finding.level == "ban"]
    assert [finding.term for finding in found] == [term]
    assert all(text[finding.start : finding.end] == finding.term for finding in found)


@pytest.mark.parametrize("text", ["加薇❤看更多", "➕V详聊", "VX：abc12345", "加威信领券"])
def test_a_contact_spelt_round_is_against_platform_rules(text):
    assert [finding.level for finding in check_text(text)] == ["platform"]


def test_a_suggestion_replaces_the_word_as_it_was_spelt():
    text = "頂級羊絨围巾"
    assert apply_suggestion(text, check_text(text)[0]) == "精选羊絨围巾"


ORDINARY = ["显白 百搭 耐穿", "喝醉的夜晚", "第10件半价", "红色💕第一次穿", "Vivo的壳", "1-2人帐篷"]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_spelling_is_left_alone(text):
    assert [finding for finding in check_text(text) if finding.level == "ban"] == []


def test_a_span_leads_back_to_the_text_as_written():
    spelling = Spelling("全🔥網 第①")
    assert spelling.text == "全网第一"
    assert [spelling.span(at, at + 1) for at in range(4)] == [(0, 1), (2, 3), (4, 6), (4, 6)]
