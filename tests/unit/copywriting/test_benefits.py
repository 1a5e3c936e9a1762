"""A feature is followed by what it means to the buyer, where product and feature surely fit."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.composition.composer import Composer
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.vocabulary import DATA


def _entries(language: str) -> list[dict]:
    return json.loads((DATA / f"copy/{language}/benefits.json").read_text(encoding="utf-8"))["facts"]


def _bodies(text: str, platform: str = "taobao") -> str:
    brief = parse_brief(text, platform=platform)
    return "\n".join("\n".join(Composer(brief, seed).paragraphs()) for seed in range(6))


def _says(of: str) -> list[str]:
    return [say for entry in _entries("zh") if of in entry["when"] for say in entry["says"]]


def test_a_feature_is_told_with_what_it_means():
    bodies = _bodies("加厚收纳箱，带轮，能叠三层，39元")
    assert any(say in bodies for say in _says("带轮"))


def test_what_is_denied_means_nothing():
    bodies = _bodies("帆布背包，不防水，49元")
    assert not any(say in bodies for say in _says("防水"))


@pytest.mark.parametrize(
    ("text", "of"),
    [("浴室置物架，承重10斤，39元", "遮光"), ("甲醛检测，当天采样，180元", "现摘"), ("陶瓷猫碗，底部防滑，32元", "鞋")],
)
def test_a_benefit_of_other_goods_is_not_said(text, of):
    says = [say for entry in _entries("zh") if of in entry["when"] + entry["of"] for say in entry["says"]]
    own = [say for entry in _entries("zh") if "碗" in entry["of"] for say in entry["says"]]
    bodies = _bodies(text)
    assert not any(say in bodies for say in set(says) - set(own))


def test_a_benefit_does_not_repeat_the_brief():
    said = _says("带轮")[0].split("，")[0]
    assert _bodies(f"收纳箱，带轮，{said}，39元").count(said) <= 12


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_clause_fits_behind_a_comma_and_is_no_claim(language):
    longest = 18 if language == "zh" else 60
    for entry in _entries(language):
        for say in entry["says"]:
            assert 3 < len(say) < longest and not say.endswith(("。", "！", "，", ".")), say
            assert not any(finding.level == "ban" for finding in check_text(f"蓝色款，{say}。")), say
