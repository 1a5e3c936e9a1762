"""A brief is read into facts of the right kind, whatever form a seller types it in."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.script import in_script_of
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.facts import FACT_KINDS


def told(text, **settings):
    return {(fact.kind, fact.text) for fact in parse_brief(text, **settings).facts}


def values(text, kind):
    return [fact.value for fact in parse_brief(text).facts if fact.kind == kind]


FORMS = [
    "玻璃水杯 白色 350ml 29.9元", "玻璃水杯，白色，350ml，29.9元", "玻璃水杯/白色/350ml/29.9元",
    "- 玻璃水杯\n- 白色\n- 350ml\n- 29.9元", "1. 玻璃水杯\n2. 白色\n3. 350ml\n4. 29.9元",
    "【玻璃水杯】白色（350ml）29.9元", "🌸玻璃水杯🌸白色✨350ml✨29.9元",
    "品名：玻璃水杯；颜色：白色；容量：350ml；价格：29.9元", "https://example.com/a?id=1 玻璃水杯 白色 350ml 29.9元",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_every_form_says_the_same(text):
    assert {("name", "水杯"), ("material", "玻璃"), ("colour", "白色"), ("capacity", "350ml"), ("price", "29.9元")} <= (
        told(text) | ({("name", "水杯"), ("material", "玻璃")} if ("name", "玻璃水杯") in told(text) else set())
    )
    assert parse_brief(text).category == "home"


ODD = ["類型＃裙＊顏色＃藍色", "  連衣裙\u200b，藍色<b>純棉</b>", "Oak desk, 120x60cm, $89"]


@pytest.mark.parametrize("text", [*FORMS, *ODD])
def test_a_facts_text_stands_where_it_says(text):
    for fact in parse_brief(text).facts:
        assert text[fact.start : fact.end] == fact.text and fact.kind in FACT_KINDS


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("剪刀 19.9元/把", "price", "19.9 CNY/把"),
        ("露营灯 0.8 kg", "weight", "0.8 kg"),
        ("面巾纸 120抽/包", "quantity", "120抽/包"),
        ("台灯 到手价99元", "price", "99.0 CNY"),
        ("围巾 原价199现价129", "list_price", "199.0 CNY"),
        ("围巾 原价199现价129", "price", "129.0 CNY"),
        ("苹果 3斤装25，6斤装45", "price", "25.0 CNY/3斤"),
        ("Steel kettle, 1.7 L, £35", "price", "35.0 GBP"),
    ],
)
def test_amounts_have_their_value(text, kind, value):
    found = [each.replace(" 抽", "抽") for each in values(text, kind)]
    assert value in found


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("饼干 每包30g 独立包装", "food"),
        ("口红 不沾杯 正红色", "beauty"),
        ("键盘 客制化键帽 红轴", "electronics"),
        ("儿童画册 48页 精装", "books"),
        ("宠物雨衣 反光 大型犬", "pets"),
        ("翡翠吊坠 附证书", "jewellery"),
        ("汽车脚垫 全包围", "cars"),
        ("零基础吉他课 12节", "courses"),
        ("上门保洁 4小时 120元", "services"),
        ("绿萝盆栽 好养", "plants"),
        ("瑜伽垫 加厚 防滑", "sports"),
        ("空气炸锅 5L 可视窗口", "appliances"),
        ("木质积木 100粒 3岁以上", "toys"),
        ("PPT模板 商务风 可编辑", "digital"),
        ("龘靐 好东西", "other"),
    ],
)
def test_the_category_follows_the_product(text, category):
    assert parse_brief(text).category == category


def test_a_name_in_front_is_no_product():
    brief = parse_brief("云岫 Q7 空气炸锅 5L", brand_words=("云岫",))
    assert {("brand", "云岫"), ("model", "Q7"), ("name", "空气炸锅"), ("capacity", "5L")} <= told(brief.text)
    assert ("name", "手机壳") in told("Galaxy S24 Ultra 手机壳 磁吸")


def test_offers_contacts_and_deadlines_are_what_they_are():
    found = told("烫染 全场8折 满200减30 第二件半价 电话13800001111 微信号：salon_88 12月5日截止")
    assert {"offer", "contact", "deadline"} <= {kind for kind, _ in found}
    assert sum(kind == "offer" for kind, _ in found) == 3 and sum(kind == "contact" for kind, _ in found) == 2


def test_asides_denials_and_what_is_worn_with_it_are_no_facts():
    found = " ".join(text for _, text in told("针织衫 米色 我165穿M 不是那种紧身的 里面配个衬衫"))
    assert "165" not in found and "紧身" not in found and "衬衫" not in found


def test_a_latin_word_matches_whole_words_only():
    assert ("风格", "ol") not in parse_brief("Stroll连衣裙，蓝色").attributes


def test_a_product_page_is_read_and_not_refused():
    page = "玻璃水杯\n材质：玻璃\n容量：350ml\n" + "这一段说的是怎样使用和清洗。\n" * 300
    assert ("capacity", "350ml") in told(page) and parse_brief(page).category == "home"


def test_a_brief_in_traditional_characters_is_answered_in_them():
    brief = parse_brief("無線吸塵器，白色，續航60分鐘")
    assert brief.category == "appliances" and ("name", "無線吸塵器") in told(brief.text)
    copy = Copy("无线吸尘器", "续航60分钟。", ("吸尘器",))
    assert in_script_of(copy, brief.text) == Copy("無線吸塵器", "續航60分鐘。", ("吸塵器",))
    assert in_script_of(copy, "无线吸尘器，白色") == copy


def test_a_caveat_is_not_whom_the_product_is_for():
    facts = parse_brief("跑鞋 缓震回弹 新手慢跑不太建议").facts
    assert [fact.kind for fact in facts if "不太建议" in fact.text] == ["feature"]


def test_a_band_of_radio_is_no_weight():
    facts = parse_brief("键盘 2.4G 蓝牙双模 87键").facts
    assert [(fact.kind, fact.value) for fact in facts if fact.text == "2.4G"] == [("function", "")]


def test_a_price_before_free_postage_is_a_price():
    facts = parse_brief("绿萝 盆栽 带盆 29.9包邮").facts
    assert [(fact.kind, fact.text, fact.value) for fact in facts if "9" in fact.text] == [("price", "29.9", "29.9 CNY")]
    assert [fact.kind for fact in facts if fact.text == "包邮"] == ["service"]


def test_a_count_behind_a_sign_and_an_old_price_are_no_price():
    facts = parse_brief("零食箱，海苔脆60g*2，【价格】原价99 现价59").facts
    assert [fact.text for fact in facts if fact.kind == "price"] == ["现价59"]
    assert [fact.text for fact in facts if fact.kind == "list_price"] == ["原价99"]
