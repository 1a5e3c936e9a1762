"""What a seller types in passing neither names the product wrongly nor reaches the buyer."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("So this is our little e-ink desk clock. Battery lasts 3 months. $59", "e-ink desk clock"),
        ("四级英语手写笔记 80页 胶装 18元", "英语手写笔记"),
        ("成人素描 周末班 6节500 画材包 城东", "素描"),
        ("海边的民宿,一共四间房。夏天不用开空调。大床房周末360", "民宿"),
        ("我妈种的阳光玫瑰,颗粒没有乒乓球大,3斤装49", "阳光玫瑰"),
        ("出宝宝推车 用了半年 九成新 260 自提", "宝宝推车"),
    ],
)
def test_the_product_is_what_is_for_sale(text, name):
    assert next(fact.text for fact in parse_brief(text).facts if fact.kind == "name").endswith(name)


@pytest.mark.parametrize(
    "note",
    [
        "不要承诺月入过万之类",
        "我们被举报过一次了",
        "想要那种安静高级的感觉",
        "锻炼专注力什么的你们看着写",
        "写好笑点",
        "我们公众号粉丝都是来看段子的",
    ],
)
def test_a_note_to_the_writer_stays_with_him(note):
    statements = parse_brief(f"玻璃水杯 350ml，39元，{note}").statements
    assert [each.role for each in statements if note in each.text] == ["instruction"]


def test_the_price_of_one_is_no_part_of_the_name():
    statements = parse_brief("两个教练。私教课单节260，买10节2200").statements
    assert [each.text for each in statements if each.role == "product"] == ["私教课"]
    assert any(each.role == "price" and "单节260" in each.text for each in statements)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("猫爬架 四层，底座加厚，胖猫跳上去会晃，建议靠墙放", "胖猫跳上去会晃，建议靠墙放"),
        ("玻璃养生壶 119元\n9月1号前下单减10块，A套餐不减", "9月1号前下单减10块，A套餐不减"),
        ("银戒指 圈口免费改一次，12到16号之间", "圈口免费改一次，12到16号之间"),
        ("银戒指 68元，刻字加30，等两周", "等两周"),
        ("海边的民宿，宠物可以带，15公斤以下，收50清洁费", "宠物可以带，15公斤以下，收50清洁费"),
        ("品名:洁面\n赠:起泡网,每单一个不是每支一个", "起泡网，每单一个不是每支一个"),
        ("品名:银戒指\n颜色:偏浅,黄灯下会发灰一点点", "偏浅，黄灯下会发灰一点点"),
        ("品名:养生壶\n配件:滤网,炖盅(B套餐才有)", "滤网，炖盅（B套餐才有）"),
    ],
)
def test_a_condition_stays_with_what_it_limits(text, clause):
    said = [each.text for each in parse_brief(text).statements]
    assert any(clause in each for each in said) and not any(each == "等两周" for each in said)


def test_a_timer_is_no_way_to_order():
    assert "place" not in {each.role for each in parse_brief("养生壶 1.5L\n可预约12小时 保温").statements}


def test_an_address_without_a_colon_is_a_place():
    statements = parse_brief("私教课单节260，地址江湾花园东门旁边，药店楼上二楼").statements
    assert [each.text for each in statements if each.role == "place"] == ["地址江湾花园东门旁边", "药店楼上二楼"]


def test_a_stone_is_no_colour_of_its_ring():
    facts = {(fact.kind, fact.text) for fact in parse_brief("天然蓝宝石戒指 18K金 5200元").facts}
    assert ("name", "蓝宝石戒指") in {(kind, text.removeprefix("天然")) for kind, text in facts}
    assert ("colour", "蓝") not in facts
