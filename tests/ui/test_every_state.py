"""Every state of the tab in both themes, both languages and on a phone: axe-core finds nothing serious in any."""

from __future__ import annotations

import importlib.resources
import json

import pytest

from tests import tour
from tests.browser import TabPage
from tests.contact_sheet import ContactSheet

pytest.importorskip("axe_playwright_python")
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def serious(page):
    """What axe-core calls serious or critical in the tab, with where it is."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate((importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    # gradio 4's own gallery nests buttons in the button that shows a picture large.
    where = "{include: [['#adcopy_root']], exclude: [['button.preview']]}"
    found = page.evaluate(f"axe.run({where}, {{resultTypes: ['violations']}})")
    return [
        (each["id"], each["help"], [node["html"][:160] for node in each["nodes"]][:3])
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", tour.LOOKS)
def test_no_state_keeps_anybody_out(browser, studio_url, name):
    theme, locale, width, height, columns = tour.LOOKS[name]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
    tab = TabPage(browser, f"{studio_url}?__theme={theme}", context=context).open()
    sheet, faults = ContactSheet(f"studio-{name}.jpg", columns), {}

    def state(title):
        sheet.take(tab.page, title)
        if found := serious(tab.page):
            faults[title] = found

    tour.write_and_compose(tab, locale, state)
    tab.run("generate", kind="error")
    tour.to_status(tab)
    state("an error with its way out")
    tour.to_models(tab)
    state("models and training")
    sheet.write()
    context.close()
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)
    assert tab.errors == []


def test_nothing_is_cut_off_at_a_small_desktop(browser, studio_url):
    for locale in tour.BRIEFS:
        tab = TabPage(browser, studio_url, width=1280, height=800, locale=locale).open()
        tab.page.wait_for_timeout(1500)
        # A fold's arrow is turned, by which gradio 4 makes its line wider than it is shown.
        cut = tab.page.evaluate("""() => [...document.querySelectorAll('#adcopy_root input, #adcopy_root button')]
            .filter(part => !part.matches('.label-wrap') && part.getClientRects().length)
            .filter(part => part.scrollWidth > part.clientWidth + 1)
            .map(part => `${part.closest('[id]').id}: ${part.value || part.textContent}`)""")
        assert cut == []
        tab.context.close()
