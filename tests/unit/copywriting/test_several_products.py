"""A brief of two products is told as one, and each product's own words are offered; sets and gifts are one product."""

from __future__ import annotations

import json

import pytest

from lib_adcopy import cli
from lib_adcopy.copywriting.several import products_in


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("连衣裙，红色；保温杯，500ml", ["连衣裙，红色", "保温杯，500ml"]),
        ("1. 连衣裙 红色\n2. 保温杯 500ml", ["连衣裙 红色", "保温杯 500ml"]),
        ("牛肉干 五香 500g\n\n红色连衣裙 M-XL", ["牛肉干 五香 500g", "红色连衣裙 M-XL"]),
        ("连衣裙，红色，纯棉，另外还有保温杯，500ml", ["连衣裙，红色，纯棉", "保温杯，500ml"]),
        ("纯棉T恤 白色 39元；牛仔裤 蓝色 89元", ["纯棉T恤 白色 39元", "牛仔裤 蓝色 89元"]),
    ],
)
def test_products_one_after_the_other_are_told_apart(text, parts):
    assert [brief.text for brief in products_in(text)] == parts


@pytest.mark.parametrize(
    "text",
    [
        "连衣裙，红色，纯棉", "连衣裙+打底裤 两件套", "1. 连衣裙\n2. 红色\n3. 纯棉", "- 保温杯\n- 316不锈钢\n- 500ml",
        "牛肉干500g。买两袋送保温杯", "保温杯 500ml；杯盖可当碗", "上衣纯棉；裤子宽松", "家电清洗；油烟机128；空调68",
        "帐篷 双人 1.8kg；适合露营；送地钉", "牛仔裤，水洗磨白；小口袋设计", "", "；；；", "https://a.cn/1\n39元",
    ],
)  # fmt: skip
def test_one_product_is_left_alone(text):
    assert products_in(text) == ()


def test_the_command_line_says_so_and_gives_each_products_words(capsys):
    assert cli.main(["facts", "连衣裙，红色；保温杯，500ml", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["products"] == ["连衣裙，红色", "保温杯，500ml"]
    assert "保温杯，500ml" in told.err
    assert cli.main(["facts", "连衣裙，红色", "--json"]) == 0
    assert "products" not in json.loads(capsys.readouterr().out)


def test_the_tab_offers_a_button_for_each():
    render = pytest.importorskip("lib_adcopy.ui.render")
    shown = render.several(products_in("连衣裙，红色；保温杯，500ml"), "zh")
    assert shown.count('data-press="example"') == 2 and "只写“保温杯”" in shown
    assert render.several((), "zh") == ""
