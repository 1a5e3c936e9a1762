"""Facts changed by chips: the brief's own words change, and nothing else in them does."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.fact_edits import with_fact, with_fact_changed, without_fact


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [
        ("保温杯，316不锈钢，500ml", "316不锈钢", "保温杯，500ml"),
        ("保温杯，316不锈钢，500ml", "500ml", "保温杯，316不锈钢"),
        ("保温杯 316不锈钢 500ml", "保温杯", "316不锈钢 500ml"),
        ("品名：保温杯；材质：316不锈钢；容量：500ml", "316不锈钢", "品名：保温杯；容量：500ml"),
        ("- 保温杯\n- 500ml", "500ml", "- 保温杯\n-"),
        ("mug, 350 ml, white", "350 ml", "mug, white"),
        ("保温杯", "保温杯", ""),
        ("类型#上衣*颜色#红色*风格#青春", "红色", "类型#上衣*风格#青春"),
        ("裙子，文艺风格，圆领", "文艺", "裙子，圆领"),
    ],
)
def test_a_fact_is_taken_out_with_its_label_and_one_separator(text, word, left):
    start = text.index(word)
    assert without_fact(text, start, start + len(word)) == left


@pytest.mark.parametrize(
    ("text", "label", "value", "after"),
    [
        ("", "价格", "39元", "价格：39元"),
        ("马克杯，350ml", "价格", "39元", "马克杯，350ml，价格：39元"),
        ("马克杯\n350ml", "价格", " 39元\n", "马克杯\n350ml\n价格：39元"),
        ("mug, white", "price", "$9", "mug, white, price: $9"),
    ],
)
def test_a_fact_is_added_as_the_brief_is_written(text, label, value, after):
    assert with_fact(text, label, value) == after


def test_what_was_misread_gets_its_kind_by_a_label():
    assert with_fact_changed("卫衣，云朵，灰色", 3, 5, "图案", "云朵") == "卫衣，灰色，图案：云朵"
