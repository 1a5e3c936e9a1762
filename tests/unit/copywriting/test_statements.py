"""A brief is cut into the seller's own whole clauses, each with its role."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.statements import ROLES


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
