"""Every message a user can be shown has an entry that says more than the message, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lib_adcopy.i18n import words

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = {"en": "troubleshooting.md", "zh": "troubleshooting_zh.md"}
_ENTRY = re.compile(r"^- `([a-z_]+\.[a-z_0-9]+)` - (.+)$", re.MULTILINE)


def entries(language):
    return _ENTRY.findall((DOCS / PAGES[language]).read_text(encoding="utf-8"))


def codes():
    return {key.replace(".error.", ".", 1) for key in words("en") if key.split(".")[1] == "error"}


@pytest.mark.parametrize("language", PAGES)
def test_every_code_has_one_entry_and_every_entry_a_code(language):
    listed = [code for code, _ in entries(language)]
    assert sorted(set(listed)) == sorted(listed)
    assert codes() - set(listed) == set(), "write what happened and what to do"
    assert set(listed) - codes() == set(), "no message has this code any more"


@pytest.mark.parametrize("language", PAGES)
def test_an_entry_is_not_the_message_again(language):
    for code, text in entries(language):
        package, _, name = code.partition(".")
        assert len(text) >= 8 and text not in words(language)[f"{package}.error.{name}"], code
