"""The history of revisions in the tab: read, edited and cleared by who made it, and by nobody else."""

from __future__ import annotations

import pytest

from tests.browser import TabPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BRIEF = "裙子，文艺风格，简约图案，连衣裙，圆领"


def test_the_next_revision_reads_the_history_as_it_was_edited(tab):
    begin(tab)
    revise(tab, "活泼一点", "文艺一点")
    assert wishes(tab) == ["活泼一点", "文艺一点"]
    assert "圆领" in tab.text("copy")
    write_cell(tab, row=0, text="不要提圆领")
    revise(tab, "专业一点")
    assert wishes(tab) == ["不要提圆领", "文艺一点", "专业一点"]
    assert "圆领" not in tab.text("copy")
    write_cell(tab, row=0, text="")
    tab.until(lambda: wishes(tab) == ["文艺一点", "专业一点"])
    revise(tab, "活泼一点")
    assert wishes(tab) == ["文艺一点", "专业一点", "活泼一点"]
    assert "圆领" in tab.text("copy")
    tab.press("undo")
    tab.until(lambda: wishes(tab) == ["文艺一点", "专业一点"])


def test_a_cleared_history_is_read_by_nothing(tab):
    begin(tab)
    revise(tab, "不要提圆领")
    tab.press("forget")
    tab.until(lambda: wishes(tab) == [""])
    revise(tab, "长一点")
    assert wishes(tab) == ["长一点"]
    assert "圆领" in tab.text("copy")


def test_another_browser_sees_none_of_it(browser, studio_url, tab):
    other = TabPage(browser, studio_url).open()
    begin(tab)
    revise(tab, "不要提圆领")
    begin(other)
    assert wishes(other) == [""]
    revise(other, "专业一点")
    assert wishes(other) == ["专业一点"]
    assert "圆领" in other.text("copy")
    assert wishes(tab) == ["不要提圆领"]
    other.context.close()
    assert other.errors == []


def begin(tab):
    tab.unfold("writing")
    # One seed, so that what changes in a copy is what the history says.
    tab.number("copy_seed", 7)
    tab.fill("brief", BRIEF)
    tab.run("write")
    tab.unfold("history")


def revise(tab, *asked):
    for wish in asked:
        tab.fill("wish", wish)
        tab.run("revise")
        tab.until(lambda said=wish: wishes(tab)[-1] == said)


def lines(tab):
    # gradio 4 has a second table, unseen, from which it takes the widths.
    return tab.scrolled_to("rounds").locator("table").last.locator("tbody tr")


def wishes(tab):
    return lines(tab).evaluate_all("all => all.map(line => line.querySelector('td').innerText.trim())")


def write_cell(tab, *, row, text):
    cell = lines(tab).nth(row).locator("td").first
    box = cell.locator("input, textarea").first

    def opened():
        # gradio 4 draws the table anew a moment after it was given rows, and closes what was open.
        cell.dblclick()
        tab.page.wait_for_timeout(500)
        return box.is_visible()

    tab.until(opened)
    box.fill(text)
    box.press("Enter")
    tab.page.wait_for_timeout(500)
