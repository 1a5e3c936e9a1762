"""Both languages say the same things, and a sentence never fails to appear."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from lib_adcopy import i18n
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import LANGUAGES, Message, language_of, translate, words

SOURCES = Path(i18n.__file__).parents[1]


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_keys():
    zh, en = (set(words(language)) for language in LANGUAGES)
    assert zh - en == set()
    assert en - zh == set()


def test_every_key_the_code_names_has_words():
    named = set()
    for file in SOURCES.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        named |= set(re.findall(r'\b(?:translate|Message)\(\s*"(\w+(?:\.\w+)+)"', text))
        for code in re.findall(r'\bAdCopyError\(\s*"(\w+\.\w+)"', text):
            room, _, name = code.partition(".")
            named.add(f"{room}.error.{name}")
    assert len(named) > 50
    assert named - set(words("en")) == set()


def test_a_sentence_asks_for_the_same_facts_in_both_languages():
    zh, en = (words(language) for language in LANGUAGES)
    differing = {key for key in zh.keys() & en.keys() if _placeholders(zh[key]) != _placeholders(en[key])}
    assert differing == set()


@pytest.mark.parametrize("key", sorted(words("zh")))
def test_a_chinese_sentence_is_chinese(key):
    sentence = words("zh")[key]
    assert any("一" <= character <= "鿿" for character in sentence) or sentence.isascii()


def test_an_error_speaks_both_languages():
    error = AdCopyError("model_library.unknown_model", name="x<y")
    assert "x<y" in error.message.text("zh")
    assert "no model" in str(error)


def test_an_unknown_key_shows_itself_rather_than_nothing():
    assert translate("ui.no_such_key", "zh") == "ui.no_such_key"
    assert Message("ui.no_such_key").text("en") == "ui.no_such_key"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh_CN", "zh"), ("zh-Hans (Stable)", "zh"), ("简体中文", "zh"), ("en-US", "en"), ("None", "en"), (None, "en")],
)
def test_the_language_follows_the_hosts_setting(tag, language):
    assert language_of(tag) == language
