"""What a writer gives out holds no banned claim and stays readable."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.answers import split_copy, without_bans
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.domain.copy import Copy


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("奶白色的杯身，销量第一，握着顺手。", "奶白色的杯身，热销，握着顺手。"),
        ("面料柔软，可以治疗颈椎病。颜色很温柔。", "面料柔软。颜色很温柔。"),
        ("七天瘦十斤！颜色很温柔。", "颜色很温柔。"),
        ("领导人专用茶叶", ""),
    ],
)
def test_a_claim_is_reworded_or_its_clause_left_out(body, left):
    assert without_bans(Copy("", body)).body == left


def test_nothing_banned_is_left_whatever_stands_together():
    texts = ("最佳最强最好的，全国第一，世界领先，治疗失眠，永不褪色", "没有之一，顶级极品", "第一品牌第一品牌")
    for text in texts:
        kept = without_bans(split_copy(f"{text}\n{text}。{text}。\n#顶级"))
        assert all(found.level != "ban" for found in check_text(kept.text))


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("好看。#连衣裙#穿搭#日常", ("连衣裙", "穿搭", "日常")),
        ("好看。#连衣裙# #穿搭#", ("连衣裙", "穿搭")),
        ("好看。#连衣裙##穿搭#", ("连衣裙", "穿搭")),
        ("好看。#连衣裙 #穿搭", ("连衣裙", "穿搭")),
    ],
)
def test_hashtags_are_read_however_they_are_parted(text, tags):
    copy = split_copy(text)
    assert (copy.body, copy.hashtags) == ("好看。", tags)
    assert split_copy(copy.text) == copy
