"""The studio draws a photo's scene by inpainting, on random weights of both kinds of checkpoint."""

from __future__ import annotations

import threading

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("diffusers")

from PIL import Image, ImageDraw

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.gpu import ModelManager
from lib_adcopy.hosts.base import DrawRequest
from lib_adcopy.hosts.photo_scene import SceneRequest
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.hosts.standalone.tokenizer import find_merges
from tests.hosts import random_sd

pytestmark = pytest.mark.skipif(find_merges() is None, reason="no package here carries CLIP's merges")
SIZE = (128, 192)
BOX = (30, 60, 100, 170)


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    random_sd.make(folder)
    random_sd.checkpoint(folder / "models" / "Stable-diffusion" / "inpainting.safetensors", channels=9)
    return StandaloneHost(folder)


@pytest.fixture(scope="module")
def product():
    cover = Image.new("L", (70, 110), 0)
    ImageDraw.Draw(cover).ellipse((2, 2, 67, 107), fill=255)
    made = Image.fromarray(np.random.default_rng(3).integers(0, 255, (110, 70, 3), np.uint8)).convert("RGBA")
    made.putalpha(cover)
    return made


def request(product, checkpoint, **settings):
    canvas = Image.new("RGB", SIZE, "white")
    canvas.paste(product, BOX, product)
    mask = Image.new("L", SIZE, 255)
    mask.paste(0, BOX, product.getchannel("A"))

    def finish(image):
        image.paste(product, BOX, product)
        return {"adcopy_photo": "exact"}

    drawing = DrawSettings(
        width=SIZE[0], height=SIZE[1], steps=2, seed=7, sampler="Euler a", checkpoint=checkpoint, **settings
    )
    return SceneRequest("marble table", "", drawing, canvas=canvas, draw_mask=mask, finish=finish, denoising=1.0)


def draw(host, wanted):
    told = []
    return ModelManager(host).draw(wanted, told.append, threading.Event()), told


@pytest.mark.parametrize("checkpoint", ["random", "inpainting"])
def test_the_product_is_unchanged_in_the_saved_file(host, product, checkpoint):
    result, told = draw(host, request(product, checkpoint, batch_count=2))
    assert [picture.seed for picture in result.pictures] == [7, 8]
    wanted = np.asarray(product)
    opaque = wanted[..., 3] == 255
    for picture in result.pictures:
        with Image.open(picture.path) as saved:
            assert saved.size == SIZE
            assert np.array_equal(np.asarray(saved.convert("RGB").crop(BOX))[opaque], wanted[opaque][:, :3])
            assert saved.info["adcopy_photo"] == "exact"
            assert "Denoising strength: 1.0" in saved.info["parameters"]
            # The corners were white in the canvas.
            assert np.asarray(saved.convert("RGB").crop((0, 0, 24, 24))).mean() < 250
        assert picture.path.parent.parent.name == "img2img-images"
    fractions = [progress.fraction for progress in told if progress.fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_checkpoint_for_inpainting_draws_whole_pictures_too(host):
    plain = DrawRequest("a mug", "", DrawSettings(64, 64, 2, "Euler a", seed=3, checkpoint="inpainting"))
    result, _ = draw(host, plain)
    assert result.pictures[0].image.size == (64, 64)


def test_a_stopped_scene_is_kept(host, product):
    stop = threading.Event()
    result = ModelManager(host).draw(
        request(product, "random", batch_count=4),
        lambda progress: stop.set() if progress.fraction is not None else None,
        stop,
    )
    assert result.interrupted
    assert len(result.pictures) == 1
