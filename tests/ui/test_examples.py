"""The examples: twelve in each language, and a press begins with one."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser
CJK = re.compile(r"[\u4e00-\u9fff]")


def test_an_example_is_taken_in_the_language_of_the_tab(tab):
    def listed():
        return tab.part("samples").locator("button").all_inner_texts()

    tab.unfold("examples")
    assert len(listed()) == 12
    tab.part("samples").locator("button").nth(5).click()
    tab.until(lambda: tab.text("brief") == "陶瓷马克杯，奶白色，哑光，带把手")
    tab.choose("language", "English")
    tab.until(lambda: len(listed()) == 12 and not CJK.search("".join(listed())))
    tab.part("samples").locator("button").nth(5).click()
    tab.until(lambda: tab.text("brief") == "Ceramic mug, milk white, matte, with a handle")
