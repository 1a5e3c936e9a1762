"""A drawn scene holds the product unchanged, in the host's own picture and at the format's size."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from lib_adcopy.app.photo_scene import draw_scene
from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.photo.cutout import Cutout


def test_the_product_is_unchanged_in_both_pictures():
    mask = Image.new("L", (300, 300), 0)
    ImageDraw.Draw(mask).ellipse((40, 20, 220, 280), fill=255)
    colours = np.random.default_rng(1).integers(0, 256, (300, 300, 3), np.uint8)
    cutout = Cutout(np.asarray(mask), colours, "mask", 1.0)
    asked = []

    def draw(request):
        asked.append(request)
        scene = Image.new("RGB", request.canvas.size, (40, 90, 60))
        image = Image.composite(scene, request.canvas, request.draw_mask)
        chunks = request.finish(image)
        assert '"exact": true' in chunks["adcopy_photo"]
        return DrawResult((Picture(image, "", 1),))

    (made,) = draw_scene(draw, cutout, "marble table by a window", "taobao-main")
    request = asked[0]
    assert made.image.size == (800, 800)
    assert made.exact
    assert set(request.draw_mask.getdata()) == {0, 255}
    assert request.canvas.size == (request.settings.width, request.settings.height) == request.draw_mask.size
    # The old canvas is seen nowhere.
    assert made.image.getpixel((5, 5)) == (40, 90, 60)
    assert abs(made.image.getpixel((made.box[0] + 2, made.box[1] + 2))[1] - 90) < 25
