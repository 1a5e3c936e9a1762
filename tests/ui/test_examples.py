"""The examples: six in each language, a press begins with one, and the page is still while nobody does anything."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser
CJK = re.compile(r"[\u4e00-\u9fff]")


def test_an_example_is_taken_in_the_language_of_the_tab(tab):
    def listed():
        return tab.part("samples").locator("button").all_inner_texts()

    assert len(listed()) == 6
    tab.part("samples").locator("button").nth(0).click()
    tab.until(lambda: tab.text("brief") == "陶瓷马克杯，奶白色，哑光，350ml，带把手，39元")
    # Shown to an empty page alone.
    tab.fill("brief", "")
    tab.choose("language", "English")
    tab.until(lambda: len(listed()) == 6 and not CJK.search("".join(listed())))
    tab.part("samples").locator("button").nth(0).click()
    tab.until(lambda: tab.text("brief") == "Ceramic mug, milk white, matte, 350 ml, with a handle, $9")


def test_a_page_left_alone_draws_nothing_anew(tab):
    def frames():
        """How often the page asks for one in a second."""
        return tab.page.evaluate("""() => new Promise(done => {
            const ask = window.requestAnimationFrame;
            let asked = 0;
            window.requestAnimationFrame = then => { asked += 1; return ask.call(window, then); };
            setTimeout(() => { window.requestAnimationFrame = ask; done(asked); }, 1000);
        })""")

    # Once it has settled.
    tab.until(lambda: frames() < 5, 60)
