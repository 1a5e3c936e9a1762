"""The pickers write the brief a seller would have typed, and take out what he takes out, nothing else."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.i18n import LANGUAGES, words
from lib_adcopy.ui import attributes
from lib_adcopy.ui.attributes import product_of, with_attribute

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
