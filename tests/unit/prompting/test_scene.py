"""The scene: what is said to be there and can be seen, one of each kind; a model's help without its inventions."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.reading.clauses import affirmed
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.styles.style import load_styles

CLASSIC = load_styles()["classic"]


def scene(body, brief="陶瓷马克杯，白色", **options):
    return derive_prompt(parse_brief(brief), Copy("", body), CLASSIC, Networks(), **options).scene


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("不是红色", ""),
        ("告别厚重", ""),
        ("告别厚重，迎来春天", "，春天"),
        ("不是夏天而是秋天", "秋天"),
        ("像春天一样温柔", "温柔"),
        ("犹如海边的微风", ""),
        ("比棉布更柔软", "柔软"),
        ("性价比高", "性价比高"),
        ("不仅有春天", "不仅有春天"),
        ("图像清晰，摄像头", "图像清晰，摄像头"),
        ("无袖连衣裙", "无袖连衣裙"),
    ],
)
def test_what_is_denied_or_only_compared_is_not_there(text, left):
    assert affirmed(text).replace("迎来", "") == left


def test_only_one_of_each_kind_and_the_first_said():
    assert scene("秋天的森林里，夕阳很温柔，冬天也好，海边也好") == (
        "sunset light",
        "in a forest",
        "autumn",
        "gentle mood",
    )


def test_the_brief_is_heard_before_the_copy():
    assert scene("海边的夏天", brief="马克杯，书房，冬天") == ("in a study room", "winter")


def test_what_cannot_be_seen_adds_nothing():
    assert scene("显瘦百搭，性价比超高，全国包邮，送礼首选，舒适透气") == ()


def test_nothing_of_a_copy_that_denies_the_scene():
    assert scene("告别夏天，不再去海边，像森林一样") == ()


def test_a_party_is_for_people_and_a_table_is_for_things():
    assert scene("派对上") == () and scene("派对上", brief="连衣裙") == ("at a party",)
    assert scene("放在书桌上") == ("on a desk",) and scene("放在书桌上", brief="连衣裙") == ()


def test_the_light_that_is_said_takes_the_styles_place():
    street = load_styles()["street"]
    for body, light, gone in (("夜晚", "at night", "daylight"), ("", "daylight", "at night")):
        positive = derive_prompt(parse_brief("连衣裙"), Copy("", body), street, Networks()).positive
        assert light in positive and gone not in positive and "85mm lens" in positive


def test_a_style_outdoors_stays_outdoors():
    style = load_styles()["golden_hour"]
    for body, place in (("在咖啡馆里", "outdoor meadow"), ("在海边", "at the seaside")):
        positive = derive_prompt(parse_brief("连衣裙"), Copy("", body), style, Networks()).positive
        assert place in positive and "cafe" not in positive
