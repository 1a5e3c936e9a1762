"""What the models panel lists: every model, below it the prefixes that were tuned on it."""

from __future__ import annotations

import json
import re

import pytest

pytest.importorskip("gradio")

from lib_adcopy.gpu.status import Status
from lib_adcopy.model_library.models import Library
from lib_adcopy.ui.models import _listed, _where
from tests.unit.model_library.test_library import CARD, model, prefix


def test_prefixes_stand_below_the_model_they_were_tuned_on(tmp_path):
    prefix(tmp_path, "a-shop", json.dumps({**CARD, "base_model": "second"}))
    prefix(tmp_path, "made-elsewhere")
    for name in ("first", "second"):
        model(tmp_path, name)
    prefix(tmp_path, "tuned", json.dumps({**CARD, "base_model": "first"}))
    shown = _listed(Library([tmp_path]).checked(), "en")
    assert re.findall(r"<ul|<li>[\w-]+|</ul", shown) == [
        "<ul", "<li>first", "<ul", "<li>tuned", "</ul", "<li>second", "<ul", "<li>a-shop", "</ul", "<li>made-elsewhere",
        "</ul",
    ]  # fmt: skip
    assert "tuned · prefix · 1 MB" in shown
    assert "first · 16 bit · 6 MB" in shown
    assert "tuned on 100 examples for first" in shown


@pytest.mark.parametrize(("language", "word"), [("en", "“swap”"), ("zh", "“swap”")])
def test_a_card_that_reached_into_system_memory_is_told_with_what_helps(language, word):
    assert word in _where(Status(is_spilled=True), language)
    assert word not in _where(Status(), language)
