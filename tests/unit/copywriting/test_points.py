"""A point is spoken of as what it is: a colour as a colour, a place as a place."""

from __future__ import annotations

import random
import threading

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.writers.points import kind_of_point, spoken_of
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.domain.writing import Sampling

KINDS = {
    "奶白色": "colour", "雾霾蓝": "colour", "窗边": "indoors", "森林": "outdoors", "清晨": "time", "陶瓷": "material",
    "实木": "material", "哑光": "finish", "礼盒装": "packaging", "浅烘": "taste", "薰衣草": "scent", "三层": "measure",
    "500ml": "measure", "A5": "size", "20寸": "size",
    "成猫": "whom", "埃塞俄比亚": "origin", "方形": "shape", "降噪": "feature", "可折叠": "feature",
    "带把手": "feature",
    "适合送给妈妈的生日礼物": "statement",
}  # fmt: skip


@pytest.mark.parametrize(("point", "kind"), KINDS.items())
def test_a_points_kind(point, kind):
    assert kind_of_point(point, "zh") == kind


@pytest.mark.parametrize(
    ("point", "kind"),
    [("milk white", "colour"), ("solid wood", "material"), ("by the window", "place"), ("handmade", "feature")],
)
def test_a_points_kind_in_english(point, kind):
    assert kind_of_point(point, "en") == kind


def test_every_point_is_spoken_of_once():
    points = list(KINDS)
    for seed in range(20):
        spoken = spoken_of(points, "zh", "home", random.Random(seed), together=True)
        told = [word for _, said in spoken for word in said]
        assert sorted(told) == sorted(points)


BRIEFS = (
    "陶瓷马克杯，奶白色，哑光，带把手", "无线蓝牙耳机，白色，降噪，便携", "猫爬架，实木，三层，窗边",
    "挂耳咖啡，浅烘，礼盒装",
)  # fmt: skip


@pytest.mark.parametrize("words", BRIEFS)
def test_other_products_get_copy_that_says_every_point_and_is_well_formed(words):
    brief = parse_brief(words)
    for seed in range(30):
        drafts = TemplateWriter().write(brief, count=1, seed=seed, sampling=Sampling(), stop=threading.Event())
        body = list(drafts)[-1].copy.body
        assert all(point in body or point == brief.product for point in brief.points)
        assert not set("{}[]|") & set(body)
        sentences = [sentence for sentence in body.split("。") if sentence]
        assert len(sentences) == len(set(sentences))


def test_what_can_be_adjusted_is_no_festival():
    assert kind_of_point("可调节", "zh") == "feature"
    assert kind_of_point("中秋节", "zh") == "time"
