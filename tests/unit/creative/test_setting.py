"""A creative has the platform's exact size; everything it says can be read, nothing covers anything else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib_adcopy.creative.colour import ENOUGH, contrast
from lib_adcopy.creative.content import Content, Price
from lib_adcopy.creative.layout import layouts
from lib_adcopy.creative.maker import Request, make, thumbnails
from lib_adcopy.creative.palettes import palettes
from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.sizes import formats

SHAPES = ("xiaohongshu-3:4", "taobao-main", "douyin-9:16", "bilibili-16:9", "wechat-cover", "taobao-banner")
SMALL = "wechat-cover"


def request_of(content, pictures=(), **options):
    words = "双11大促 茶 春节"
    return Request(content, words, "beauty", pictures=tuple(pictures), label="AI生成", **options)


def pictures_for(layout, product, scene):
    return [product] if "cutout" in layout.pictures else [scene] * 2 if "scene" in layout.pictures else []


@pytest.mark.parametrize("format_name", sorted(formats()))
def test_it_has_the_formats_size(format_name, content, product):
    made = make(request_of(content, [product]), format_name)
    assert made.image.size == formats()[format_name] and made.image.mode == "RGB"


@pytest.mark.parametrize("name", sorted(name for name, layout in layouts().items() if layout.family != "white"))
def test_every_layout_keeps_the_rules(name, content, product, scene):
    pictures = pictures_for(layouts()[name], product, scene)
    for format_name in SHAPES:
        made = make(request_of(content, pictures, layout=name), format_name)
        assert made.measures.contrast >= ENOUGH, format_name
        assert made.measures.overlap == 0, format_name
        assert not made.measures.outside, format_name
        assert "AI生成" in made.lines
        assert any("熬夜脸" in line for line in made.lines), format_name


def test_the_label_is_as_high_as_the_law_asks(content, product):
    for name in SHAPES:
        made = make(request_of(content, [product]), name)
        label = next(text for text in made.arrangement.texts if text.slot == "label")
        assert label.box.height >= 0.05 * min(made.image.size)


def test_one_seed_makes_one_creative_and_another_another_layout(content, product):
    first, again = (make(request_of(content, [product], seed=3), SMALL) for _ in range(2))
    assert first.image.tobytes() == again.image.tobytes()
    orders = [make(request_of(content, [product], seed=seed), SMALL).arrangement.order for seed in range(4)]
    assert len({order.layout.name for order in orders}) >= 3


def test_a_slot_is_edited_and_switched_off(content, product):
    edits = {"headline": "换一句标题", "price": "88|120", "badge": None, "points": "一个卖点,两个卖点"}
    made = make(request_of(content, [product], layout="headline-above", edits=edits), "xiaohongshu-3:4")
    assert "换一句标题" in made.lines and "88" in made.lines and "原价¥120" in made.lines
    assert "新品首发" not in made.lines and "两个卖点" in made.lines


def test_a_price_before_is_drawn_only_where_there_is_one(content, product):
    bare = replace(content, price=Price("129"))
    assert not any("原价" in line for line in make(request_of(bare, [product]), "xiaohongshu-3:4").lines)


@pytest.mark.parametrize("format_name", SHAPES)
def test_long_and_short_content_fit(format_name, product):
    long = Content(
        "这是一个特别特别长的标题一共有二十四个字还多一点",
        "副标题也不短哦",
        ("八个字的卖点一二",) * 3,
        Price("12999", "90", was="15999"),
    )
    for content in (long, Content("茶")):
        made = make(request_of(content, [product]), format_name)
        assert not made.measures.outside and made.measures.overlap == 0
        assert content.headline[:2] in "".join(made.lines)


def test_thumbnails_are_of_this_ad_in_different_layouts(content, product):
    made = dict(thumbnails(request_of(content, [product]), "xiaohongshu-3:4", count=4))
    assert len(made) == 4 and all(image.width == 240 for image in made.values())


def test_a_white_ground_holds_no_type_and_needs_a_picture(content, product):
    made = make(request_of(content, [product]), "taobao-white")
    assert made.lines == () and made.image.getpixel((5, 5)) == (255, 255, 255)
    with pytest.raises(AdCopyError):
        make(request_of(content), "taobao-white")


def test_the_product_on_a_white_ground_keeps_its_colour(content, product):
    red, green, blue = make(request_of(content, [product]), "taobao-white").image.getpixel((400, 420))
    assert red > 150 and green < 80 and blue < 90


@pytest.mark.parametrize("palette", palettes(), ids=lambda palette: palette.name)
def test_palettes_are_readable(palette):
    for name in ("card", "accent", "dark", "paper"):
        surface = palette.surface(name)
        assert min(contrast(surface.ink, surface.fill), contrast(surface.accent, surface.fill)) >= ENOUGH
        assert contrast(*palette.buttons(name)) >= ENOUGH


def test_an_unknown_layout_or_format_is_one_sentence(content):
    with pytest.raises(AdCopyError, match="no layout"):
        make(request_of(content, layout="../../etc"), SMALL)
    with pytest.raises(AdCopyError, match="no format"):
        make(request_of(content), "../../etc/passwd")


@pytest.mark.parametrize("format_name", SHAPES)
def test_no_seed_loses_the_headline_or_the_price(format_name, content, product, scene):
    for pictures in ([product], [scene], []):
        for seed in range(7):
            made = make(request_of(content, pictures, seed=seed), format_name)
            slots = {text.slot for text in made.arrangement.texts}
            assert {"headline", "price"} <= slots, (seed, made.arrangement.order.layout.name)
