"""Every state of the tab in both themes, both languages and on a phone: axe-core finds nothing serious in any."""

from __future__ import annotations

import importlib.resources
import json

import pytest

from tests.browser import TabPage
from tests.contact_sheet import ContactSheet

pytest.importorskip("axe_playwright_python")
pytestmark = [pytest.mark.browser, pytest.mark.slow]
BRIEFS = {
    "zh-CN": "陶瓷马克杯，奶白色，哑光，350ml，39元",
    "en-US": "Ceramic mug, milk white, matte, 350 ml, $9",
}
BANNED = {
    "zh-CN": "国家级马克杯\n这是最好的陶瓷马克杯，奶白色，39元。",
    "en-US": "The best mug\nA 国家级 ceramic mug, milk white, $9.",
}
COMPARE = {"zh-CN": "对比", "en-US": "Compare"}
LOOKS = {
    "studio-light-zh": ("light", "zh-CN", 1440, 900, 3),
    "studio-dark-en": ("dark", "en-US", 1280, 800, 3),
    "studio-phone-zh": ("light", "zh-CN", 390, 844, 7),
    "studio-phone-dark-en": ("dark", "en-US", 390, 844, 7),
}


# Whether every chip is shown in full, its surroundings too.
OPAQUE = """[...document.querySelectorAll('.adcopy-chip')].every(chip => {
    for (let part = chip; part; part = part.parentElement) if (getComputedStyle(part).opacity !== '1') return false;
    return true;
})"""


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


@pytest.mark.parametrize("name", LOOKS)
def test_no_state_keeps_anybody_out(browser, studio_url, name):
    theme, locale, width, height, columns = LOOKS[name]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
    tab = TabPage(browser, f"{studio_url}?__theme={theme}", context=context).open()
    sheet, faults = ContactSheet(f"{name}.jpg", columns), {}

    def state(title):
        sheet.take(tab.page, title)
        if found := serious(tab.page):
            faults[title] = found

    tab.until(lambda: tab.part("create").get_attribute("title"))
    tab.page.wait_for_timeout(1500)
    state("empty")
    tab.fill("brief", BRIEFS[locale])
    tab.until(lambda: tab.part("facts").locator(".adcopy-chip").count() > 2)
    # gradio dims what is about to change.
    tab.until(lambda: tab.page.evaluate(OPAQUE))
    state("facts")
    tab.run("write")
    tab.part("candidates").scroll_into_view_if_needed()
    action = tab.part("candidates").locator(".adcopy-candidate").nth(1).get_by_text(COMPARE[locale], exact=True)
    action.click()
    tab.until(lambda: tab.part("compared").locator("b").count() == 2)
    state("candidates compared")
    tab.fill("copy", BANNED[locale])
    tab.until(lambda: tab.part("review").locator("mark").count() > 0)
    tab.part("review").scroll_into_view_if_needed()
    state("findings in the text")
    tab.page.evaluate("document.querySelector('#adcopy_status').scrollIntoView({block: 'start'})")
    tab.run("create")
    tab.until(lambda: tab.pictures() > 0)
    tab.page.wait_for_timeout(2500)
    tab.page.evaluate("document.querySelector('#adcopy_status').scrollIntoView({block: 'start'})")
    state("done")
    tab.run("generate", kind="error")
    tab.page.evaluate("document.querySelector('#adcopy_status').scrollIntoView({block: 'start'})")
    state("an error with its way out")
    tab.page.locator("#adcopy_tabs .tab-nav button").nth(1).click()
    tab.page.wait_for_timeout(400)
    state("models and training")
    sheet.write()
    context.close()
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)
    assert tab.errors == []


def test_nothing_is_cut_off_at_a_small_desktop(browser, studio_url):
    for locale in BRIEFS:
        tab = TabPage(browser, studio_url, width=1280, height=800, locale=locale).open()
        tab.page.wait_for_timeout(1500)
        # A fold's arrow is turned, by which gradio 4 makes its line wider than it is shown.
        cut = tab.page.evaluate("""() => [...document.querySelectorAll('#adcopy_root input, #adcopy_root button')]
            .filter(part => !part.matches('.label-wrap') && part.getClientRects().length)
            .filter(part => part.scrollWidth > part.clientWidth + 1)
            .map(part => `${part.closest('[id]').id}: ${part.value || part.textContent}`)""")
        assert cut == []
        tab.context.close()
