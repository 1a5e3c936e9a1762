"""What a brief offers and what limits it stands on the creative: no price without its condition, no offer lost."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.creative.maker import make, request_for
from lib_adcopy.creative.planning import plan_content
from lib_adcopy.domain.copy import Copy

PORRIDGE = "【双11大促】山谷坊黑芝麻糊，无添加蔗糖，500g，原价49元，双11价29.9元，买二送一，仅限11月11日"
TRIP = "苏州两日游，含早餐，纯玩无购物，会员价488元，原价599元，8人成团"


@pytest.mark.parametrize(
    ("text", "badge", "note"),
    [
        (PORRIDGE, "买二送一", "仅限11月11日"),
        (TRIP, "", "8人成团"),
        ("考证冲刺班，30天，名师直播，送讲义，399元，仅限100人", "送讲义", "仅限100人"),
        ("老街小面馆，新店开业，骨汤，满30减10，会员价15元起，12月20日前有效", "满30减10", "12月20日前有效，新店开业"),
        ("洁面乳，弱酸性，59元，第二件半价，送起泡网", "第二件半价", "送起泡网"),
        ("成人吉他课，一对一，8节课960元，老学员带新减100，免费试听", "免费试听", "老学员带新减100"),
        ("Cold brew sticks, 12 sticks, no sugar, $18, was $24, free shipping over $30", "", "Free shipping over $30"),
    ],
)  # fmt: skip
def test_the_strongest_offer_is_the_badge_and_what_limits_it_the_note(text, badge, note):
    content = plan_content(parse_brief(text))
    assert (content.badge, content.note) == (badge, note)


def test_a_condition_is_no_selling_point():
    assert "8人成团" not in plan_content(parse_brief(TRIP)).points


def test_a_sale_names_the_price_where_the_badge_says_another_offer():
    content = plan_content(parse_brief("双11大促，花间保湿面霜，神经酰胺，199元，原价299元，前1000名送小样"))
    assert (content.badge, content.price.tag) == ("前1000名送小样", "双11大促")


@pytest.mark.parametrize("layout", ["picture-above", "base-bar", "headline-above", "burst-sale", "glass-panel"])
@pytest.mark.parametrize("format_name", ["xiaohongshu-3:4", "taobao-main", "wechat-cover"])
def test_a_price_stands_with_its_condition_in_layouts_without_a_note(layout, format_name, product):
    made = make(request_for(parse_brief(TRIP), None, [product], layout=layout), format_name)
    assert {"会员价", "8人成团"} <= set(made.lines)
    assert any("599" in line for line in made.lines)


@pytest.mark.parametrize("layout", ["picture-above", "headline-above", "colour-clash", "round-window"])
def test_an_offer_without_room_for_a_badge_is_said_in_type(layout, scene, product):
    from lib_adcopy.creative.layout import get_layout
    from lib_adcopy.creative.selection import Subject

    brief = parse_brief("清川氨基酸洁面乳，弱酸性，不紧绷，到手价69元，原价99元，第二件半价")
    for picture in (scene, product):
        request = request_for(brief, Copy("洗完脸不紧绷", ""), [picture], layout=layout)
        if Subject(request.content, pictures=(picture,)).kind in get_layout(layout).pictures:
            made = make(request, "xiaohongshu-3:4")
            said = "".join(made.lines)
            assert "第二件" in said and "半价" in said
            assert "洁面乳" in said


def test_a_page_has_a_button_beside_its_price_and_a_banner_none(product):
    brief = parse_brief("蓝牙音箱，IPX7防水，续航24小时，499元")
    page = request_for(brief, None, [product], layout="centre-card")
    banner = request_for(brief, None, [product], layout="base-bar")
    assert page.content.cta in make(page, "story-9:16").lines
    assert banner.content.cta not in make(banner, "taobao-banner").lines
