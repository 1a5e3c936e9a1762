"""A scene's prompt says where, and never what: a second product must not be drawn."""

from __future__ import annotations

import re

import pytest

from lib_adcopy.app.photo_prompt import SceneWords, plan_scene, without_nouns
from lib_adcopy.copywriting.brief import CATEGORIES, parse_brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.photo.grounds import GROUNDS
from lib_adcopy.photo.presets import CAMERAS, preset, presets, presets_for
from lib_adcopy.prompting.styles.style import load_styles

STYLE = load_styles()["classic"]
HERE = Networks(("add_detail",), ("EasyNegative",), (), "SD1")


def planned(text, words="", copy=None, **wanted):
    return plan_scene(parse_brief(text), copy, SceneWords(words, **wanted), STYLE, HERE)


def test_there_are_forty_scenes_and_some_for_every_category():
    assert len(presets()) >= 40
    for category in CATEGORIES:
        assert presets_for(category), category
    for each in presets().values():
        assert each.camera in CAMERAS and each.ground in GROUNDS, each.name
        assert set(each.categories) <= set(CATEGORIES), each.name
        assert each.place and each.light and each.mood and set(each.titles) == {"zh", "en"}, each.name
        words = " ".join((each.surface, each.place, each.light, each.season, each.props, each.mood))
        assert words.isascii() and not re.search(r"[<>()\[\]:]", words), each.name
        # A scene's own words must not draw what its negative keeps out.
        for word in each.negative:
            assert not re.search(rf"\b{word}\b", f"{each.surface} {each.props}"), (each.name, word)


@pytest.mark.parametrize(
    ("text", "words", "noun"),
    [
        ("陶瓷马克杯，奶白色", "马克杯放在靠窗的木桌上", "mug"),
        ("a ceramic mug", "two mugs on a marble table by a window", "mug"),
        ("红色连衣裙，夏季", "", "dress"),
        ("运动鞋 男 透气", "跑道", "sneaker"),
    ],
)
def test_the_products_own_noun_is_not_drawn(text, words, noun):
    prompt = planned(text, words).prompt
    assert not re.search(rf"\b{noun}", prompt.positive), prompt.positive
    assert noun in prompt.negative
    assert prompt.positive.startswith("empty ")


def test_the_users_words_are_the_place():
    assert "on a wooden table" in planned("陶瓷马克杯", "木桌，清晨阳光").prompt.positive
    assert "marble table by a window" in planned("a mug", "a mug on a marble table by a window").prompt.positive


def test_words_nobody_knows_are_named():
    notes = planned("陶瓷马克杯", "魑魅魍魉旁边").prompt.notes
    assert any("魑魅魍魉" in note.text("zh") for note in notes)


def test_the_copy_says_light_and_mood_where_the_user_says_nothing():
    copy = Copy("周末", "在海边看日落，慵懒的午后")
    positive = planned("陶瓷马克杯", copy=copy).prompt.positive
    assert "at the seaside, sunset light" in positive and "relaxed mood" in positive


def test_a_chosen_preset_is_taken_and_the_photos_own_camera_kept():
    found = planned("陶瓷马克杯", preset=preset("red-lacquer"), camera="high")
    assert "red lacquer table" in found.prompt.positive
    assert CAMERAS["high"] in found.prompt.positive
    assert "teapot" in found.prompt.negative


def test_style_networks_stand_in_the_prompt_and_missing_ones_are_named():
    prompt = planned("陶瓷马克杯").prompt
    assert "<lora:add_detail:0.5>" in prompt.positive
    assert prompt.negative.startswith("EasyNegative, ")
    assert any("badhandv4" in note.text("en") for note in prompt.notes)


def test_a_garment_hangs_before_a_wall():
    assert not planned("红色连衣裙", kind="hanging").preset.surface
    assert {planned("陶瓷马克杯").preset.name for _ in range(2)} == {planned("陶瓷马克杯").preset.name}


def test_what_dangles_goes_with_the_noun():
    assert without_nouns("a mug on a table", {"mug"}) == "on a table"
    assert without_nouns("mugs", {"mug"}) == ""
    assert without_nouns("a marble table", {"mug"}) == "a marble table"
