"""What an owner tells of his shop sells the shop, and words that look like another thing name the right one."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.styles.style import load_styles


def names(brief):
    return [fact.text for fact in brief.facts_of("name")]


def pictured(text):
    return derive_prompt(parse_brief(text), None, load_styles()["classic"], Networks()).positive


@pytest.mark.parametrize(
    ("text", "name", "seen"),
    [
        ("我们民宿在莫干山脚下，一共八间房，大床房平日320，含早餐和现磨咖啡，院里有只橘猫。", "民宿", "guesthouse"),
        ("我这个鱼塘在城西，二十亩，鲫鱼青鱼都有，钓一天60，带走10块一斤。", "鱼塘", "fishing pond"),
        ("开了个小单车维修铺，在河边，补胎12，换链条另算。", "单车维修铺", "repair"),
        ("我哋茶餐廳喺深水埗，凍檸茶18，菠蘿油14，早上7點開門。", "茶餐廳", "tea restaurant"),
        ("我们家咖啡馆在老街口，手冲25，拿铁28，可颂15。", "咖啡馆", "cafe"),
    ],
)
def test_a_shop_told_by_its_owner_is_what_is_for_sale(text, name, seen):
    brief = parse_brief(text)
    assert brief.category == "services"
    assert names(brief)[0] == name
    assert seen in pictured(text)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("我们民宿同款床品四件套，纯棉60支，1.8米床 299元", "home"),
        ("我家火锅店同款牛油底料，500g，微辣中辣，25元", "food"),
        ("开了三年的咖啡豆小店，埃塞俄比亚豆子 227g 68元", "food"),
    ],
)
def test_a_thing_from_a_shop_stays_the_thing(text, category):
    assert parse_brief(text).category == category


@pytest.mark.parametrize(
    ("text", "category", "seen", "unseen"),
    [
        ("上门给狗狗洗澡，车上有热水，小型犬80", "services", "dog", "food"),
        ("鲜花包月，每周一束，99元一个月，首单送花瓶", "services", "flowers", "bag"),
        ("做私房蛋糕第三年，全部动物奶油，6寸158", "food", "cake", "whipped"),
        ("二手绘本论斤卖，正版，30块3斤", "books", "picture book", "hand-painted"),
        ("武夷岩茶 肉桂 中火 8g×12泡 520元", "food", "tea", "packaged"),
        ("遥控攀爬车 1:16 四驱 合金外壳 158元", "toys", "toy car", "cart"),
        ("丹东红颜奶油草莓 3斤装 119元", "food", "strawberries", "cream"),
        ("足银手镯 哑光拉丝 30克 450元", "jewellery", "brushed", "cheese"),
        ("唇泥 雾面 显白 3g 45元", "beauty", "lipstick", "mud"),
    ],
)
def test_words_that_look_like_another_thing(text, category, seen, unseen):
    assert parse_brief(text).category == category
    prompt = pictured(text)
    assert seen in prompt
    assert unseen not in prompt


def test_the_maker_of_a_part_is_no_brand_of_the_product():
    assert not parse_brief("行车记录仪 2K 索尼传感器 夜视 299元").facts_of("brand")


def test_a_name_before_a_model_is_the_brand_and_no_material():
    brief = parse_brief("松石 900G 厨下式净水器 双出水 1599元")
    assert [fact.text for fact in brief.facts_of("brand")] == ["松石"]
    assert not brief.facts_of("material")


def test_nappies_are_no_garment():
    text = "拉拉裤，L码 9-14kg 50片，1.5mm薄，单包55元"
    assert "diapers" in pictured(text)
    assert "woman" not in pictured(text)


def test_the_number_of_a_list_is_no_price():
    brief = parse_brief("PPT线上训练营\n1）每天一节录播\n2）助教批改\n3）199元 老学员99")
    assert brief.facts_of("price")[0].text == "199元"
    assert not any("3）" in each.text or "3)" in each.text for each in brief.statements)


@pytest.mark.parametrize(
    ("text", "kept"), [("遥控车 合金外壳 6岁+ 120元", "6岁+"), ("草莓 大果25克+ 3斤 99元", "25克+")]
)
def test_or_more_keeps_its_sign(text, kept):
    assert kept in " ".join(each.text for each in parse_brief(text).statements)


def test_sold_at_is_a_price():
    assert parse_brief("翡翠平安扣 附證書 售5,200 支持複檢").facts_of("price")


def test_the_english_product_stands_before_its_protection():
    assert names(parse_brief("Sunscreen gel SPF30 PA+++, 60ml, non-greasy. 79 RMB")) == ["Sunscreen gel"]


def test_lessons_with_a_schools_name_are_a_course():
    brief = parse_brief("Group online Cantonese lessons for adults. 120 RMB per lesson. School name: River Path")
    assert brief.category == "courses"
    assert [fact.text for fact in brief.facts_of("brand")] == ["River Path"]
