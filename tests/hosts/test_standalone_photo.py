"""`adcopy photo` with a checkpoint: diffusers draws the scene, on random weights, and the contract holds."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("cv2")

from PIL import Image

from benchmarks.photo_products import product
from lib_adcopy.cli import main
from lib_adcopy.hosts.standalone.tokenizer import find_merges
from lib_adcopy.storage.aigc_label import read_label
from tests.hosts import random_sd

pytestmark = pytest.mark.skipif(find_merges() is None, reason="no package here carries CLIP's merges")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    random_sd.make(folder)
    return folder


@pytest.mark.parametrize(
    "words", [("--scene", "木桌，窗边晨光"), ("--brief", "陶瓷马克杯，奶白色"), ("--scene", "wet-stone")]
)
def test_the_scene_is_drawn_and_the_product_unchanged(home, tmp_path, capsys, words):
    product(3, 400, shape="mug", surface="label", ground="white").image.save(tmp_path / "mug.png")
    small = ("--width", "128", "--height", "160", "--steps", "2", "--format", "taobao-main")
    code = main(["photo", "--image", str(tmp_path / "mug.png"), "--out", str(tmp_path / "out"), "--json",
                 "--home", str(home), *words, *small])  # fmt: skip
    assert code == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["exact"] is True and answer["generated"] == "scene"
    x0, y0, x1, y1 = answer["product_box"]
    out = tmp_path / "out"
    with Image.open(out / answer["cutout"]) as cutout, Image.open(out / answer["picture"]) as picture:
        assert picture.size == (800, 800) and cutout.size == (x1 - x0, y1 - y0)
        pasted, there = np.asarray(cutout), np.asarray(picture.convert("RGB").crop((x0, y0, x1, y1)))
        assert "Denoising strength" in picture.info["parameters"]
        assert "mug" not in picture.info["parameters"].split("Negative prompt:")[0]
    opaque = pasted[..., 3] == 255
    assert np.array_equal(pasted[opaque][:, :3], there[opaque])
    assert read_label(out / answer["picture"]).kind == "1"
