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


def _bodies(text: str, platform: str) -> str:
    brief = parse_brief(text, platform=platform)
    return "\n".join("\n".join(Composer(brief, seed).paragraphs()) for seed in range(9))


def test_a_short_brief_is_told_with_a_scene_of_its_kind():
    bodies = _bodies("数据线，编织款，19元", "xiaohongshu")
    found = [says for says in _scenes("electronics") if any(say in bodies for say in says)]
    assert len(found) == 1


def test_a_scene_names_no_place_or_season_that_the_brief_does_not():
    bodies = _bodies("免打孔浴室置物架，太空铝，39元", "xiaohongshu")
    assert not any(word in bodies for word in ("厨房", "冰箱", "洗漱台", "阳台", "夏"))


def test_a_product_of_no_kind_has_none():
    told = [say for file in FILES for says in _scenes(file.stem) for say in says]
    bodies = _bodies("嘟嘟转盘器，蓝色，29元", "xiaohongshu")
    assert not any(say in bodies for say in told)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_scene_is_a_claim(file):
    for says in _scenes(file.stem):
        assert not [say for say in says if any(finding.level == "ban" for finding in check_text(f"{say}。"))]
