"""A drawing shows what the brief names, and never another thing."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.creative.emblems import emblem_for, emblems
from lib_adcopy.creative.maker import make, request_for


@pytest.mark.parametrize(
    ("product", "name"),
    [
        ("老街坊牛肉面", "bowl"), ("儿童学习桌", "desk"), ("零基础钢琴课", "note"), ("马克杯", "cup"),
        ("保温杯", ""), ("面霜", ""), ("茶具套装", ""), ("粉色连衣裙", ""), ("电热水壶", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_what_the_name_says_is_drawn(product, name):
    assert emblem_for(product) == name


@pytest.mark.parametrize("name", ["type-split", "poster-type", "type-frame", "type-list", "type-sale"])
@pytest.mark.parametrize("form", ["xiaohongshu-1:1", "douyin-9:16", "bilibili-16:9"])
def test_every_drawing_layout_is_set_with_and_without_one(name, form):
    for text in ("保温杯，500ml，316不锈钢，119元", "老街坊牛肉面，手工拉面，18元起"):
        made = make(request_for(parse_brief(text), layout=name), form)
        assert made.measures.contrast >= 4.5 and made.measures.overlap == 0 and not made.measures.outside


def test_every_part_names_a_kind_and_a_tone():
    for emblem in emblems().values():
        for part in emblem["parts"]:
            assert part.keys() & {"oval", "box", "poly", "curve", "line", "arc"}
            assert part.get("fill", "none") in ("none", "full", "soft", "paper")
