"""What a seller does in the tab from brief to picture, wherever the tab is served; the starter writes."""

from __future__ import annotations

import time

BRIEF = "裙子，文艺风格，简约图案，连衣裙，圆领"
STARTER = "starter（ChatGLM，16 位）"


def write_choose_and_revise(tab):
    tab.choose("writer", STARTER)
    tab.fill("brief", BRIEF)
    tab.run("write")
    first = tab.text("copy")
    tab.card(1)
    tab.until(lambda: tab.text("copy") != first)
    chosen = tab.text("copy")
    tab.fill("wish", "短一点")
    tab.run("revise")
    assert 0 < len(tab.text("copy")) < len(chosen)


def derive_edit_and_draw(tab):
    tab.run("derive")
    assert "<lora:add_detail:0.5>" in tab.text("prompt")
    *written, hashtags = tab.text("copy").split("\n")
    tab.fill("copy", "\n".join([*written, "喜欢就带走。", hashtags]))
    tab.fill("prompt", "white fabric, " + tab.text("prompt"))
    # A webui names embeddings only where it reads the negative prompt anew, which it keeps from picture to picture.
    tab.fill("negative_prompt", f"{tab.text('negative_prompt')}, grain {time.time_ns()}")
    tab.run("generate", seconds=600)
    tab.until(lambda: tab.pictures() > 0)
    # The words under a picture come a moment after the picture itself.
    tab.until(lambda: infotext(tab).startswith("white fabric, "))
    said = infotext(tab)
    for name in ("Lora hashes", "add_detail", "TI", "EasyNegative"):
        assert name in said
    tab.run("compose")
    tab.until(lambda: tab.pictures() > 1)


def interrupt(tab, *, begun):
    """Stops a long picture once `begun` says that it is being drawn, and draws a short one after it."""
    tab.number("steps", 150)
    tab.press("generate")
    tab.until(begun, 120)
    tab.page.wait_for_timeout(1500)
    tab.press("interrupt")
    tab.until(lambda: "adcopy-done" in tab.kind(), 120)
    assert "已停止" in tab.status()
    tab.until(lambda: tab.pictures() > 0)
    tab.number("steps", 2)
    tab.run("generate", seconds=600)
    assert tab.status() == "完成"


def infotext(tab):
    return tab.page.locator("#html_info_adcopy, #adcopy_infotext").first.inner_text()
