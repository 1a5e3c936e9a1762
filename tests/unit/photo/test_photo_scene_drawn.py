"""A drawn scene holds the product unchanged, in the host's own picture and at the format's size."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib_adcopy.app.photo_scene import SceneOrder, draw_scene, scene_request
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.hosts.base import DrawRequest
from lib_adcopy.photo.checks import changed_pixels
from lib_adcopy.photo.cutout import Cutout
from lib_adcopy.photo.placement import Placement, place

GREEN = (40, 90, 60)


@pytest.fixture(scope="module")
def cutout():
    mask = Image.new("L", (300, 300), 0)
    ImageDraw.Draw(mask).ellipse((40, 20, 220, 280), fill=255)
    noise = np.random.default_rng(1).integers(0, 256, (12, 12, 3), np.uint8)
    colours = np.asarray(Image.fromarray(noise).resize((300, 300), Image.Resampling.BICUBIC))
    return Cutout(np.asarray(mask), colours, "mask", 1.0)


def order(cutout, **changes):
    request = DrawRequest("empty marble table", "text", DrawSettings(512, 640, seed=4, hires_scale=2))
    return SceneOrder(cutout, request, changes.pop("size", (800, 800)), **changes)


def painted(request):
    """A host that draws one colour wherever it may, and is asked for nothing else."""
    image = Image.composite(Image.new("RGB", request.canvas.size, GREEN), request.canvas, request.draw_mask)
    said = json.loads(request.finish(image)["adcopy_photo"])
    assert said["exact"] is True and said["generated"] == "scene"
    return DrawResult((Picture(image, "", 1),))


@pytest.mark.parametrize(
    "placement",
    [None, Placement("hanging"), Placement("lying", 0.7, (0.2, -0.1)), Placement(rotation=30, flip=True),
     Placement(scale=2.0, shift=(0.4, 0.4))],
)  # fmt: skip
def test_the_product_is_unchanged_in_both_pictures_wherever_it_is_put(cutout, placement):
    asked = []

    def draw(request):
        asked.append(request)
        return painted(request)

    wanted = order(cutout, placement=placement)
    (made,) = draw_scene(draw, wanted).scenes
    small = place(cutout, (512, 640), placement)
    assert changed_pixels(made.picture.image, small) == 0
    assert changed_pixels(made.finished.image, made.finished.placed) == 0
    assert made.finished.image.size == (800, 800)
    assert set(asked[0].draw_mask.getdata()) == {0, 255}
    assert asked[0].canvas.size == (512, 640) == asked[0].draw_mask.size
    assert asked[0].settings.hires_scale == 1.0


def test_the_host_draws_up_to_the_product_and_into_its_rim(cutout):
    request = scene_request(order(cutout), small := place(cutout, (512, 640)))
    mask = np.asarray(request.draw_mask)
    covered = np.asarray(small.product.getchannel("A")) == 255
    inside = mask[small.box[1] : small.box[3], small.box[0] : small.box[2]]
    assert (inside[~covered] == 255).all()
    assert 0 < (inside[covered] == 255).mean() < 0.2


def test_the_old_canvas_is_seen_nowhere(cutout):
    (made,) = draw_scene(painted, order(cutout)).scenes
    image, box = made.finished.image, made.finished.box
    assert np.abs(np.asarray(image.getpixel((5, 5)), int) - GREEN).max() < 12
    assert abs(image.getpixel((box[0] + 2, box[1] + 2))[1] - 90) < 25


def test_a_reference_is_the_ground_the_scene_begins_with(cutout):
    reference = Image.new("RGB", (90, 50), (200, 30, 40))
    canvas = scene_request(order(cutout, reference=reference), place(cutout, (512, 640))).canvas
    assert canvas.getpixel((3, 3)) == (200, 30, 40)


def test_a_scene_that_shows_the_product_again_is_told_from_one_that_does_not(cutout):
    def twice(request):
        image = Image.new("RGB", request.canvas.size, GREEN)
        small = place(cutout, request.canvas.size, Placement(scale=0.5))
        again = small.product.resize((small.product.width * 4 // 5, small.product.height * 4 // 5))
        image.paste(again, (0, 0), again)
        request.finish(image)
        return DrawResult((Picture(image, "", 1),))

    half = Placement(scale=0.5)
    assert [scene.repeated for scene in draw_scene(twice, order(cutout, placement=half)).scenes] == [True]
    assert [scene.repeated for scene in draw_scene(painted, order(cutout, placement=half)).scenes] == [False]
