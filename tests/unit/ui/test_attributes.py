"""The pickers write the brief a seller would have typed, and take out what he takes out, nothing else."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.i18n import LANGUAGES, words
from lib_adcopy.ui import attributes
from lib_adcopy.ui.attributes import found, product_of, with_attribute, without_attribute

PAIRS = "类型#上衣*颜色#红色*风格#青春"


@pytest.mark.parametrize(
    ("text", "product", "kind", "value", "after"),
    [
        ("裙子，文艺风格", "裙", "裙领型", "圆领", "裙子，文艺风格，圆领"),
        ("裙子，文艺风格，", "裙", "裙领型", "圆领", "裙子，文艺风格，圆领"),
        ("", "裙", "裙领型", "圆领", "裙子，圆领"),
        (PAIRS, "上衣", "衣长", "短款", PAIRS + "*衣长#短款"),
        ("Ceramic mug", "home", "finish", "matte", "Ceramic mug, matte"),
        ("陶瓷杯，哑光", "home", "finish", "哑光", "陶瓷杯，哑光"),
    ],
)
def test_a_choice_is_written_as_the_brief_is(text, product, kind, value, after):
    assert with_attribute(text, product, kind, value) == after


@pytest.mark.parametrize(
    ("text", "name", "value", "after"),
    [
        ("裙子，文艺风格，连衣裙，圆领", "裙领型", "圆领", "裙子，文艺风格，连衣裙"),
        ("圆领，裙子，文艺风格", "裙领型", "圆领", "裙子，文艺风格"),
        (PAIRS, "颜色", "红色", "类型#上衣*风格#青春"),
        ("红色连衣裙，圆领", "颜色", "红色", "连衣裙，圆领"),
        ("陶瓷马克杯，哑光，带把手", "", "哑光", "陶瓷马克杯，带把手"),
        ("Ceramic mug, matte, large", "", "matte", "Ceramic mug, large"),
        ("陶瓷马克杯", "", "陶瓷", "马克杯"),
        ("马克杯", "", "马克杯", ""),
        ("裙子，圆领", "颜色", "红色", "裙子，圆领"),
    ],
)
def test_one_attribute_goes_and_the_others_stay(text, name, value, after):
    assert without_attribute(text, name, value) == after


def test_every_attribute_shown_can_be_taken_out():
    for text in ("裙子，文艺风格，简约图案，连衣裙，圆领", "类型#上衣*颜色#红色*风格#青春*衣样式#外套*衣长#短款",
                 "挂耳咖啡，浅烘，礼盒装，清晨"):
        for pair in found(parse_brief(text)):
            assert without_attribute(text, *pair) != text, pair


@pytest.mark.parametrize("product", attributes.PRODUCTS)
def test_every_product_has_words_for_every_kind_in_both_languages(product):
    for kind in attributes.kinds(product):
        for language in LANGUAGES:
            assert attributes.values(product, kind, language)
            assert f"ui.kinds.{kind}" in words(language)


@pytest.mark.parametrize(
    ("text", "product"),
    [("连衣裙，圆领", "裙"), ("口红，豆沙色", "beauty"), ("双人帐篷", "outdoors"), ("外套", "上衣")],
)
def test_the_pickers_follow_the_brief(text, product):
    assert product_of(parse_brief(text)) == product


def test_a_point_that_was_written_with_its_name_can_be_taken_out():
    assert without_attribute("品名：马克杯，容量：350ml，哑光", "", "350ml") == "品名：马克杯，哑光"
