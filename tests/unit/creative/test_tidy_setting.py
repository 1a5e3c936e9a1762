"""Nothing stands on the product or on a ring, nothing is said twice, the AI label is as high as the law asks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib_adcopy.creative.canvas import RING, mean_in
from lib_adcopy.creative.elements import Shape
from lib_adcopy.creative.lines import breaks
from lib_adcopy.creative.maker import Request, make
from lib_adcopy.creative.palettes import from_picture
from lib_adcopy.creative.picture import AnalysedPicture

SHAPES = ("xiaohongshu-3:4", "taobao-main", "douyin-9:16", "bilibili-16:9")


def request_of(content, pictures=(), **options):
    return Request(content, "", "beauty", pictures=tuple(pictures), label="AI生成", **options)


@pytest.fixture(scope="module")
def cut_out():
    """A green tin with nothing around it."""
    image = Image.new("RGBA", (480, 640), (255, 255, 255, 0))
    ImageDraw.Draw(image).rounded_rectangle((120, 120, 360, 560), 30, fill=(30, 80, 50, 255))
    return AnalysedPicture(image)


@pytest.mark.parametrize("format_name", SHAPES)
def test_type_keeps_clear_of_a_ring(format_name, content, product):
    made = make(request_of(content, [product], layout="round-window"), format_name).arrangement
    ring = made.pictures[0].box.grown(RING * min(made.order.format.size))
    kept = [text for text in made.texts if text.slot in ("headline", "points", "price", "label")]
    assert kept and not any(text.box.overlap(ring) > 0 for text in kept)


@pytest.mark.parametrize("format_name", SHAPES)
@pytest.mark.parametrize("layout", ["base-bar", "burst-sale", "round-window", "arch-window"])
def test_no_badge_stands_on_the_product(format_name, layout, content, cut_out):
    made = make(request_of(content, [cut_out], layout=layout), format_name).arrangement
    for badge in (each for each in made.elements if isinstance(each, Shape) and each.slot == "badge"):
        assert mean_in(made.subject > 0.5, badge.box, made.order.format.size) == 0


@pytest.mark.parametrize("format_name", SHAPES)
def test_the_label_is_no_higher_than_asked(format_name, content, product):
    made = make(request_of(content, [product]), format_name)
    label = next(text for text in made.arrangement.texts if text.slot == "label")
    assert 0.05 <= label.box.height / min(made.image.size) < 0.062
    assert label.style.weight <= 400


def test_a_brand_that_the_headline_says_is_not_said_above_it(content, product):
    twice = replace(content, headline="LUMEN 补水精华")
    texts = make(request_of(twice, [product], layout="base-bar"), "xiaohongshu-3:4").arrangement.texts
    assert sum("LUMEN" in text.text for text in texts) == 1


def test_the_last_of_three_points_is_no_orphan(content, product):
    long = replace(content, points=("可以整机水洗的设计", "三档风速随手调节", "一键静音睡眠模式"))
    for format_name in SHAPES:
        made = make(request_of(long, [product], layout="round-window"), format_name).arrangement
        rows = [text.y for text in made.texts if text.slot == "points"]
        counts = sorted(rows.count(y) for y in set(rows))
        assert len(set(counts)) <= 1, format_name


def test_a_name_is_not_parted_before_its_noun():
    assert breaks("木里良品儿童学习桌", 2)[0] == ("木里良品", "儿童学习桌")


def test_a_cut_out_has_no_rim_of_its_old_ground():
    image = Image.new("RGB", (480, 640), (250, 250, 250))
    ImageDraw.Draw(image).rectangle((140, 160, 340, 500), fill=(190, 40, 40))
    alone = np.asarray(AnalysedPicture(image).cutout)
    seen = alone[alone[..., 3] > 128][:, :3].astype(int)
    assert (seen[:, 1] < 110).all()


def test_a_cut_out_without_ground_stands_on_the_layouts(content, cut_out):
    made = make(request_of(content, [cut_out], layout="base-bar"), "xiaohongshu-3:4")
    assert made.image.getpixel((20, made.image.height // 3)) != (255, 255, 255)


def test_large_areas_take_a_restrained_colour_of_the_picture(cut_out):
    palette = from_picture(cut_out)
    red, green, blue = palette.surface("accent").fill
    assert green > red and green > blue and green < 130
