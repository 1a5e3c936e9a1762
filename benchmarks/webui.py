"""What the extension costs a real webui: seconds at its start, and from click to picture beside the host's own tab.

    ADCOPY_WEBUI=<folder of a webui> python -m benchmarks.webui

Both are taken side by side in one run; pictures are small and of few steps, so that the overhead is not hidden.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.report import table, write_section
from tests.browser import chromium
from tests.hosts.real_webui import running

ROUNDS = 9
STARTS = 7
PROMPT = "red dress, round neckline, studio light"
# The host's own profile. Only these parts know of extensions; importing torch, before them, takes three seconds give or
# take half a one, and would hide them.
_STARTUP = re.compile(r"Startup time: [\d.]+s \((.*)\)")
_PARTS = ("load scripts", "create ui", "gradio launch")


def main() -> None:
    with_us, without = [], []
    for _ in range(STARTS):
        without.append(_start(linked=False))
        with_us.append(_start(linked=True))
    ours, theirs, first = _clicks()
    added = statistics.median(with_us) - statistics.median(without)
    beyond = statistics.median(ours) - statistics.median(theirs)
    small = f"{ROUNDS} pictures, 64x64, 2 steps"
    rows = [
        ["scripts, page and server started without it", _seconds(without), f"{STARTS} starts, the host's own profile"],
        ["started with it", _seconds(with_us), f"{added:+.2f} s"],
        ["click to picture, txt2img tab", _seconds(theirs), small],
        ["click to picture, Ad Copy tab", _seconds(ours), f"{beyond:+.2f} s"],
        ["click to first words, template writer", _seconds(first), f"{ROUNDS} briefs"],
    ]
    text = table(["measured in a browser on 2 cores", "median", ""], rows)
    write_section("performance.md", "In a webui", f"{text}\n\nMade by `ADCOPY_WEBUI=... python -m benchmarks.webui`.")
    print(text)


def _seconds(taken: list[float]) -> str:
    return f"{statistics.median(taken):.2f} s"


def _start(*, linked: bool) -> float:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), linked=linked) as webui:
        deadline = time.monotonic() + 60
        while not (found := _STARTUP.search(webui.log.read_text())):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        taken = dict(part.rsplit(": ", 1) for part in found[1].split(", "))
        return sum(float(taken[part].rstrip("s")) for part in _PARTS if part in taken)


def _clicks() -> tuple[list[float], list[float], list[float]]:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as webui, chromium() as browser:
        tab = webui.tab(browser)
        page = tab.page
        tab.unfold("settings")
        for name, value in (("width", 64), ("height", 64), ("steps", 2)):
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
