"""The field table: what a hand-made request or a file says of a setting is read, clamped or refused."""

from __future__ import annotations

import pytest

from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.fields import fields_of, made_of, values_of
from lib_adcopy.domain.layout import LayoutChoice
from lib_adcopy.domain.writing import Sampling, WriteOptions
from lib_adcopy.i18n import words

PARTS = (Brief, Ad, WriteOptions, Sampling, DrawSettings, LayoutChoice)
ROWS = [row for part in PARTS for row in fields_of(part).values()]


def test_every_setting_has_one_name_and_words_in_both_languages():
    assert len({row.name for row in ROWS}) == len(ROWS)
    for language in ("zh", "en"):
        known = words(language)
        assert [row.name for row in ROWS if f"ui.{row.name}" not in known] == []
        named = [f"ui.{row.words}.{choice}" for row in ROWS for choice in row.choices]
        assert [key for key in named if key not in known] == []


@pytest.mark.parametrize(("given", "read"), [(1000, 6), (0, 1), (-5, 1), ("many", 1), (None, 1), (True, 1), (2.9, 2)])
def test_a_number_made_by_hand_is_clamped_to_its_range(given, read):
    assert made_of(WriteOptions, {"count": given}) == {"count": read}


def test_a_range_that_ends_at_nothing_is_kept_to():
    assert fields_of(DrawSettings)["denoising"].read(-1) == 0.0
    assert fields_of(DrawSettings)["denoising"].read(float("nan")) == 0.5


def test_words_are_told_apart_by_any_comma_and_said_once():
    assert made_of(Brief, {"brand_words": "青禾，Qinghe、青禾"}) == {"brand_words": ("青禾", "Qinghe")}
    assert fields_of(Brief)["brand_words"].show(("青禾", "Qinghe")) == "青禾，Qinghe"


def test_a_choice_nobody_offers_is_the_default():
    assert made_of(Brief, {"platform": "nowhere"}) == {"platform": "xiaohongshu"}


def test_every_default_is_a_value_of_its_own_setting():
    for part in (Brief("x"), Ad(Brief("x")), WriteOptions(), Sampling(), DrawSettings(), LayoutChoice()):
        rows = fields_of(type(part))
        assert [name for name, value in values_of(part).items() if not rows[name].accepts(value)] == []
