"""No control of the tab shows a key in place of its words, and a webui files each under a name of its own."""

from __future__ import annotations

import logging

import pytest

pytest.importorskip("gradio")

from lib_adcopy.app.studio import Studio
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.i18n import LANGUAGES
from lib_adcopy.ui.tab import build_tab


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_has_its_words(tmp_path, monkeypatch, caplog, language):
    monkeypatch.setattr(Studio, "language", lambda self: language)
    with caplog.at_level(logging.WARNING, "adcopy.i18n"):
        build_tab(Studio(StandaloneHost(tmp_path)))
    assert [record.getMessage() for record in caplog.records if record.name == "adcopy.i18n"] == []


def filed(tmp_path, monkeypatch, language):
    """What a webui's ui-config.json calls each control whose value it keeps, and the words that the page is sent."""
    monkeypatch.setattr(Studio, "language", lambda self: language)
    page = build_tab(Studio(StandaloneHost(tmp_path)))
    kept = [part for part in page.blocks.values() if getattr(part, "label", None)]
    kept = [part for part in kept if not getattr(part, "do_not_save_to_config", False)]
    return [f"adcopy/{part.label}/value" for part in kept], [str(part.get_config()["label"]) for part in kept]


def test_a_users_defaults_outlive_a_change_of_language(tmp_path, monkeypatch):
    (chinese, words), (english, other_words) = (filed(tmp_path, monkeypatch, each) for each in ("zh", "en"))
    assert chinese == english
    assert len(set(chinese)) == len(chinese)
    assert {"adcopy/steps/value", "adcopy/platform/value"} <= set(chinese)
    assert "步数" in words and "Steps" in other_words
