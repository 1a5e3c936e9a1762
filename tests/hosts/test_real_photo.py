"""A product photo in the real webui: cut out, its scene drawn by img2img, interrupted, again, sent to inpaint.

That the product stands unchanged is proven from the saved files.
"""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from PIL import Image

from benchmarks.photo_products import product
from lib_adcopy.domain.layout import DEFAULT_FORMAT
from lib_adcopy.photo.cutout import cut_out
from lib_adcopy.photo.loading import open_photo
from lib_adcopy.photo.placement import place
from lib_adcopy.prompting.sizes import formats
from lib_adcopy.storage import read
from lib_adcopy.storage.aigc_label import read_label
from tests.browser import screenshot

pytestmark = pytest.mark.webui
BRIEF = "陶瓷马克杯，奶白色，350ml，39元"


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    file = tmp_path_factory.mktemp("photo") / "mug.jpg"
    product(3, 500, shape="mug", surface="label", ground="white").image.save(file, quality=95)
    return file


@pytest.fixture
def given(tab, photo):
    """The tab with brief, copy and photo, its product cut out."""
    tab.fill("brief", BRIEF)
    tab.fill("copy", "早安马克杯\n阳台上的第一杯咖啡。")
    tab.reveal("photo").locator("input[type=file]").first.set_input_files(str(photo))
    tab.until(lambda: "商品已抠出" in tab.part("photo_view").inner_text(), seconds=60)
    return tab


def run(tab, name):
    """Presses a button and waits for its end; a full-size model on a busy processor answers late."""
    before = tab.run_id()
    tab.press(name)
    tab.until(lambda: tab.run_id() != before, seconds=240)
    return tab.wait(seconds=600)


def differing(webui, file):
    """Pixels of a saved picture that differ from the fully covered ones of the cut-out, and how many there are."""
    name = read(file).photo
    kept = next(found for found in (webui.folder / "outputs").rglob(name) if found.parent.name == "photos")
    cutout = cut_out(open_photo(kept))
    with Image.open(file) as saved:
        placed = place(cutout, saved.size)
        there = np.asarray(saved.convert("RGB").crop(placed.box))
    wanted = np.asarray(placed.product)
    opaque = wanted[..., 3] == 255
    return int((there[opaque] != wanted[opaque][:, :3]).any(-1).sum()), int(opaque.sum())


def drawn_since(webui, before):
    return [file for file in webui.outputs if file not in before and "img2img-images" in file.parts]


def test_the_product_stands_unchanged_in_a_scene_drawn_by_img2img(webui, given):
    tab = given
    before = set(webui.outputs)
    run(tab, "derive")
    prompt = tab.text("prompt")
    assert prompt.startswith("empty ") and not re.search(r"\bmug\b", prompt)
    assert "mug" in tab.text("negative_prompt")
    tab.number("seed", 5)
    run(tab, "generate")
    tab.until(lambda: tab.pictures() > 0)
    files = drawn_since(webui, before)
    sizes = set()
    for file in files:
        changed, covered = differing(webui, file)
        with Image.open(file) as saved:
            sizes.add(saved.size)
            assert json.loads(saved.info["adcopy_photo"])["exact"] is True
            assert "Denoising strength: 0.95" in saved.info["parameters"]
            assert "Ad Copy scene: " in saved.info["parameters"]
            assert "add_detail" in saved.info["parameters"]
        assert (changed, covered > 500) == (0, True)
    assert sizes == {webui.size, formats()[DEFAULT_FORMAT]}
    full = next(file for file in files if file.stem.endswith("-full"))
    assert read_label(full).kind == "1"
    assert read(full).brief == BRIEF
    run(tab, "compose")
    tab.until(lambda: tab.pictures() > 1)
    screenshot(tab, f"{webui.name}-photo.png")


def test_a_scene_is_interrupted_and_drawn_again(webui, given):
    tab = given
    before = set(webui.outputs)
    tab.number("steps", 150)
    tab.press("generate")
    tab.until(lambda: tab.page.locator("#adcopy_status [data-task]").count() > 0, seconds=240)
    tab.page.wait_for_timeout(3000)
    tab.press("interrupt")
    tab.wait(seconds=300)
    tab.number("steps", 2)
    run(tab, "generate")
    files = drawn_since(webui, before)
    assert len(files) >= 2
    assert [differing(webui, file)[0] for file in files] == [0] * len(files)


def test_picture_and_mask_are_sent_to_inpaint(webui, given):
    tab = given
    run(tab, "generate")
    tab.until(lambda: tab.pictures() > 0)
    tab.page.wait_for_timeout(500)
    prompt = tab.text("prompt")
    tab.press("send_masked")
    for box in ("#img_inpaint_base", "#img_inpaint_mask"):
        tab.page.wait_for_selector(f"{box} img", state="visible", timeout=60_000)
    tab.until(lambda: tab.page.locator("#img2img_prompt textarea").first.input_value() == prompt)


def test_a_cut_out_is_mended_and_a_picture_brings_everything_back(webui, given):
    tab = given
    tab.unfold("photo_mask")
    first = tab.text("photo_kept")
    tab.press("mask_less")
    tab.until(lambda: tab.text("photo_kept") != first)
    mended = tab.text("photo_kept")
    tab.unfold("photo_scenes")
    tab.choose("scene_preset", "朱漆木格")
    run(tab, "generate")
    full = next(file for file in reversed(webui.outputs) if file.stem.endswith("-full"))
    tab.page.reload()
    tab.page.wait_for_selector("#txt2img_prompt textarea", timeout=120_000)
    tab.page.wait_for_timeout(2000)
    tab.page.locator("#tabs > .tab-nav button", has_text="Ad Copy").click()
    tab.page.wait_for_timeout(500)
    tab.reveal("restore").locator("input[type=file]").first.set_input_files(str(full))
    tab.until(lambda: tab.text("photo_kept") == mended)
    assert tab.part("photo_view").locator("img").count() == 1
    assert tab.text("scene_preset") == "朱漆木格"
