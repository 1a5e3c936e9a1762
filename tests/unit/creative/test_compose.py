"""A creative has the platform's exact size, carries all of its text where it can, and never cuts a line."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from lib_adcopy.creative import compose, find_font
from lib_adcopy.creative.lines import balanced, printable, wrap
from lib_adcopy.creative.typesetting import Palette, fitted
from lib_adcopy.domain.copy import Copy
from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.sizes import formats

try:
    find_font(20)
except AdCopyError:
    pytest.skip("no font with Chinese on this machine", allow_module_level=True)

BODY = "给自己添一条连衣裙，早上少纠结十分钟。圆领的设计修饰颈部线条，显得人更精神。"
COPY = Copy("文艺连衣裙", BODY, ("连衣裙", "每日穿搭"))


@pytest.mark.parametrize("format_name", sorted(formats()))
@pytest.mark.parametrize("picture", [None, Image.new("RGB", (512, 640), "teal")])
def test_it_has_the_formats_size_and_type_on_it(format_name, picture):
    made = compose(COPY, picture, format_name)
    assert made.size == formats()[format_name] and made.mode == "RGB"
    bare = compose(Copy("", ""), picture, format_name)
    assert ImageChops.difference(made, bare).getbbox() is not None


@pytest.mark.parametrize("format_name", sorted(formats()))
def test_the_longest_copy_stays_inside(format_name):
    long = Copy("很长很长的标题" * 4, "面料柔软亲肤，版型宽松。" * 60, ("话题",) * 8)
    for seed in range(2):
        made = compose(long, None, format_name, seed=seed)
        short = compose(Copy("", ""), None, format_name, seed=seed)
        left, top, right, bottom = ImageChops.difference(made, short).getbbox()
        assert left > 0 and top > 0 and right < made.width and bottom < made.height


def test_the_picture_is_in_it():
    made = compose(COPY, Image.new("RGB", (512, 640), (0, 128, 128)), "xiaohongshu-3:4")
    assert made.getpixel((made.width // 2, made.height // 4)) == (0, 128, 128)


@pytest.mark.parametrize("format_name", ["taobao-main", "moments-16:9", "wechat-cover", "xiaohongshu-3:4"])
def test_the_product_is_not_cut_off(format_name):
    picture = Image.new("RGB", (512, 768), "white")
    picture.paste((255, 0, 0), (150, 100, 362, 640))
    made = compose(COPY, picture, format_name)
    reds = [at for at in range(made.height) if any(made.getpixel((x, at)) == (255, 0, 0) for x in range(made.width))]
    edges = (reds[0] - 1, reds[-1] + 1)
    assert all(
        made.getpixel((x, at)) != (255, 0, 0) for at in edges if 0 <= at < made.height for x in range(made.width)
    )
    assert reds[0] > 0, "its top"
    assert reds[-1] < made.height - 1, "its foot"


def test_a_shortened_body_ends_with_a_sentence():
    long = Copy("标题", "面料柔软亲肤，版型宽松。" * 60)
    palette = Palette("#ffffff", "#000000", "#ff0000")
    blocks = fitted(long, palette, width=500, room=400, unit=600)
    assert blocks[1].lines[-1].endswith("。") and sum(block.height for block in blocks) <= 400


def test_a_title_keeps_to_one_line_or_breaks_where_it_pauses():
    def measure(text):
        return 10 * len(text)

    assert balanced("出门就穿它｜连衣裙", 60, measure) == ["出门就穿它", "连衣裙"]
    assert balanced("宽松阔腿裤，穿上不想换", 70, measure) == ["宽松阔腿裤，", "穿上不想换"]
    assert [len(line) for line in balanced("一二三四五六七八九", 80, measure)] == [5, 4]
    assert balanced("连衣裙", 80, measure) == ["连衣裙"]


def test_a_long_word_is_not_drawn_over_the_edge():
    made = compose(Copy("Interchangeable", "x"), Image.new("RGB", (512, 768), "teal"), "taobao-main")
    bare = compose(Copy("", ""), Image.new("RGB", (512, 768), "teal"), "taobao-main")
    assert ImageChops.difference(made, bare).getbbox()[2] < made.width - 5


def test_other_seeds_and_categories_look_different():
    first = compose(COPY, None, "taobao-main", category="food", seed=0)
    assert first.tobytes() != compose(COPY, None, "taobao-main", category="food", seed=1).tobytes()
    assert first.tobytes() == compose(COPY, None, "taobao-main", category="food", seed=0).tobytes()


def test_lines_break_as_chinese_is_set():
    lines = wrap("今天天气很好，适合穿连衣裙（圆领）。Hello world", 80, lambda text: 10 * len(text))
    assert "".join(lines).replace(" ", "") == "今天天气很好，适合穿连衣裙（圆领）。Helloworld"
    assert not any(line[0] in "，。）" for line in lines) and not any(line.endswith("（") for line in lines)
    assert all(len(line) <= 9 for line in lines)
    assert "Hello" in " ".join(lines) and "world" in " ".join(lines)


def test_emoji_are_not_drawn_as_boxes():
    assert printable("好看✨👗 不费力") == "好看 不费力"


def test_an_unknown_format_is_one_sentence():
    with pytest.raises(AdCopyError, match="no format"):
        compose(COPY, None, "../../etc/passwd")
