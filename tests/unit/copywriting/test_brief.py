"""A seller's words become attributes, selling points and a category; bad input is one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib_adcopy.copywriting.brief import MAX_CHARACTERS, parse_brief
from lib_adcopy.errors import AdCopyError


def test_free_text_becomes_attributes():
    brief = parse_brief("裙子，文艺风格，简约图案，连衣裙，圆领")
    assert brief.adgen == "类型#裙*风格#文艺*图案#简约*裙长#连衣裙*裙领型#圆领"
    assert (brief.category, brief.product, brief.points) == ("clothing", "连衣裙", ())


def test_adgen_pairs_are_read_as_they_are():
    text = "类型#上衣*颜色#红色*风格#青春*衣样式#外套*衣长#短款"
    assert parse_brief(text).adgen == text


def test_the_garment_decides_what_a_word_means():
    assert ("裙领型", "v领") in parse_brief("连衣裙，V领").attributes
    assert ("衣领型", "v领") in parse_brief("衬衫，V领").attributes


def test_unknown_words_stay_as_selling_points():
    assert parse_brief("宽松阔腿裤，垂感好").points == ("垂感好",)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("陶瓷马克杯，奶白色", "home"),
        ("无线蓝牙耳机，降噪", "electronics"),
        ("猫粮，鸡肉味", "pets"),
        ("哑光口红，豆沙色", "beauty"),
        ("手冲咖啡豆，浅烘", "food"),
        ("婴儿推车，可折叠", "mother_baby"),
        ("双人帐篷，防雨", "outdoors"),
        ("黄铜书签", "books"),
        ("Camping tent, green", "outdoors"),
        # The last word of a phrase is what the thing is.
        ("茶杯", "home"),
        ("咖啡机，意式", "appliances"),
        ("抹茶蛋糕卷", "food"),
        ("牛奶沐浴露", "beauty"),
        ("苹果手机壳，透明", "electronics"),
        ("Coffee mug, blue", "home"),
        # Whom it is for comes first, unless he is only drawn on it.
        ("宠物推车，轻便", "pets"),
        ("儿童水杯", "mother_baby"),
        ("Leather dog collar", "pets"),
        ("猫咪图案马克杯，陶瓷", "home"),
        ("孕妇连衣裙", "clothing"),
    ],
)
def test_the_category_is_recognised(text, category):
    assert parse_brief(text).category == category


def test_a_cake_is_no_skirt():
    assert parse_brief("抹茶蛋糕卷，动物奶油").attributes == ()
    assert ("裙型", "蛋糕") in parse_brief("蛋糕裙，雪纺").attributes


@pytest.mark.parametrize("text", ["", "   ", "，，。", "\u200b\x07", "<br>"])
def test_a_brief_without_words_is_refused_in_one_sentence(text):
    with pytest.raises(AdCopyError) as refused:
        parse_brief(text)
    assert refused.value.code == "copywriting.empty_brief"
    assert "\n" not in refused.value.message.text("zh")


def test_a_pasted_page_is_refused_with_its_length():
    with pytest.raises(AdCopyError, match="20000"):
        parse_brief("裙" * 20000)
    parse_brief("裙" * MAX_CHARACTERS)


def test_markup_and_control_characters_do_not_get_through():
    brief = parse_brief("连衣裙<lora:x:1>，<script>alert(1)</script>红色\x00\u202e")
    assert not set("<>\x00\u202e") & set(brief.text)
    assert ("颜色", "红色") in brief.attributes


def test_products_not_in_the_lists_are_recognised_by_what_they_are():
    listed = json.loads((Path(__file__).parent / "categories_unseen.json").read_text(encoding="utf-8"))
    wrong = [word for category, words in listed.items() for word in words if parse_brief(word).category != category]
    assert len(wrong) <= 0.05 * sum(map(len, listed.values())), wrong


@pytest.mark.parametrize(
    ("text", "product", "points"),
    [
        ("羽绒服，黑色，宽松，冬天", "羽绒服", ("冬天",)),
        ("旗袍，香云纱，立领", "旗袍", ("香云纱",)),
        ("一条黑色连衣裙夏季", "连衣裙", ("夏季",)),
        ("厚羽绒服", "厚羽绒服", ()),
    ],
)
def test_garments_the_data_set_does_not_know_and_what_stands_around_them(text, product, points):
    brief = parse_brief(text)
    assert (brief.product, brief.points) == (product, points)
    assert brief.attributes[0][0] == "类型"


def test_what_a_dog_wears_is_no_garment_of_ours():
    brief = parse_brief("狗狗雨衣，反光条，防水")
    assert (brief.category, brief.product, brief.attributes) == ("pets", "狗狗雨衣", ())


@pytest.mark.parametrize(
    ("text", "attributes", "points"),
    [
        (
            "类型：裙；颜色：红色；裙长：连衣裙；尺码：均码",
            (("类型", "裙"), ("颜色", "红色"), ("裙长", "连衣裙")),
            ("均码",),
        ),
        (
            "裤子：直筒，颜色: 卡其, 面料：纯棉",
            (("类型", "裤"), ("裤型", "直筒裤"), ("颜色", "卡其色"), ("材质", "棉")),
            (),
        ),
        (
            "类型#裙,颜色#红色；材质#雪纺，适合小个子",
            (("类型", "裙"), ("颜色", "红色"), ("材质", "雪纺")),
            ("适合小个子",),
        ),
        ("品名：马克杯，材质：陶瓷，容量：350ml", (), ("马克杯", "陶瓷", "350ml")),
    ],
)
def test_names_before_values_are_read_as_product_pages_write_them(text, attributes, points):
    brief = parse_brief(text)
    assert (brief.attributes, brief.points) == (attributes, points)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("男士羊毛大衣，双排扣，翻领", "大衣"),
        ("牛仔夹克，宽松", "牛仔夹克"),
        ("一条连身裙，圆领", "连身裙"),
        ("白色T恤，圆领", "T恤"),
        ("牛仔裤，高腰，阔腿", "牛仔裤"),
        ("裙子，百褶，A字", "百褶裙"),
        ("类型#上衣*衣样式#外套", "外套"),
    ],
)
def test_the_product_is_called_as_the_seller_calls_it(text, product):
    assert parse_brief(text).product == product


def test_pairs_that_name_a_product_and_its_points_are_read_as_words_are():
    words, pairs = parse_brief("口红，哑光，显白"), parse_brief("卖点#哑光*产品#口红*卖点#显白")
    assert (pairs.product, pairs.points, pairs.attributes, pairs.category) == ("口红", words.points, (), words.category)
    assert parse_brief("产品#杯子*颜色#红").product == "杯子"
