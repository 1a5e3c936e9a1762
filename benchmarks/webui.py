"""What the extension costs a real webui: at its start, on its page, and from click to picture beside the host's tab.

    ADCOPY_WEBUI=<folder of a webui> python -m benchmarks.webui

Both are taken side by side in one run; pictures are small and of few steps, so that the overhead is not hidden, and
then of a size and a number of steps that somebody would post.
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
STARTS = 3
LOADS = 2
PROMPT = "red dress, round neckline, studio light"
# The host's own profile. Only these parts know of extensions; importing torch, before them, takes three seconds give or
# take half a one, and would hide them.
_STARTUP = re.compile(r"Startup time: [\d.]+s \((.*)\)")
_VERSION = re.compile(r"^Version: (\S+)", re.MULTILINE)
STARTER = "starter（ChatGLM，16 位）"
SMALL, REAL = (64, 64, 2), (256, 384, 20)
REAL_ROUNDS = 3
_PARTS = ("load scripts", "create ui", "gradio launch")


def main() -> None:
    with_us, without = [], []
    with chromium() as browser:
        for _ in range(STARTS):
            without.append(_start(browser, linked=False))
            with_us.append(_start(browser, linked=True))
    clicks = _Clicks()
    first, starter = clicks.first["template"], clicks.first["starter"]
    bare, bare_page, bare_ready = zip(*without, strict=True)
    full, full_page, full_ready = zip(*with_us, strict=True)
    added, later = _added(full, bare), _added(full_ready, bare_ready)
    heavier = statistics.median(full_page) - statistics.median(bare_page)
    loads = f"{STARTS * LOADS} loads in a fresh browser"
    rows = [
        ["scripts, page and server started without it", _seconds(bare), f"{STARTS} starts, the host's own profile"],
        ["started with it", _seconds(full), f"{added:+.2f} s"],
        ["page without it, as sent", _kilobytes(bare_page), "page, scripts, styles and what they ask for"],
        ["page with it", _kilobytes(full_page), f"{heavier / 1000:+.0f} kB"],
        ["page ready to be used without it", _seconds(bare_ready), f"{loads}, Generate can be pressed"],
        ["page ready with it", _seconds(full_ready), f"{later:+.2f} s"],
        *(row for size, (ours, theirs) in clicks.pictures.items() for row in _picture_rows(size, ours, theirs)),
        ["click to first words, template writer", _seconds(first), f"{ROUNDS} briefs"],
        ["click to first words, starter, loaded", _seconds(starter), f"{ROUNDS} briefs"],
    ]
    text = table([f"measured in a browser on 2 cores, webui {clicks.version}", "median", ""], rows)
    write_section("performance.md", "In a webui", f"{text}\n\nMade by `ADCOPY_WEBUI=... python -m benchmarks.webui`.")
    print(text)


def _picture_rows(size: tuple[int, int, int], ours: list[float], theirs: list[float]) -> list[list[str]]:
    width, height, steps = size
    what, beyond = f"{len(ours)} pictures, {width}x{height}, {steps} steps", _added(ours, theirs)
    share = beyond / statistics.median(theirs)
    return [
        ["click to picture, txt2img tab", _seconds(theirs), what],
        ["click to picture, Ad Copy tab", _seconds(ours), f"{beyond:+.2f} s, {share:+.1%}"],
    ]


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


class _Clicks:
    """One webui's: seconds to the first words by writer, and to a picture by its size, in our tab and in the host's."""

    def __init__(self) -> None:
        self.first: dict[str, list[float]] = {}
        self.pictures: dict[tuple[int, int, int], tuple[list[float], list[float]]] = {}
        with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as webui, chromium() as browser:
            found = _VERSION.search(webui.log.read_text())
            self.version = found[1] if found else webui.name
            tab = webui.tab(browser)
            tab.unfold("settings")
            tab.number("hires_scale", 1)
            tab.fill("brief", "裙子，红色，圆领")
            tab.fill("prompt", PROMPT)
            _show(tab.page, "txt2img")
            tab.page.fill("#txt2img_prompt textarea", PROMPT)
            _show(tab.page, "Ad Copy")
            self.first["template"] = [_words(tab) for _ in range(ROUNDS)]
            tab.choose("writer", STARTER)
            # The first answer loads the model.
            self.first["starter"] = [_words(tab) for _ in range(ROUNDS + 1)][1:]
            for size, rounds in ((SMALL, ROUNDS), (REAL, REAL_ROUNDS)):
                self.pictures[size] = _side_by_side(tab, size, rounds)


def _words(tab: Any) -> float:
    """Seconds until the box of the copy changes."""
    before = tab.text("copy")
    started = time.monotonic()
    tab.press("write")
    changed = "was => document.querySelector('#adcopy_copy textarea').value !== was"
    tab.page.wait_for_function(changed, arg=before, timeout=120_000)
    taken = time.monotonic() - started
    tab.wait()
    return taken


def _side_by_side(tab: Any, size: tuple[int, int, int], rounds: int) -> tuple[list[float], list[float]]:
    """Seconds to each picture, by turns in our tab and in txt2img; the first of each is left out."""
    page, names = tab.page, ("width", "height", "steps")
    for name, value in zip(names, size, strict=True):
        tab.number(name, value)
    for ours_is, theirs_is in (("sampler", "sampling"), ("scheduler", "scheduler")):
        box = page.locator(f"#txt2img_{theirs_is} input")
        if box.count():
            tab.choose(ours_is, box.first.input_value())
    _show(page, "txt2img")
    for name, value in zip(names, size, strict=True):
        page.locator(f"#txt2img_{name} input[type=number]").first.fill(str(value))
    ours, theirs = [], []
    for _ in range(rounds + 1):
        theirs.append(_click(page, "txt2img"))
        _show(page, "Ad Copy")
        ours.append(_click(page, "adcopy"))
        _show(page, "txt2img")
    _show(page, "Ad Copy")
    return ours[1:], theirs[1:]


def _show(page: Any, tab: str) -> None:
    page.locator("#tabs > .tab-nav button", has_text=tab).first.click()


def _click(page: Any, tab: str) -> float:
    """Seconds until another picture than before stands in the tab's gallery; its file name is new each time."""
    shown = f"document.querySelector('#{tab}_gallery img')?.src || ''"
    before = page.evaluate(shown)
    started = time.monotonic()
    page.locator(f"#{tab}_generate").first.click()
    page.wait_for_function(f"was => ({shown}) !== was && ({shown}).includes('file=')", arg=before, timeout=300_000)
    taken = time.monotonic() - started
    page.wait_for_timeout(1000)
    return taken


if __name__ == "__main__":
    main()
