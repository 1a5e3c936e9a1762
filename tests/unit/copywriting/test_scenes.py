"""A brief that says little is told with a scene of its own kind of product."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.composition.composer import Composer
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.vocabulary import DATA

FILES = sorted((DATA / "copy/zh/scenes").glob("*.json"))


def _scenes(category: str) -> list[list[str]]:
    goods = json.loads((DATA / f"copy/zh/scenes/{category}.json").read_text(encoding="utf-8"))["goods"]
    return [kind["says"] for kind in goods]


def _body(text: str, platform: str) -> str:
    return "\n".join(Composer(parse_brief(text, platform=platform), 1).paragraphs())


def test_a_short_brief_is_told_with_a_scene_of_its_kind():
    bodies = _body("猫抓板，瓦楞纸，19.9元", "xiaohongshu") + _body("猫抓板，瓦楞纸，19.9元", "douyin")
    found = [says for says in _scenes("pets") if any(say in bodies for say in says)]
    assert len(found) == 1


def test_a_product_of_no_kind_has_none():
    told = [say for file in FILES for says in _scenes(file.stem) for say in says]
    body = _body("嘟嘟转盘器，蓝色，29元", "xiaohongshu")
    assert not any(say in body for say in told)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_scene_is_a_claim(file):
    for says in _scenes(file.stem):
        assert not [say for say in says if any(finding.level == "ban" for finding in check_text(f"{say}。"))]
