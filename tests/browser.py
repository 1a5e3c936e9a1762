"""A real Chromium looking at the tab, wherever it is served: what a user does, by the ids anyone may automate."""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
LOOPBACK = {"127.0.0.1", "localhost", ""}
# gradio 4's own page aborts its stream of events when the server closes it, and sometimes is still reading it.
OF_GRADIO = "AbortError: signal is aborted without reason"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def screenshot(tab, name):
    """A picture for docs/images, where ADCOPY_SCREENSHOTS names that folder; else nothing."""
    folder = os.environ.get("ADCOPY_SCREENSHOTS")
    if folder:
        # Until the gallery's picture has faded in.
        tab.page.wait_for_timeout(2500)
        tab.page.screenshot(path=str(Path(folder) / name), full_page=True)


@contextmanager
def chromium():
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


# Opens the sub-tab and the folds an element stands in, the outermost first.
REVEAL = """element => {
    const around = [];
    for (let at = element.parentElement; at; at = at.parentElement) {
        around.unshift(at);
    }
    for (const at of around) {
        const head = Array.from(at.children).find((child) => child.classList.contains("label-wrap"));
        if (head && !head.classList.contains("open")) {
            head.click();
        }
        if (at.classList.contains("tabitem") && at.style.display === "none" && at.closest("#adcopy_root")) {
            const tabs = Array.from(at.parentElement.children).filter((child) => child.classList.contains("tabitem"));
            const buttons = at.parentElement.querySelectorAll(":scope > .tab-nav button");
            buttons[tabs.indexOf(at)].click();
        }
    }
}"""


class TabPage:
    """One browser tab with Ad Copy in it. `errors` are the console's, `outside` the hosts it asked for anything."""

    def __init__(self, browser, url, *, width=1280, height=1000, locale="zh-CN", context=None):
        self.url = url
        self.context = context or browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        self.page = self.context.new_page()
        self.errors = []
        self.outside = set()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route("**/*", self._route)

    def _hear(self, said):
        if said.type == "error" and not said.text.startswith(OF_GRADIO):
            self.errors.append(f"{said.text} ({said.location.get('url', '')})")

    def _route(self, route):
        host = urlsplit(route.request.url).hostname or ""
        if host in LOOPBACK:
            route.continue_()
        else:
            # gradio's page asks a CDN for a frame resizer; an empty answer is what a machine without internet gives.
            self.outside.add(host)
            route.fulfill(status=200, body="")

    def open(self):
        self.page.goto(self.url)
        self.page.wait_for_selector("#adcopy_brief textarea", timeout=60_000, state="attached")
        # gradio 3 drops what is typed before its page has settled.
        self.page.wait_for_timeout(1500)
        return self

    def part(self, name):
        return self.page.locator(f"#adcopy_{name}").first

    def reveal(self, name):
        """Brings a widget into view that stands in a fold or another sub-tab."""
        part = self.part(name)
        if part.count() and not part.is_visible():
            part.evaluate(REVEAL)
            self.page.wait_for_timeout(300)
        return part

    def text(self, name):
        box = self.part(name).locator("textarea, input").first
        return box.input_value() if box.count() else self.part(name).inner_text()

    def fill(self, name, value):
        box = self.reveal(name).locator("textarea, input").first
        box.fill(str(value))
        box.blur()

    def number(self, name, value):
        box = self.reveal(name).locator("input[type=number]").first
        box.fill(str(value))
        box.blur()

    def choose(self, name, word):
        # gradio 3 puts a tick before the word of the option that is chosen, and does not name its options.
        option = self.page.locator("ul.options li").filter(has_text=re.compile(rf"^\W*{re.escape(word)}\s*$")).first
        box = self.reveal(name).locator("input").first

        def seen():
            # gradio 4 shows choices that arrive while its list is open only when it is opened anew.
            box.click()
            self.page.wait_for_timeout(200)
            if option.is_visible():
                return True
            box.press("Escape")
            box.blur()
            return False

        self.until(seen)
        option.click()

    def unfold(self, name):
        self.reveal(name).locator("button, .label-wrap").first.click()
        self.page.wait_for_timeout(300)

    def press(self, name):
        self.reveal(name).click()

    def scrolled_to(self, name):
        """The part, scrolled into view anew: gradio 4 draws a table's rows when it comes into view."""
        self.page.evaluate("window.scrollTo(0, 0)")
        self.page.wait_for_timeout(200)
        self.part(name).evaluate("part => part.scrollIntoView({block: 'center'})")
        self.page.wait_for_timeout(600)
        return self.part(name)

    def place(self, name):
        """The part's box on the screen, once it has stood still: folds open and numbers settle over some frames."""
        seen = []

        def still():
            seen.append(self.part(name).bounding_box())
            return len(seen) > 4 and seen[-1] == seen[-2] == seen[-3] == seen[-4]

        self.until(still)
        return seen[-1]

    def card(self, number):
        """Presses a candidate's card, counted from 0."""
        self.part("candidates").locator(".adcopy-card").nth(number).click()

    def status(self):
        # The line itself: gradio counts seconds beside it, and changes it while it is read.
        return "\n".join(self.part("status").locator(".adcopy-status").all_inner_texts()).strip()

    def kind(self):
        line = self.part("status").locator(".adcopy-status")
        return line.get_attribute("class") if line.count() else ""

    def wait(self, kind="done", seconds=120):
        """Until the status line is of `kind` (done, error); the line."""
        self.until(lambda: f"adcopy-{kind}" in self.kind() or "adcopy-error" in self.kind(), seconds)
        assert f"adcopy-{kind}" in self.kind(), self.status()
        return self.status()

    def until(self, true, seconds=30):
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"waited {seconds} s; the status says: {self.status()}"
            self.page.wait_for_timeout(100)

    def run(self, name, kind="done", seconds=120):
        """Presses a button and waits for its end; the status line of an earlier run does not count."""
        before = self.run_id()
        self.press(name)
        self.until(lambda: self.run_id() != before)
        return self.wait(kind, seconds)

    def run_id(self):
        line = self.part("status").locator("[data-run]")
        return line.get_attribute("data-run") if line.count() else None

    def pictures(self):
        return self.part("gallery").locator("img").count()
