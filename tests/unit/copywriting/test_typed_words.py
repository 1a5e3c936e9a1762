"""Words typed for others that sound or look the same, lists with # between, and colours of one character."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.reading.source import _typos


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("免打空", "免打孔"),
        ("坏了包陪", "坏了包赔"),
        ("薪手也能养", "新手也能养"),
        ("送优惠卷", "送优惠券"),
        ("不锈钢内胆，按装简单", "安装简单"),
        ("发顺风", "发顺丰"),
    ],
)
def test_a_certain_slip_is_put_right(typed, meant):
    said = " ".join(each.text for each in parse_brief(f"置物架 39元 {typed}").statements)
    assert meant in said


@pytest.mark.parametrize("kept", ["一路顺风", "纯面条", "书卷气"])
def test_what_may_be_meant_so_stays(kept):
    assert kept in " ".join(each.text for each in parse_brief(f"帆布包 39元 {kept}").statements)


def test_every_slip_is_as_long_as_what_is_meant():
    (_, words), _in_context = _typos()
    assert all(len(typed) == len(meant) for typed, meant in words.items())


def test_points_may_be_parted_by_hashes():
    brief = parse_brief("电煮锅#小号#1.2L#不粘涂层#颜色:奶白/抹茶#附蒸格#49.9#一年只换不修")
    assert brief.category == "appliances"
    assert brief.product == "电煮锅"
    assert "49.9" in [each.text for each in brief.statements_of("price")]


def test_colours_of_one_character_are_colours():
    brief = parse_brief("老人鞋 软底 红/黑/紫 139")
    assert [fact.text for fact in brief.facts_of("colour")] == ["红", "黑", "紫"]
    assert [each.text for each in brief.statements if each.label == "颜色"] == ["红/黑/紫"]


def test_a_bare_length_is_no_more_than_a_specification():
    assert ("规格", "8mm") in [(each.label, each.text) for each in parse_brief("瑜伽垫 8mm 58元").statements]


def test_a_label_is_not_said_twice():
    assert [each.text for each in parse_brief("躺椅，可折叠，颜色灰、卡其").statements if each.label] == ["灰、卡其"]
