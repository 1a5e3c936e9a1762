"""The tab's states in a real webui, in both themes and languages and on a phone: each can be reached and looked at."""

from __future__ import annotations

import pytest

from tests import tour
from tests.contact_sheet import ContactSheet
from tests.hosts.conftest import small

pytestmark = pytest.mark.webui


@pytest.mark.parametrize("name", ("light-zh", "dark-en", "phone-zh"))
def test_a_creative_is_reached_through_every_state(browser, webui, name):
    theme, locale, width, height, columns = tour.LOOKS[name]
    tab = webui.tab(browser, theme=theme, width=width, height=height, locale=locale)
    small(webui, tab)
    tab.page.evaluate("window.scrollTo(0, 0)")
    sheet = ContactSheet(f"{webui.name}-{name}.jpg", columns)
    tour.write_and_compose(tab, locale, lambda title: sheet.take(tab.page, title))
    tab.fill("brief", "")
    tab.run("write", kind="error")
    tour.to_status(tab)
    sheet.take(tab.page, "an error")
    tour.to_models(tab)
    sheet.take(tab.page, "models and training")
    sheet.write()
    tab.context.close()
    assert tab.errors == []
