"""The product stands in the finished picture pixel for pixel, where and as large as it should."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib_adcopy.errors import AdCopyError
from lib_adcopy.photo.checks import changed_pixels
from lib_adcopy.photo.cutout import Cutout
from lib_adcopy.photo.grounds import GROUNDS
from lib_adcopy.photo.picture import on_drawn_ground
from lib_adcopy.photo.placement import KINDS, Placement, free_slot, place

SIZE = (400, 520)


@pytest.fixture(scope="module")
def cutout():
    mask = Image.new("L", (300, 300), 0)
    ImageDraw.Draw(mask).ellipse((40, 20, 220, 280), fill=255)
    colours = np.random.default_rng(1).integers(0, 256, (300, 300, 3), np.uint8)
    return Cutout(np.asarray(mask), colours, "mask", 1.0)


def assert_exact(made):
    product = np.asarray(made.placed.product)
    there = np.asarray(made.image.crop(made.box))
    opaque = product[..., 3] == 255
    assert opaque.any()
    assert np.array_equal(there[opaque], product[opaque][:, :3])
    assert made.exact


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_opaque_pixel_is_unchanged_on_every_ground(cutout, ground, kind):
    for wish in (Placement(kind), Placement(kind, 0.7, (0.1, -0.05), 17, True), Placement(kind, 2.5, (0.4, 0.4))):
        made = on_drawn_ground(cutout, SIZE, ground, wish, seed=3)
        assert made.image.size == SIZE
        assert made.placed.product.size == (made.box[2] - made.box[0], made.box[3] - made.box[1])
        assert_exact(made)


def test_a_changed_pixel_is_noticed(cutout):
    made = on_drawn_ground(cutout, SIZE, "plain")
    spoilt = made.image.copy()
    middle = ((made.box[0] + made.box[2]) // 2, (made.box[1] + made.box[3]) // 2)
    spoilt.putpixel(middle, tuple(255 - value for value in spoilt.getpixel(middle)))
    assert changed_pixels(spoilt, made.placed) == 1


def test_a_main_picture_is_pure_white_with_the_product_large_in_the_middle(cutout):
    made = on_drawn_ground(cutout, (800, 800), "white")
    x0, y0, x1, y1 = made.box
    assert 0.8 <= max(x1 - x0, y1 - y0) / 800 <= 0.9
    assert abs((x0 + x1) - 800) <= 2
    assert abs((y0 + y1) - 800) <= 2
    outside = np.ones((800, 800), bool)
    outside[y0:y1, x0:x1] = False
    assert (np.asarray(made.image)[outside] == 255).all()


def test_the_product_stays_inside_its_slot(cutout):
    slot = (200, 40, 380, 300)
    for kind in KINDS:
        x0, y0, x1, y1 = place(cutout, SIZE, Placement(kind), slot=slot).box
        assert slot[0] <= x0 < x1 <= slot[2]
        assert slot[1] <= y0 < y1 <= slot[3]


def test_the_slot_keeps_clear_of_a_layouts_text():
    assert free_slot((100, 100), [(0, 0, 100, 30)]) == (0, 30, 100, 100)
    slot = free_slot((100, 200), [(10, 10, 90, 60), (10, 170, 60, 190)])
    assert slot == (0, 60, 100, 170)


def test_the_users_wishes_are_followed(cutout):
    plain = place(cutout, SIZE)
    assert place(cutout, SIZE, Placement(scale=0.5)).product.width == pytest.approx(plain.product.width / 2, abs=1)
    moved = place(cutout, SIZE, Placement(shift=(0.05, -0.05))).box
    assert moved[0] - plain.box[0] == pytest.approx(20, abs=1)
    assert moved[1] - plain.box[1] == pytest.approx(-26, abs=1)
    turned = place(cutout, SIZE, Placement(rotation=90)).product
    assert turned.width > turned.height


def test_a_standing_product_throws_a_shadow_at_its_foot(cutout):
    made = on_drawn_ground(cutout, SIZE, "plain", shadow=True)
    bare = on_drawn_ground(cutout, SIZE, "plain", shadow=False)
    x = (made.box[0] + made.box[2]) // 2
    below = (x, made.box[3] + 3)
    assert made.image.getpixel(below)[0] < bare.image.getpixel(below)[0] - 15
    assert made.image.getpixel((x, 5)) == bare.image.getpixel((x, 5))


def test_an_unknown_ground_is_named(cutout):
    with pytest.raises(AdCopyError) as raised:
        on_drawn_ground(cutout, SIZE, "lava")
    assert raised.value.code == "photo.unknown_ground"
