"""A feature is followed by what it means to the buyer."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.composition.composer import Composer
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.vocabulary import DATA

FILES = sorted((DATA / "copy/zh/benefits").glob("*.json"))


def _body(text: str, seed: int = 1, platform: str = "taobao") -> str:
    return "\n".join(Composer(parse_brief(text, platform=platform), seed).paragraphs())


def _says(name: str, of: str) -> list[str]:
    facts = json.loads((DATA / f"copy/zh/benefits/{name}.json").read_text(encoding="utf-8"))["facts"]
    return next(entry["says"] for entry in facts if of in entry["when"])


def test_a_feature_is_told_with_what_it_means():
    bodies = "".join(_body("加厚收纳盒，可折叠，带密封盖，39元", seed) for seed in range(6))
    assert any(say in bodies for say in _says("home", "折叠"))


def test_what_is_denied_means_nothing():
    bodies = "".join(_body("帆布包，不防水，49元", seed) for seed in range(6))
    assert not any(say in bodies for say in (*_says("home", "防水"), *_says("general", "防水")))


def test_a_benefit_of_one_kind_of_goods_is_not_said_of_another():
    bodies = "".join(_body("氨基酸洁面，淡淡花香味，69元", seed) for seed in range(6))
    assert not any(say in bodies for say in _says("beauty", "香调"))


def test_a_benefit_does_not_repeat_the_brief():
    said = _says("home", "折叠")[0]
    bodies = "".join(_body(f"折叠收纳凳，可折叠，{said}，39元", seed) for seed in range(6))
    assert bodies.count(said) <= 6


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_clause_fits_behind_a_comma_and_is_no_claim(file):
    for entry in json.loads(file.read_text(encoding="utf-8"))["facts"]:
        for say in entry["says"]:
            assert 3 < len(say) < 18 and not say.endswith(("。", "！", "，")), say
            assert not any(finding.level == "ban" for finding in check_text(f"蓝色款，{say}。")), say
