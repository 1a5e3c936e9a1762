"""What a dropdown offers beside what the other boxes hold, and that a value keeps its word in both languages."""

from __future__ import annotations

import pytest

from lib_adcopy.ui.choices import Choices, listed


@pytest.fixture
def prefixes():
    pairs = {"zh": [("不使用", ""), ("甲", "a"), ("乙", "b")], "en": [("None", ""), ("A", "a"), ("B", "b")]}
    fitting = {"one": ("", "a"), "two": ("", "b")}
    return Choices(pairs.__getitem__, lambda value, held: value in fitting[held["writer"]])


def test_only_what_fits_is_offered(prefixes):
    assert prefixes.words("zh") == ["不使用", "甲", "乙"]
    assert prefixes.words("zh", {"writer": "one"}) == ["不使用", "甲"]
    assert prefixes.words("en", {"writer": "two"}) == ["None", "B"]


def test_what_is_not_offered_still_has_its_value(prefixes):
    assert prefixes.value("乙") == prefixes.value("B") == "b"
    assert prefixes.word("b", "en") == "B"


def test_without_a_condition_everything_fits():
    assert listed(lambda: ("a", "b"), "nothing").words("en", {"writer": "one"}) == ["None", "a", "b"]
