"""A segmentation model in the models folder is found, described without a runtime, and cuts products out."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib_adcopy.errors import AdCopyError
from lib_adcopy.photo import segmentation
from lib_adcopy.photo.cutout import cut_out
from lib_adcopy.photo.loading import Photo
from lib_adcopy.photo.segmentation import best_model, segmentation_models
from tests.tiny_segmentation import write_redness

pytest.importorskip("cv2")


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "rembg"))
    write_redness(tmp_path / "segmentation" / "u2net.onnx", 64)
    return tmp_path


@pytest.fixture(scope="module")
def photo():
    """A red disc between things of other colours."""
    rng = np.random.default_rng(1)
    image = Image.fromarray(rng.integers(0, 90, (240, 320, 3), np.uint8))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 150, 320, 240), fill=(40, 90, 140))
    pen.ellipse((100, 60, 220, 200), fill=(230, 20, 20))
    return Photo(image)


def test_models_are_listed_with_their_input_size(models):
    write_redness(models / "segmentation" / "isnet-general-use.onnx", 128)
    (models / "segmentation" / "broken.onnx").write_bytes(b"not a model")
    write_redness(models / "rembg" / "silueta.onnx", 32)
    found = {model.name: (model.side, model.problem) for model in segmentation_models((models,))}
    assert found == {
        "isnet-general-use": (128, ""),
        "u2net": (64, ""),
        "silueta": (32, ""),
        "broken": (320, "broken"),
    }
    assert best_model((models,)).name == "isnet-general-use"


@pytest.mark.parametrize("runtime", ["onnxruntime", "cv2"])
def test_a_model_cuts_the_product_out(models, photo, monkeypatch, runtime):
    if runtime == "onnxruntime":
        pytest.importorskip("onnxruntime")
    monkeypatch.setattr(segmentation, "find_spec", lambda name: name == runtime or None)
    segmentation._runner.cache_clear()
    cutout = cut_out(photo, None, best_model((models,)))
    assert cutout.method == "model"
    found, y_x = cutout.alpha > 127, np.mgrid[0:240, 0:320]
    known = ((y_x[1] - 160) / 60) ** 2 + ((y_x[0] - 130) / 70) ** 2 <= 1
    assert (found & known).sum() / (found | known).sum() > 0.95


def test_a_model_that_fails_is_one_sentence(models, photo):
    file = models / "segmentation" / "u2net.onnx"
    # Whole enough to be listed, too damaged to run.
    file.write_bytes(file.read_bytes().replace(b"Sigmoid", b"Zigmoid"))
    with pytest.raises(AdCopyError) as failed:
        cut_out(photo, None, best_model((models,)))
    assert "u2net" in failed.value.message.text("en")


def test_nothing_is_found_where_there_is_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "none"))
    assert best_model((tmp_path,)) is None
