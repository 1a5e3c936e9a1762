"""Lines break as Chinese is set: no word, price or number is parted, no line begins or ends with the wrong mark."""

from __future__ import annotations

import pytest

from lib_adcopy.creative.fonts import face_of
from lib_adcopy.creative.lines import NOT_FIRST, NOT_LAST, breaks, printable, units, wrap

WHOLE = ("¥1,299", "5折", "200份", "iPhone 15", "#办公室零食", "350ml", "第2件半价", "满200减30", "——", "……", "98℃")


@pytest.mark.parametrize("whole", WHOLE)
def test_what_belongs_together_is_one_piece(whole):
    assert any(whole in piece for piece in units(f"今天买它{whole}就好"))


def test_a_word_of_the_trade_is_not_parted():
    assert not breaks("轻薄聚酯纤维面料", 2)[0][0].endswith("聚酯")
    assert breaks("今年最好穿的连衣裙", 2)[0] != ("今年最好穿的连", "衣裙")


def test_a_line_ends_at_a_pause_and_drops_its_comma():
    assert breaks("宽松阔腿裤，穿上不想换", 2)[0] == ("宽松阔腿裤", "穿上不想换")
    assert breaks("出门就穿它｜连衣裙", 2)[0] == ("出门就穿它", "连衣裙")


@pytest.mark.parametrize("width", range(80, 200, 10))
def test_wrapped_lines_keep_the_rules(width):
    text = "今天天气很好，适合穿连衣裙（圆领）。到手价¥1,299元，买“它”——不亏……Hello world《说明》"
    lines = wrap(text, width, lambda line: 10 * len(line))
    assert not any(line[0] in NOT_FIRST for line in lines)
    assert not any(line[-1] in NOT_LAST for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_no_line_is_left_with_one_character():
    assert all(len(line) > 1 for line in wrap("一二三四五六七八九", 80, lambda line: 10 * len(line)))


def test_emoji_go_and_signs_stay():
    assert printable("好看✨👗 不费力") == "好看 不费力"
    assert printable("98℃ 30㎡ Kindle® GoPro™ №5 ¥9") == "98℃ 30㎡ Kindle® GoPro™ №5 ¥9"


@pytest.mark.parametrize("sign", "℃㎡®™№¥Éé·★")
def test_every_sign_has_a_font(sign):
    assert face_of("sans", 700, sign) is not None
