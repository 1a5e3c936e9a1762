"""The picture shows the product that is sold: its own shape, stones, straps, one colour; and no season of its care."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.styles.style import load_styles

_STYLE = load_styles()["classic"]


def _positive(text: str) -> str:
    return derive_prompt(parse_brief(text), None, _STYLE, Networks()).positive


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("类型#裙*颜色#酒红色*裙长#中长裙*裙款式#背带", "suspender straps"),
        ("加特林水枪 电动 蓝色 49", "gatling gun"),
        ("法斗造型存钱罐 树脂 灰色 39", "french bulldog"),
        ("红宝石耳钉 18K金 2680", "ruby"),
        ("翡翠平安扣吊坠 冰种 2980", "jadeite"),
        ("男童羽绒服 深蓝 连帽 169", "dark blue"),
        ("猫咪寄养 独立房间 每天35 打过疫苗才收", "cat"),
        ("钢琴陪练 线上 25分钟40元", "piano"),
    ],
)
def test_a_product_keeps_what_makes_it_itself(text, words):
    assert words in _positive(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("粉红胡椒香薰蜡烛 大豆蜡 180g 玻璃杯 79", "pink"),
        ("磁吸充电宝 白色黑色紫色 99", "purple"),
        ("透明收纳箱 30L 能叠三层 29", "tier"),
        ("多肉组合 12颗 冬天要搬进屋 29.9", "winter"),
        ("洗面奶 120g，油皮夏天可能觉得洗不干净，59", "summer"),
        ("学区房出租 两室一厅 3100/月 近地铁", "subway"),
    ],
)
def test_what_is_not_seen_is_not_drawn(text, word):
    assert word not in _positive(text)


def test_a_course_is_shown_by_what_is_taught():
    text = "【课程】PS零基础到接单 录播\n【课时】40节\n【价格】早鸟199\n【适合】完全没碰过的"
    assert "photo editing" in _positive(text)
