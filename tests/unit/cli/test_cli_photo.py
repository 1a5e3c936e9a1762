"""`adcopy photo` keeps its contract: what the files are and that the product stands unchanged."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from benchmarks.photo_products import product
from lib_adcopy.cli import main

pytest.importorskip("cv2")


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    file = tmp_path_factory.mktemp("photo") / "my mug.png"
    product(3, 480, shape="mug", surface="label", ground="white").image.save(file)
    return file


def run(capsys, photo, out, *more):
    code = main(["photo", "--image", str(photo), "--out", str(out), "--json", "--home", str(out / "home"), *more])
    assert code == 0
    return json.loads(capsys.readouterr().out)


def assert_contract(answer, out, photo):
    with Image.open(photo) as original, Image.open(out / answer["mask"]) as mask:
        assert mask.size == original.size
        assert mask.getpixel((0, 0)) == 0
        assert mask.getpixel((200, 250)) == 255
    x0, y0, x1, y1 = answer["product_box"]
    with Image.open(out / answer["cutout"]) as cutout, Image.open(out / answer["picture"]) as picture:
        assert cutout.mode == "RGBA"
        assert cutout.size == (x1 - x0, y1 - y0)
        pasted, there = np.asarray(cutout), np.asarray(picture.convert("RGB").crop((x0, y0, x1, y1)))
    opaque = pasted[..., 3] == 255
    assert opaque.any()
    assert np.array_equal(pasted[opaque][:, :3], there[opaque])
    assert answer["exact"] is True


def test_a_main_picture_on_white(capsys, photo, tmp_path):
    answer = run(capsys, photo, tmp_path, "--no-scene")
    assert_contract(answer, tmp_path, photo)
    with Image.open(tmp_path / answer["picture"]) as picture:
        assert picture.size == (800, 800)
        assert picture.getpixel((2, 2)) == (255, 255, 255)


def test_a_scene_without_a_model_is_a_drawn_ground(capsys, photo, tmp_path):
    answer = run(capsys, photo, tmp_path, "--scene", "靠窗的木桌，清晨", "--format", "xiaohongshu-1:1")
    assert_contract(answer, tmp_path, photo)
    assert answer["scene"] == "window"
    with Image.open(tmp_path / answer["picture"]) as picture:
        assert picture.size == (1080, 1080)


def test_a_users_mask_is_used(capsys, photo, tmp_path):
    mask = Image.new("L", (480, 480), 0)
    mask.paste(255, (150, 150, 300, 330))
    mask.save(tmp_path / "mask.png")
    answer = run(capsys, photo, tmp_path, "--mask", str(tmp_path / "mask.png"), "--no-scene")
    assert_contract(answer, tmp_path, photo)
    with Image.open(tmp_path / answer["mask"]) as made:
        assert np.array_equal(np.asarray(made), np.asarray(mask))


def test_what_is_no_photo_is_one_line(capsys, tmp_path):
    (tmp_path / "text.jpg").write_text("hello")
    assert main(["photo", "--image", str(tmp_path / "text.jpg"), "--out", str(tmp_path), "--language", "en"]) == 2
    said = capsys.readouterr().err
    assert "text.jpg" in said
    assert said.count("\n") == 1
