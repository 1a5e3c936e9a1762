"""A brief is cut into the seller's own whole clauses, each with its role."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.statements import ROLES
from lib_adcopy.errors import AdCopyError


def told(text):
    return [(each.role, each.text) for each in parse_brief(text).statements]


def texts(text, role):
    return [each.text for each in parse_brief(text).statements_of(role)]


@pytest.mark.parametrize(
    ("text", "role", "clause"),
    [
        ("虾饺 500g 虾仁加量到40% 蒸10分钟 32元", "point", "虾仁加量到40%"),
        ("面膜 5片 买二送30ml小样 49元", "offer", "买二送30ml小样"),
        ("洗发水 300ml 油头要先用去屑款 35元", "caveat", "油头要先用去屑款"),
        ("吹风机，1600W，干得快，大概5分钟，不烫手，129元", "point", "干得快，大概5分钟"),
        ("书桌，包邮到家，海南青海除外，3年质保", "service", "包邮到家，海南青海除外"),
        ("双肩包，原价299 现价199，防泼水", "price", "原价299，现价199"),
        ("手账本 120页\n语气像朋友聊天,别太正式", "instruction", "别太正式"),
        ("茶杯 我奶奶用了三年都没裂 39元", "voice", "我奶奶用了三年都没裂"),
    ],
)
def test_what_belongs_together_stays_together(text, role, clause):
    assert (role, clause) in told(text)


def test_a_value_stays_whole_under_the_sellers_heading():
    brief = parse_brief("名称:折叠露营桌\n桌面:铝合金,蛋卷式\n收纳:60*15cm\n价格:189")
    assert [(each.label, each.text) for each in brief.statements if each.role == "attribute"] == [
        ("桌面", "铝合金，蛋卷式"),
        ("收纳", "60*15cm"),
    ]
    assert all(each.text not in ("名称", "桌面", "收纳", "价格") for each in brief.statements)


def test_a_statement_stands_where_it_says_and_has_a_known_role():
    text = "🌸 手工皂 100g\n- 冷制，晾了6周\n- 洗脸洗手都能用！\n（敏感肌先试耳后）"
    for each in parse_brief(text).statements:
        assert each.role in ROLES and 0 <= each.start < each.end <= len(text)
        assert not set("🌸!！") & set(each.text) and not each.text.startswith("-")


def test_a_lone_surrogate_is_cleaned_at_the_door():
    brief = parse_brief("保温杯\ud83d 500ml")
    assert brief.text.encode() and brief.product == "保温杯"


@pytest.mark.parametrize("text", ["https://item.example.com/i?id=123", "59.9元", "券后 ¥128"])
def test_a_link_or_a_price_alone_asks_for_the_product(text):
    with pytest.raises(AdCopyError) as refused:
        parse_brief(text)
    assert refused.value.code == "copywriting.no_product"


@pytest.mark.parametrize(
    ("text", "product", "category"),
    [
        ("家里油烟机洗了吗？拆洗98一台，师傅上门，当天预约", "油烟机", "services"),
        ("露营茶具套装 铝壶+4个茶杯+茶罐 帆布袋装 159元", "茶具", "home"),
        ("《山里的邮局》/ 作者 林小满 / 平装 256页 / 定价45", "《山里的邮局》", "books"),
        ("我们是做台灯的小厂，灯头可转，护眼，129元", "台灯", "home"),
        ("净亮亮 玻璃清洁剂 500ml 喷上一擦就干净 镜子 台面都能用", "清洁剂", "home"),
    ],
)
def test_the_product_is_what_is_sold(text, product, category):
    brief = parse_brief(text)
    assert product in brief.product and brief.category == category


def test_what_was_left_unused_is_told():
    brief = parse_brief("台灯 护眼 129元")
    assert brief.unused == ()


def test_an_asides_sentence_is_kept_whole():
    assert texts("手工皂 100g。我妈用了半年，洗脸都不干了，天天催我补货。29元", "voice") == [
        "我妈用了半年，洗脸都不干了，天天催我补货"
    ]


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("陶瓷花瓶 白色 只要39 包邮", 39.0),
        ("陶瓷花瓶 白色 3斤19.9 包邮", 19.9),
        ("陶瓷花瓶，白色，双11 69，包邮", 69.0),
        ("Oak shelf, 80 cm, EUR 45", 45.0),
        ("陶瓷花瓶 白色 168→128 包邮", 128.0),
        ("蜂蜜 500g 29.9两瓶 顺丰发货", 29.9),
    ],
)
def test_a_price_is_known_in_whatever_form(text, price):
    brief = parse_brief(text)
    assert price in [float(fact.value.split()[0]) for fact in brief.facts_of("price")]
    assert len(brief.statements_of("price")) == 1


def test_a_list_of_places_is_one_use_and_no_product():
    brief = parse_brief("净亮 水垢清洁剂 500ml 龙头 花洒 玻璃都能用 19.9")
    assert "清洁剂" in brief.product
    assert [each.text for each in brief.statements_of("use")] == ["龙头、花洒、玻璃都能用"]
