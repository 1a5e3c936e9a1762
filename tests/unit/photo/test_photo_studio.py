"""An ad with a photo goes the whole way: prompt, scene, files that prove the product, creative, and back again."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from benchmarks.photo_products import product
from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.layout import DEFAULT_FORMAT
from lib_adcopy.domain.photo import ProductPhoto, SceneChoice
from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.photo_scene import SceneRequest
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.photo.placement import Placement, place
from lib_adcopy.prompting.sizes import formats
from lib_adcopy.storage import CHUNK, read
from lib_adcopy.storage.aigc_label import read_label
from lib_adcopy.storage.creatives import save_drawn

pytest.importorskip("cv2")
BRIEF = parse_brief("陶瓷马克杯，奶白色，350ml，39元")
FINAL = formats()[DEFAULT_FORMAT]
COPY = Copy("早安马克杯", "阳台上的第一杯咖啡。", writer="template", seed=3)


class DrawingHost(StandaloneHost):
    """A studio whose model paints one colour into the mask; `second` is pasted into it."""

    can_draw = True
    second = None

    def draw(self, request, on_progress, stop):
        assert isinstance(request, SceneRequest)
        self.request = request
        pictures = []
        for number in range(request.settings.batch_count):
            seed = request.settings.seed + number
            scene = Image.new("RGB", request.canvas.size, (90 + 20 * number, 120, 110))
            if self.second:
                scene.paste(*self.second)
            image = Image.composite(scene, request.canvas, request.draw_mask)
            infotext = f"{request.positive}\nNegative prompt: {request.negative}\nSteps: 2, Seed: {seed}"
            chunks = {"parameters": infotext, **request.chunks, **request.finish(image)}
            file = save_drawn(image, chunks, self.paths().output / "img2img-images", seed)
            pictures.append(Picture(image, infotext, seed, file))
        return DrawResult(tuple(pictures))


@pytest.fixture
def studio(tmp_path):
    return Studio(DrawingHost(tmp_path))


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    """A photo with its author and a place in it."""
    image = product(3, 500, shape="mug", surface="label", ground="white").image
    exif = Image.Exif()
    exif[0x013B], exif[0x8298] = "Li Wei", "Li Wei 2026"
    exif.get_ifd(0x8825)[1] = "N"
    file = tmp_path_factory.mktemp("photo") / "mug.jpg"
    image.save(file, quality=95, exif=exif)
    return file


def ad(photo, **changes):
    drawing = DrawSettings(384, 512, 2, seed=11, batch_count=2)
    photo = photo if isinstance(photo, ProductPhoto) else ProductPhoto(photo)
    made = Ad(BRIEF, copy=COPY, photo=photo, drawing=drawing)
    return replace(made, **changes)


def draw(studio, wanted):
    return studio.draw(wanted, on_progress=lambda progress: None, stop=threading.Event())


def opaque_differ(file, cutout, size, placement=None):
    placed = place(cutout, size, placement)
    with Image.open(file) as saved:
        there = np.asarray(saved.convert("RGB").crop(placed.box))
    wanted = np.asarray(placed.product)
    sure = wanted[..., 3] == 255
    assert sure.sum() > 500
    return int((there[sure] != wanted[sure][:, :3]).any(-1).sum())


def test_every_saved_file_holds_the_product_unchanged(studio, photo):
    drawn = draw(studio, studio.derive(ad(photo))).drawn
    _, cutout = studio.photos.cut_out(ProductPhoto(photo))
    assert [picture.seed for picture in drawn.pictures] == [11, 12]
    for picture in drawn.pictures:
        assert picture.image.size == FINAL
        assert picture.mask.size == picture.image.size
        assert opaque_differ(picture.path, cutout, FINAL) == 0
        host = picture.path.with_name(picture.path.name.replace("-full", ""))
        assert opaque_differ(host, cutout, (384, 512)) == 0


def test_the_file_says_what_was_made_and_by_whom(studio, photo):
    picture = draw(studio, studio.derive(ad(photo))).drawn.pictures[0]
    with Image.open(picture.path) as saved:
        said = json.loads(saved.info["adcopy_photo"])
        exif = saved.getexif()
        assert (exif[0x013B], exif[0x8298]) == ("Li Wei", "Li Wei 2026")
        assert not exif.get_ifd(0x8825)
        assert "Seed: 11" in saved.info["parameters"]
        assert CHUNK in saved.info
    assert said["generated"] == "scene" and said["exact"] is True
    assert read_label(picture.path).kind == "1"
    record = read(picture.path)
    assert (record.brief, record.copy.text) == (BRIEF.text, COPY.text)
    assert record.settings["seed"] == 11


def test_everything_comes_back_from_the_file(studio, photo):
    scene = SceneChoice("木桌", preset="oak-counter", kind="lying", scale=0.8, x=0.1, rotation=15, flip=True)
    picture = draw(studio, studio.derive(ad(photo, scene=scene))).drawn.pictures[0]
    record = studio.restore(picture.path)
    assert {name: record.settings[name] for name in ("photo_scene", "scene_preset", "photo_kind", "photo_flip")} == {
        "photo_scene": "木桌", "scene_preset": "oak-counter", "photo_kind": "lying", "photo_flip": True,
    }  # fmt: skip
    assert record.settings["photo_scale"] == 0.8 and record.settings["photo_rotation"] == 15
    photo.rename(photo.with_name("moved.jpg"))
    try:
        back = studio.photos.restored(record)
        again = draw(studio, ad(back, scene=scene, prompt=record.prompt)).drawn.pictures[0]
    finally:
        photo.with_name("moved.jpg").rename(photo)
    assert np.array_equal(np.asarray(picture.mask), np.asarray(again.mask))
    assert np.array_equal(np.asarray(picture.image), np.asarray(again.image))


def test_a_record_names_no_file_outside_the_kept_photos(studio, photo):
    picture = draw(studio, studio.derive(ad(photo))).drawn.pictures[0]
    record = studio.restore(picture.path)
    for name in ("../../etc/passwd", f"../photos/{record.photo}", "", "f" * 32 + ".png"):
        assert studio.photos.restored(replace(record, photo=name)) is None


def test_a_scene_with_a_second_product_is_refused(studio, photo):
    scene = SceneChoice(scale=0.6, x=0.15)
    small = place(studio.photos.cut_out(ProductPhoto(photo))[1], (384, 512), Placement(scale=0.6)).product
    small = small.resize((small.width // 2, small.height // 2))
    studio.host.second = (small, (4, 4), small)
    with pytest.raises(AdCopyError) as refused:
        draw(studio, studio.derive(ad(photo, scene=scene)))
    assert refused.value.message.key == "photo.error.repeated"


def test_the_picture_goes_on_to_the_creative(studio, photo):
    made = studio.compose(draw(studio, studio.derive(ad(photo))))
    record = read(made.creative.path)
    assert record.photo and studio.photos.restored(record) is not None
    assert record.settings["steps"] == 2


def test_without_a_model_the_ground_is_drawn_and_comes_back_too(tmp_path, photo):
    studio = Studio(StandaloneHost(tmp_path))
    made = studio.photograph(ad(photo, scene=SceneChoice(preset="white-plaster")))
    assert any(note.key == "photo.note.no_model" for note in made.drawn.notes)
    record = read(studio.compose(made).creative.path)
    assert record.settings["scene_preset"] == "white-plaster"
    assert studio.photos.restored(record) is not None


def test_a_mended_mask_is_what_is_cut(studio, photo):
    mask = Image.new("L", (500, 500), 0)
    mask.paste(255, (150, 150, 300, 300))
    _, cutout = studio.photos.cut_out(ProductPhoto(photo, mask))
    assert cutout.method == "mask"
    assert np.array_equal(cutout.alpha, np.asarray(mask))
