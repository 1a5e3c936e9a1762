"""Briefs typed in one breath, with prices without a sign, typing errors and lists within a line."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief


def _said(text: str) -> list[tuple[str, str]]:
    return [(each.role, each.text) for each in parse_brief(text).statements]


def test_a_line_without_marks_is_cut_and_nothing_is_lost() -> None:
    told = _said("电脑支架铝合金的不要胶水一夹就行黑银都有39一个")
    assert told[0] == ("product", "电脑支架")
    assert told[-1] == ("price", "39一个")
    assert "".join(text for _, text in told).replace("、", "") == "电脑支架铝合金的不要胶水一夹就行黑银都有39一个"


@pytest.mark.parametrize(
    ("text", "name", "category"),
    [
        ("手工荠菜饺 现包现冻 一斤28", "荠菜饺", "food"),
        ("旧书整箱卖 10元一斤 书况一般", "旧书", "books"),
        ("修锁换锁 半夜也能上门 工具自带", "修锁换锁", "services"),
        ("老陈的豆花店 红糖口味 任选加料：花生、葡萄干", "豆花", "food"),
        ("手工冷制皂 油品：橄榄油、椰子油 闻起来像刚泡开的茶", "手工冷制皂", "beauty"),
    ],
)
def test_the_product_is_what_is_sold_and_no_verb_that_sounds_like_a_thing(text: str, name: str, category: str) -> None:
    brief = parse_brief(text)
    assert name in brief.facts_of("name")[0].text
    assert brief.category == category


@pytest.mark.parametrize(
    ("clause", "role"),
    [
        ("一对68包油", "price"),
        ("199送琴包", "price"),
        ("26一支，三支70", "price"),
        ("可定时", "point"),
        ("城北30分钟左右到", "service"),
        ("先报价后动手", "service"),
        ("在二中对面三楼", "place"),
        ("内侧免费刻字6个字以内", "offer"),
        ("这个最好写进去", "instruction"),
        ("请大家多包涵", "voice"),
    ],
)
def test_a_clause_has_the_role_of_what_it_says(clause: str, role: str) -> None:
    told = _said(f"蜂蜜柚子茶，手工熬的，{clause}")
    assert role in [each for each, text in told if text[:3] == clause[:3]]


def test_words_typed_for_ones_of_the_same_sound_are_put_right() -> None:
    told = _said("珊瑚色口红，黄皮也能图，一支39包油")
    assert "黄皮也能涂" in [text for _, text in told]
    assert ("price", "一支39包邮") in told


def test_a_list_within_a_line_has_a_statement_for_each_thing() -> None:
    brief = parse_brief("两款手套一起上：1)皮手套，加绒，59 2)毛线手套，露指，29")
    assert [fact.text for fact in brief.facts_of("name")][:2] == ["皮手套", "毛线手套"]


def test_the_pieces_of_a_pack_stay_with_the_number_of_packs() -> None:
    assert "60抽*8包" in [fact.text for fact in parse_brief("抽纸60抽*8包 原木浆 29.9").facts_of("quantity")]


def test_an_english_seller_names_what_he_makes() -> None:
    brief = parse_brief("hello! we make tea towels for kitchens. Colors: sage, rust, cream. 1 for $9, 2 for $16")
    assert brief.facts_of("name")[0].text == "tea towels"
    assert [each.text for each in brief.statements][:2] == ["tea towels for kitchens", "sage, rust, cream"]
    assert ("price", "1 for $9, 2 for $16") in [(each.role, each.text) for each in brief.statements]


def test_lessons_under_the_name_of_what_is_learnt_are_a_course() -> None:
    assert parse_brief("零基础吉他 线上10节课 199元 开课3天内可退").category == "courses"
    assert parse_brief("民谣吉他 38寸 送10节课 299元").category != "courses"


def test_what_a_heading_alone_names_is_a_product() -> None:
    assert _said("自家做的卤味价目：\n卤牛肉 60/斤\n鸭翅 30/斤")[0] == ("product", "卤味")


def test_a_sentence_is_no_value_of_a_label() -> None:
    told = parse_brief("A4复印纸 80g 双面印不卡纸 一箱5包").statements
    assert "材质" not in [each.label for each in told]


def test_prices_of_one_and_of_two_are_told_apart_without_marks() -> None:
    told = _said("骑行雨衣单人加厚不闷气带反光条大帽檐35两件65包油")
    assert ("price", "35，两件65") in told


def test_a_pack_behind_a_price_for_one_stays_whole() -> None:
    told = [text for _, text in _said("手工水饺 荠菜鲜肉 22一盒 18个装 同城送")]
    assert told[2:4] == ["22一盒", "18个装"]


def test_one_of_the_colours_to_choose_from_is_an_attribute_of_the_picture() -> None:
    from lib_adcopy.domain.prompt import Networks
    from lib_adcopy.prompting.derive import derive_prompt
    from lib_adcopy.prompting.styles.style import load_styles

    brief = parse_brief("男士速干短裤 松紧腰 黑/灰 29一条")
    said = derive_prompt(brief, None, load_styles()["classic"], Networks()).positive
    assert "black" in said
    assert "gray" not in said


def test_what_is_said_of_both_products_is_not_the_second_ones_alone() -> None:
    told = parse_brief("两款手套一起上：1)皮手套，加绒，59 2)毛线手套，露指，29。都是均码，两双一起拍80").statements
    assert [each.product for each in told if each.text in ("露指", "29")] == [1, 1]
    assert [each.product for each in told if each.text in ("都是均码", "两双一起拍80")] == [0, 0]


def test_sizes_and_the_price_behind_them_are_two_statements() -> None:
    told = _said("男士速干短裤 松紧腰 M到4XL 29一条50两条")
    assert told[-2:] == [("attribute", "M到4XL"), ("price", "29一条50两条")]
