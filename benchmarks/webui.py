"""What the extension costs a real webui: at its start, on its page, and from click to picture beside the host's tab.

    ADCOPY_WEBUI=<folder of a webui> python -m benchmarks.webui

Both are taken side by side in one run; pictures are small and of few steps, so that the overhead is not hidden.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import table, write_section
from tests.browser import chromium
from tests.hosts.real_webui import running

ROUNDS = 9
STARTS = 5
LOADS = 2
PROMPT = "red dress, round neckline, studio light"
# The host's own profile. Only these parts know of extensions; importing torch, before them, takes three seconds give or
# take half a one, and would hide them.
_STARTUP = re.compile(r"Startup time: [\d.]+s \((.*)\)")
_PARTS = ("load scripts", "create ui", "gradio launch")


def main() -> None:
    with_us, without = [], []
    with chromium() as browser:
        for _ in range(STARTS):
            without.append(_start(browser, linked=False))
            with_us.append(_start(browser, linked=True))
    ours, theirs, first = _clicks()
    bare, bare_page, bare_ready = zip(*without, strict=True)
    full, full_page, full_ready = zip(*with_us, strict=True)
    added, later = _added(full, bare), _added(full_ready, bare_ready)
    beyond = _added(ours, theirs)
    heavier = statistics.median(full_page) - statistics.median(bare_page)
    loads = f"{STARTS * LOADS} loads in a fresh browser"
    small = f"{ROUNDS} pictures, 64x64, 2 steps"
    rows = [
        ["scripts, page and server started without it", _seconds(bare), f"{STARTS} starts, the host's own profile"],
        ["started with it", _seconds(full), f"{added:+.2f} s"],
        ["page without it, as sent", _kilobytes(bare_page), "page, scripts, styles and what they ask for"],
        ["page with it", _kilobytes(full_page), f"{heavier / 1000:+.0f} kB"],
        ["page ready to be used without it", _seconds(bare_ready), f"{loads}, Generate can be pressed"],
        ["page ready with it", _seconds(full_ready), f"{later:+.2f} s"],
        ["click to picture, txt2img tab", _seconds(theirs), small],
        ["click to picture, Ad Copy tab", _seconds(ours), f"{beyond:+.2f} s"],
        ["click to first words, template writer", _seconds(first), f"{ROUNDS} briefs"],
    ]
    text = table(["measured in a browser on 2 cores", "median", ""], rows)
    write_section("performance.md", "In a webui", f"{text}\n\nMade by `ADCOPY_WEBUI=... python -m benchmarks.webui`.")
    print(text)


def _seconds(taken: Sequence[float]) -> str:
    return f"{statistics.median(taken):.2f} s"


def _kilobytes(sizes: Sequence[float]) -> str:
    return f"{statistics.median(sizes) / 1000:.0f} kB"


def _added(taken: Sequence[float], without: Sequence[float]) -> float:
    return statistics.median(taken) - statistics.median(without)


def _start(browser: Any, *, linked: bool) -> tuple[float, float, float]:
    """Seconds of the host's start, bytes of its page and seconds until that can be used."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), linked=linked) as webui:
        deadline = time.monotonic() + 60
        while not (found := _STARTUP.search(webui.log.read_text())):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        taken = dict(part.rsplit(": ", 1) for part in found[1].split(", "))
        loads = [_load(browser, webui.url) for _ in range(LOADS)]
        size, ready = (statistics.median(each) for each in zip(*loads, strict=True))
        return sum(float(taken[part].rstrip("s")) for part in _PARTS if part in taken), size, ready


def _load(browser: Any, url: str) -> tuple[float, float]:
    """One load with an empty cache: the bytes that came over the line and the seconds until Generate can be pressed."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page, came = context.new_page(), []
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    # The page asks two hosts outside for what it can do without.
    page.route(lambda asked: not asked.startswith(url), lambda route: route.abort())
    started = time.monotonic()
    page.goto(url)
    page.locator("#txt2img_generate").click(trial=True, timeout=60_000)
    ready = time.monotonic() - started
    page.wait_for_timeout(3000)
    context.close()
    return sum(came), ready


def _clicks() -> tuple[list[float], list[float], list[float]]:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as webui, chromium() as browser:
        tab = webui.tab(browser)
        page = tab.page
        tab.unfold("settings")
        for name, value in (("width", 64), ("height", 64), ("steps", 2), ("hires_scale", 1)):
            tab.number(name, value)
        tab.fill("brief", "裙子，红色，圆领")
        tab.fill("prompt", PROMPT)
        first = []
        for _ in range(ROUNDS):
            before = tab.text("copy")
            started = time.monotonic()
            tab.press("write")
            page.wait_for_function("was => document.querySelector('#adcopy_copy textarea').value !== was", arg=before)
            first.append(time.monotonic() - started)
            tab.wait()
        ours = [_click(page, "adcopy") for _ in range(ROUNDS + 1)][1:]
        page.locator("#tabs > .tab-nav button", has_text="txt2img").click()
        page.fill("#txt2img_prompt textarea", PROMPT)
        for name, value in (("width", 64), ("height", 64), ("steps", 2)):
            page.locator(f"#txt2img_{name} input[type=number]").first.fill(str(value))
        theirs = [_click(page, "txt2img") for _ in range(ROUNDS + 1)][1:]
    return ours, theirs, first


def _click(page, tab: str) -> float:
    """Seconds until another picture than before stands in the tab's gallery; its file name is new each time."""
    shown = f"document.querySelector('#{tab}_gallery img')?.src || ''"
    before = page.evaluate(shown)
    started = time.monotonic()
    page.locator(f"#{tab}_generate").first.click()
    page.wait_for_function(f"was => ({shown}) !== was && ({shown}).includes('file=')", arg=before, timeout=60_000)
    taken = time.monotonic() - started
    page.wait_for_timeout(1000)
    return taken


if __name__ == "__main__":
    main()
