"""The states of the tab one after the other, as a seller comes through them, wherever the tab is served."""

from __future__ import annotations

BRIEFS = {
    "zh-CN": "陶瓷马克杯，奶白色，哑光，350ml，39元",
    "en-US": "Ceramic mug, milk white, matte, 350 ml, $9",
}
BANNED = {
    "zh-CN": "国家级马克杯\n这是最好的陶瓷马克杯，奶白色，39元。",
    "en-US": "The best mug\nA 国家级 ceramic mug, milk white, $9.",
}
COMPARE = {"zh-CN": "对比", "en-US": "Compare"}
# Theme, locale, width and height of the screen, columns of its contact sheet.
LOOKS = {
    "light-zh": ("light", "zh-CN", 1440, 900, 3),
    "dark-en": ("dark", "en-US", 1280, 800, 3),
    "phone-zh": ("light", "zh-CN", 390, 844, 7),
    "phone-dark-en": ("dark", "en-US", 390, 844, 7),
}
# Whether every chip is shown in full, its surroundings too.
_OPAQUE = """[...document.querySelectorAll('.adcopy-chip')].every(chip => {
    for (let part = chip; part; part = part.parentElement) if (getComputedStyle(part).opacity !== '1') return false;
    return true;
})"""

# The parts of the result that do not stand below each other at its left edge.
_ASIDE = """(() => {
    const result = document.querySelector('#adcopy_result'), left = result.getBoundingClientRect().left;
    return [...result.children].filter(part => part.getClientRects().length)
        .filter(part => Math.abs(part.getBoundingClientRect().left - left) > 4).map(part => part.id);
})()"""


def write_and_compose(tab, locale, seen):
    """Go from the empty page to a finished creative; `seen` is called with each state's title when it stands."""
    tab.until(lambda: tab.part("create").get_attribute("title"))
    tab.page.wait_for_timeout(1500)
    seen("empty")
    tab.fill("brief", BRIEFS[locale])
    tab.until(lambda: tab.part("facts").locator(".adcopy-chip").count() > 2)
    # gradio dims what is about to change.
    tab.until(lambda: tab.page.evaluate(_OPAQUE))
    seen("facts")
    tab.run("write")
    tab.part("candidates").scroll_into_view_if_needed()
    action = tab.part("candidates").locator(".adcopy-candidate").nth(1).get_by_text(COMPARE[locale], exact=True)
    action.click()
    tab.until(lambda: tab.part("compared").locator("b").count() == 2)
    seen("candidates compared")
    tab.fill("copy", BANNED[locale])
    tab.until(lambda: tab.part("review").locator("mark").count() > 0)
    tab.part("review").scroll_into_view_if_needed()
    seen("findings in the text")
    to_status(tab)
    tab.run("create", seconds=600)
    tab.until(lambda: _shown_large(tab))
    tab.page.wait_for_timeout(2500)
    to_status(tab)
    seen("done")
    assert tab.page.evaluate(_ASIDE) == []


def _shown_large(tab):
    """Whether a picture takes much of the gallery's width and stands inside it, and is no thumbnail."""
    room = tab.part("gallery").bounding_box()
    boxes = [image.bounding_box() for image in tab.part("gallery").locator("img").all()]
    return any(box and box["width"] > 0.4 * room["width"] and box["y"] >= room["y"] for box in boxes)


def to_status(tab):
    """Scroll to the status line, as a page that begins with it."""
    tab.page.evaluate("document.querySelector('#adcopy_status').scrollIntoView({block: 'start'})")


def to_models(tab):
    """Open the second sub-tab."""
    tab.page.locator("#adcopy_tabs .tab-nav button").nth(1).click()
    tab.page.wait_for_timeout(400)
