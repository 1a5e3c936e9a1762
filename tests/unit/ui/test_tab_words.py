"""No control of the tab shows a key in place of its words."""

from __future__ import annotations

import logging

import pytest

pytest.importorskip("gradio")

from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.i18n import LANGUAGES
from lib_adcopy.studio import Studio
from lib_adcopy.ui.tab import build_tab


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_has_its_words(tmp_path, monkeypatch, caplog, language):
    monkeypatch.setattr(Studio, "language", lambda self: language)
    with caplog.at_level(logging.WARNING, "adcopy.i18n"):
        build_tab(Studio(StandaloneHost(tmp_path)))
    assert [record.getMessage() for record in caplog.records if record.name == "adcopy.i18n"] == []
