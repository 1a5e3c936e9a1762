"""What a creative takes from a seller's words: whole phrases, the price with its condition, never a splinter."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.creative.planning import plan_content
from lib_adcopy.domain.copy import Copy


def planned(text, copy=None):
    return plan_content(parse_brief(text), copy)


def test_points_are_the_sellers_own_phrases():
    content = planned("宠物寄养，家庭式一对一，每天遛两次，早晚拍视频报平安，小型犬68元/天，新客首日半价")
    assert content.headline == "宠物寄养"
    assert content.points == ("家庭式一对一", "每天遛两次", "早晚拍视频报平安")
    assert content.badge == "新客首日半价"


@pytest.mark.parametrize(
    ("text", "tag", "price", "was"),
    [
        ("北京三日游，会员价612元，原价799元", "会员价", "¥612", "799"),
        ("即食燕麦片，原价59元，双11价36.8元", "双11价", "¥36.8", "59"),
        ("自驾租车，SUV日租199元起，全险", "SUV日租", "¥199起", ""),
        ("零基础钢琴课，一对一，每节45分钟，8节课980元", "8节课", "¥980", ""),
        ("可视空气炸锅，6.5L大容量，299元，到手259", "到手价", "¥259", ""),
        ("Python数据分析课，早鸟价499（原价899）", "早鸟价", "¥499", "899"),
        ("蓝牙音箱，499元", "", "¥499", ""),
    ],
)
def test_a_price_keeps_its_condition(text, tag, price, was):
    found = planned(text).price
    assert (found.tag, found.text, found.was) == (tag, price, was)


def test_a_shelf_price_elsewhere_is_no_price_before():
    assert planned("扫地机器人X3，激光导航，众筹价1699，后面零售2399").price.was == ""


def test_a_brand_before_the_product_is_no_point():
    content = planned("LUMEN 露门 玻尿酸补水精华 30ml，无香精，敏感肌可用，到手价129元")
    assert content.headline == "玻尿酸补水精华"
    assert "露门" not in content.points


def test_a_title_for_a_search_is_no_headline():
    title = "雾蓝色轻巧远山316不锈钢保温杯240g 500ml水杯杯子学生上班族"
    assert planned("远山316不锈钢保温杯，500ml，119元", Copy(title, "")).headline == "远山316不锈钢保温杯"


def test_a_sellers_own_title_stays():
    assert planned("陶瓷马克杯，350ml，39元", Copy("周一的第一口", "")).headline == "周一的第一口"


def test_a_value_without_a_letter_is_neither_point_nor_specification():
    content = planned("类型#裙*颜色#--*材质#~~*图案#碎花")
    assert all(text.strip("-~ ") for text in (*content.points, *(value for _, value in content.specs)))


def test_a_bottles_own_weight_is_no_net_weight():
    assert ("重量", "240g轻巧") in planned("远山316不锈钢保温杯，500ml，240g轻巧，雾蓝色，119元").specs
    assert any(name == "净含量" for name, _ in planned("即食燕麦片，净含量420g，36元").specs)


@pytest.mark.parametrize("name", ["colour-clash", "picture-above", "headline-above"])
def test_the_products_name_is_kept_where_a_layout_has_no_second_line(name):
    from PIL import Image

    from lib_adcopy.creative.maker import make, request_for
    from lib_adcopy.creative.picture import AnalysedPicture

    brief = parse_brief("气咕咕西柚气泡水，0糖0脂，330ml*12罐，券后29.9元")
    picture = AnalysedPicture(Image.new("RGB", (300, 400), (240, 240, 240)))
    made = make(request_for(brief, Copy("夏天就要冰着喝", ""), [picture], layout=name), "xiaohongshu-3:4")
    assert any("气泡水" in line for line in made.lines)
