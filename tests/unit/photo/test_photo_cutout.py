"""Products come out of their photos whole, with soft edges and open holes."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from benchmarks.photo_products import product
from lib_adcopy.errors import AdCopyError
from lib_adcopy.photo.cutout import cut_out
from lib_adcopy.photo.loading import Photo

pytest.importorskip("cv2")


def overlap(cutout, mask):
    """Intersection over union of the cut-out and the known mask."""
    found, known = cutout.alpha > 127, np.asarray(mask) > 127
    return (found & known).sum() / (found | known).sum()


@pytest.mark.parametrize(
    ("shape", "surface", "ground"),
    [
        ("bottle", "label", "white"),
        ("mug", "gloss", "grey"),
        ("shirt", "texture", "gradient"),
        ("bag", "stripes", "coloured"),
        ("shoe", "dark", "vignette"),
        ("box", "white", "white"),
        ("plate", "glass", "white"),
    ],
)
def test_a_product_on_an_even_ground_is_found(shape, surface, ground):
    made = product(7, 480, shape=shape, surface=surface, ground=ground)
    cutout = cut_out(Photo(made.image))
    assert overlap(cutout, made.mask) > 0.96
    assert cutout.is_sure


def test_the_hole_of_a_handle_stays_open():
    made = product(3, 480, shape="ring", surface="plain", ground="white")
    alpha = cut_out(Photo(made.image)).alpha
    assert alpha[round(0.52 * 480), 240] == 0


def test_opaque_pixels_have_the_photos_own_colours():
    made = product(5, 480, shape="mug", surface="texture", ground="coloured")
    cutout = cut_out(Photo(made.image))
    opaque = cutout.alpha == 255
    assert np.array_equal(cutout.colours[opaque], np.asarray(made.image)[opaque])
    soft = (cutout.alpha > 0) & ~opaque
    assert 0 < soft.sum() < 0.2 * opaque.sum()


def test_the_old_ground_is_taken_out_of_the_edges_colours():
    # A blue disc on red: half-covered pixels are violet in the photo and must not be in the cut-out.
    y, x = np.mgrid[0:400, 0:400]
    cover = np.clip(150.5 - np.hypot(x - 200, y - 200), 0, 1)[..., None]
    picture = (cover * np.array([20, 40, 200]) + (1 - cover) * np.array([220, 30, 30])).astype(np.uint8)
    cutout = cut_out(Photo(Image.fromarray(picture)))
    soft = (cutout.alpha > 20) & (cutout.alpha < 235)
    assert soft.any()
    assert cutout.colours[soft][:, 0].mean() < 70


def test_a_large_photo_is_cut_at_its_own_size():
    made = product(2, 480, shape="bottle", surface="plain", ground="white")
    large = made.image.resize((1920, 1920), Image.Resampling.BICUBIC)
    cutout = cut_out(Photo(large))
    assert cutout.alpha.shape == (1920, 1920)
    assert overlap(cutout, made.mask.resize((1920, 1920), Image.Resampling.BICUBIC)) > 0.98


def test_transparency_and_a_mask_are_taken_as_they_are():
    image = Image.new("RGB", (80, 80), "red")
    alpha = Image.new("L", (80, 80), 0)
    alpha.paste(200, (10, 10, 40, 40))
    assert cut_out(Photo(image, alpha)).method == "alpha"
    masked = cut_out(Photo(image), alpha)
    assert masked.method == "mask"
    assert np.array_equal(masked.alpha, np.asarray(alpha))


def test_a_real_photograph_of_a_flower_is_cut_out():
    datasets = pytest.importorskip("sklearn.datasets")
    flower = datasets.load_sample_image("flower.jpg")
    cutout = cut_out(Photo(Image.fromarray(flower)))
    y, x = np.mgrid[0 : flower.shape[0], 0 : flower.shape[1]]
    bloom = np.hypot((x - 314) / 132, (y - 220) / 132) < 1
    assert (cutout.alpha > 127)[bloom].mean() > 0.95


def test_a_photo_of_nothing_is_one_sentence():
    with pytest.raises(AdCopyError) as raised:
        cut_out(Photo(Image.new("RGB", (300, 300), "white")))
    assert raised.value.code == "photo.nothing_found"
