"""Somebody else's alwayson script in a real webui: on our pictures as on txt2img's, with what its user set in
ui-config.json."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.hosts.conftest import TEMPLATES, small
from tests.hosts.real_webui import running

pytestmark = pytest.mark.webui
PROMPT, NEGATIVE = "a red dress, studio light", "blurry"
# Fills one band of each picture. Its boxes are of the kinds that widely used scripts have: a plain one, a list that
# hands over the place of a choice, and a state that each page fills at its load, as ADetailer's.
TINT = '''
import gradio as gr
from PIL import Image

from modules import scripts


class Tint(scripts.Script):
    def title(self):
        return "Tint"

    def show(self, is_img2img):
        return scripts.AlwaysVisible

    def ui(self, is_img2img):
        with gr.Accordion("Tint", open=False):
            enabled = gr.Checkbox(False, label="Tint enabled")
            band = gr.Radio(["red", "green", "blue"], value="red", type="index", label="Tint band")
            strength = gr.Slider(0, 255, 10, step=1, label="Tint strength")
            kept = gr.State(lambda: {"strength": strength.value})
        return [enabled, band, kept]

    def process(self, p, enabled, band, kept):
        if enabled:
            p.extra_generation_params["Tint"] = f"{band} {kept['strength']}"

    def postprocess_image(self, p, made, enabled, band, kept):
        if enabled:
            bands = list(made.image.convert("RGB").split())
            bands[band] = Image.new("L", made.image.size, int(kept["strength"]))
            made.image = Image.merge("RGB", bands)
'''
# Only what a script hands over is filed under its own name.
WISHES = {
    "customscript/tint.py/txt2img/Tint enabled/value": True,
    "customscript/tint.py/txt2img/Tint band/value": "blue",
    "txt2img/Tint strength/value": 200,
}


@contextmanager
def other_extension():
    folder = Path(os.environ.get("ADCOPY_WEBUI", ".")) / "extensions" / "tint-of-the-tests"
    if not folder.parent.is_dir():
        pytest.skip("ADCOPY_WEBUI names no webui")
    (folder / "scripts").mkdir(parents=True, exist_ok=True)
    (folder / "scripts" / "tint.py").write_text(TINT)
    try:
        yield
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("wished", [True, False], ids=["on", "off"])
def test_another_extensions_script_runs_on_our_pictures_as_in_txt2img(browser, tmp_path, wished):
    saved = {**WISHES, next(iter(WISHES)): wished}
    (tmp_path / "ui-config.json").write_text(json.dumps(saved))
    with other_extension(), running(tmp_path) as webui:
        tab = webui.tab(browser)
        (ours, our_text), (theirs, their_text) = drawn_in_both(webui, tab)
        assert our_text == their_text
        assert ("Tint: 2 200" in our_text) == wished
        assert (ours.getchannel("B").getextrema() == (200, 200)) == wished
        # The first picture of a process may be off by one.
        assert max(most for _, most in ImageChops.difference(ours, theirs).getextrema()) <= 1
        tab.context.close()
        assert webui.faults() == []


def drawn_in_both(webui, tab):
    """The same picture by our tab and by txt2img: each with its infotext."""
    page = tab.page
    tab.choose("writer", TEMPLATES)
    small(webui, tab)
    tab.number("seed", 7)
    for name, value in (("brief", "红色连衣裙"), ("prompt", PROMPT), ("negative_prompt", NEGATIVE)):
        tab.fill(name, value)
    for ours_is, theirs_is in (("sampler", "sampling"), ("scheduler", "scheduler")):
        box = page.locator(f"#txt2img_{theirs_is} input")
        if box.count():
            tab.choose(ours_is, box.first.input_value())
    page.wait_for_timeout(500)
    tab.run("generate", seconds=300)
    ours = webui.outputs[-1]
    page.locator("#tabs > .tab-nav button", has_text="txt2img").first.click()
    page.locator("#txt2img_prompt textarea").first.fill(PROMPT)
    page.locator("#txt2img_neg_prompt textarea").first.fill(NEGATIVE)
    for name, value in (("width", webui.size[0]), ("height", webui.size[1]), ("steps", 2)):
        page.locator(f"#txt2img_{name} input[type=number]").first.fill(str(value))
    page.locator("#txt2img_seed input").first.fill("7")
    page.locator("#txt2img_seed input").first.blur()
    page.wait_for_timeout(500)
    page.locator("#txt2img_generate").first.click()
    tab.until(lambda: webui.outputs[-1] != ours, 300)
    page.wait_for_timeout(2000)
    return [_read(file) for file in (ours, webui.outputs[-1])]


def _read(file):
    with Image.open(file) as picture:
        return picture.convert("RGB"), picture.info["parameters"]
