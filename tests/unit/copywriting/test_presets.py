"""The user's presets stand over ours; a broken file is one sentence."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.copywriting.brief import PLATFORMS, TONES, parse_brief
from lib_adcopy.copywriting.writers.presets import Presets
from lib_adcopy.errors import AdCopyError


@pytest.mark.parametrize(
    ("text", "told"),
    [("陶瓷马克杯，奶白色", ("陶瓷马克杯", "奶白色")), ("Ceramic mug, milk white", ("mug", "milk white"))],
)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_setting_has_words(text, told, platform):
    for tone in TONES:
        brief = parse_brief(text, platform=platform, tone=tone, audience="A", brand_words=("B",), avoid_words=("C",))
        for kind, more in (("write", {}), ("revise", {"copy": "x", "instruction": "y"})):
            query = Presets().query(kind, brief, **more)
            assert all(word in query for word in told) and "{" not in query and "B" in query and "C" in query


def test_the_users_file_replaces_only_what_it_names(tmp_path):
    own = tmp_path / "presets.json"
    stored = {"zh": {"write": "{platform}|{facts}|{examples}"}, "examples": {"home": ["例文一", "例文二"]}}
    own.write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
    brief = parse_brief("陶瓷马克杯，奶白色")
    query = Presets(own).query("write", brief)
    assert query.startswith("小红书|商品：陶瓷马克杯\n颜色：奶白色|参考写法：\n例文一\n例文二")
    more = {"copy": "x", "instruction": "y"}
    assert Presets(own).query("revise", brief, **more) == Presets().query("revise", brief, **more)


BROKEN = ("no json", "[1]", *(f'{{"zh": {{"write": "{text}"}}}}' for text in ("{facts.__class__}", "{nobody}", "{")))


@pytest.mark.parametrize("written", BROKEN)
def test_a_broken_file_is_one_sentence(tmp_path, written):
    own = tmp_path / "presets.json"
    own.write_text(written, encoding="utf-8")
    with pytest.raises(AdCopyError, match=r"presets\.json"):
        Presets(own)
