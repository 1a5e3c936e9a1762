"""A cut-out can be mended: more, less, softer, its opaque pixels always the photo's own."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib_adcopy.photo.cutout import Cutout
from lib_adcopy.photo.cutout.mend import feather, grow, shrink
from lib_adcopy.photo.loading import Photo


@pytest.fixture
def photo():
    return Photo(Image.fromarray(np.random.default_rng(2).integers(0, 256, (120, 120, 3), np.uint8)))


@pytest.fixture
def cutout(photo):
    mask = Image.new("L", (120, 120), 0)
    ImageDraw.Draw(mask).rectangle((40, 40, 79, 79), fill=255)
    return Cutout(np.asarray(mask), np.asarray(photo.image), "even", 0.4)


def test_more_and_less_move_the_edge_by_so_many_pixels(cutout, photo):
    assert (grow(cutout, photo, 3).alpha > 0).sum() == 46 * 46
    assert (shrink(cutout, photo, 3).alpha > 0).sum() == 34 * 34
    assert np.array_equal(shrink(grow(cutout, photo, 5), photo, 5).alpha, cutout.alpha)


def test_a_feathered_edge_is_soft_and_takes_nothing_new_in(cutout, photo):
    soft = feather(cutout, photo, 3).alpha
    assert (soft[cutout.alpha == 0] == 0).all()
    assert soft[60, 60] == 255
    assert 0 < soft[60, 41] < 255


@pytest.mark.parametrize("change", [grow, shrink, feather])
def test_opaque_pixels_stay_the_photos_own(cutout, photo, change):
    made = change(cutout, photo)
    opaque = made.alpha == 255
    assert np.array_equal(made.colours[opaque], np.asarray(photo.image)[opaque])
    assert made.is_sure
