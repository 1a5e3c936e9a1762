"""A user's own defaults in a real webui's ui-config.json stand in the tab."""

from __future__ import annotations

import json

import pytest

from tests.hosts.real_webui import running

pytestmark = pytest.mark.webui
WISHES = {"adcopy/steps/value": 7, "adcopy/top_p/value": 0.5}


def test_the_users_own_defaults_stand_in_the_tab(browser, tmp_path):
    (tmp_path / "ui-config.json").write_text(json.dumps(WISHES))
    with running(tmp_path) as webui:
        tab = webui.tab(browser)
        shown = {name: float(tab.part(name).locator("input[type=number]").first.input_value())
                 for name in ("steps", "top_p", "temperature")}  # fmt: skip
        assert shown == {"steps": 7, "top_p": 0.5, "temperature": 0.95}
        assert tab.part("steps").locator("label, span").first.inner_text().strip() in ("步数", "Steps")
        tab.context.close()
        assert webui.faults() == []
    frozen = json.loads((tmp_path / "ui-config.json").read_text())
    assert frozen["adcopy/temperature/value"] == 0.95
    assert not any("步数" in key or "Steps/" in key for key in frozen if key.startswith("adcopy/"))
