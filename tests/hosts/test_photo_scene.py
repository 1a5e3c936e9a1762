"""A photo's scene on every host: only the scene is drawn, and the product stands in the saved file pixel for pixel."""

from __future__ import annotations

import dataclasses
import importlib
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.gpu import ModelManager
from lib_adcopy.hosts.photo_scene import ControlUnit, SceneRequest
from tests.hosts.stand_ins import FLAVOURS, Webui

SIZE = (128, 192)
BOX = (30, 60, 100, 170)


# What imports the webui's own modules, and has to be imported anew for each of them.
OURS = ("lib_adcopy.hosts.webui", "lib_adcopy.extension")


@pytest.fixture(params=FLAVOURS)
def webui(request, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("modules", *OURS))]:
        monkeypatch.delitem(sys.modules, name)
    made = Webui(request.param, tmp_path)
    made.install(monkeypatch)
    yield made
    for name in [name for name in sys.modules if name.startswith(OURS)]:
        del sys.modules[name]


@pytest.fixture
def host(webui):
    importlib.import_module("lib_adcopy.extension").Extension().register()
    return importlib.import_module("lib_adcopy.hosts.webui.host").WebuiHost()


@pytest.fixture(scope="module")
def product():
    """A disc of noise, RGBA."""
    cover = Image.new("L", (70, 110), 0)
    ImageDraw.Draw(cover).ellipse((2, 2, 67, 107), fill=255)
    colours = np.random.default_rng(3).integers(0, 255, (110, 70, 3), np.uint8)
    made = Image.fromarray(colours).convert("RGBA")
    made.putalpha(cover)
    return made


def scene_request(product, **changes):
    canvas = Image.new("RGB", SIZE, "white")
    canvas.paste(product, BOX, product)
    mask = Image.new("L", SIZE, 255)
    mask.paste(0, BOX, product.getchannel("A").point(lambda value: 255 if value == 255 else 0))

    def finish(image):
        image.paste(product, BOX, product)
        return {"adcopy_photo": "exact"}

    drawing = {"width": SIZE[0], "height": SIZE[1], "steps": 4, "seed": 7, **changes.pop("drawing", {})}
    request = SceneRequest(
        "empty marble table", "text", DrawSettings(**drawing), {"Ad Copy photo": "mug"}, {"adcopy": "{}"},
        canvas=canvas, draw_mask=mask, finish=finish,
    )  # fmt: skip
    return dataclasses.replace(request, **changes)


def draw(host, request, stop=None):
    return ModelManager(host).draw(request, lambda event: None, stop or threading.Event())


def differing(image, product):
    there = np.asarray(image.convert("RGB").crop(BOX))
    wanted = np.asarray(product)
    opaque = wanted[..., 3] == 255
    return int((there[opaque] != wanted[opaque][:, :3]).any(-1).sum())


def test_the_saved_file_and_the_picture_hold_the_product_unchanged(webui, host, product):
    picture = draw(host, scene_request(product)).pictures[0]
    assert differing(picture.image, product) == 0
    with Image.open(picture.path) as saved:
        assert differing(saved, product) == 0
        assert saved.info["adcopy"] == "{}"
        assert saved.info["adcopy_photo"] == "exact"
        assert "Ad Copy photo: mug" in saved.info["parameters"]
    assert picture.path.parent == webui.folder / "outputs" / "img2img-images"


@pytest.mark.parametrize(
    "setting",
    [{"return_mask": True}, {"return_mask_composite": True}, {"img2img_color_correction": True},
     {"overlay_inpaint": False}, {"save_init_img": True}],
)  # fmt: skip
def test_no_setting_of_the_users_touches_the_product_or_adds_pictures(webui, host, product, setting):
    webui.opts.data.update(setting)
    before = dict(webui.opts.data)
    plain = draw(host, scene_request(product))
    assert len(plain.pictures) == 1
    assert differing(plain.pictures[0].image, product) == 0
    assert {key: webui.opts.data[key] for key in before} == before


def test_settings_the_config_lacks_are_what_they_were_afterwards(webui, host, product):
    webui.opts.data = {"sd_model_checkpoint": "one.safetensors"}
    draw(host, scene_request(product))
    for key, info in webui.opts.data_labels.items():
        assert getattr(webui.opts, key) == info.default, key


def test_the_scene_is_drawn_everywhere_around_the_product(webui, host, product):
    image = np.asarray(draw(host, scene_request(product)).pictures[0].image)
    mask = np.asarray(scene_request(product).draw_mask) == 255
    assert (image[mask] == 255).all(-1).mean() < 0.01


def test_variants_have_seeds_of_their_own(webui, host, product):
    result = draw(host, scene_request(product, drawing={"batch_count": 2, "batch_size": 2}))
    assert [picture.seed for picture in result.pictures] == [7, 8, 9, 10]
    assert all(differing(picture.image, product) == 0 for picture in result.pictures)
    first, second = (np.asarray(picture.image) for picture in result.pictures[:2])
    assert not np.array_equal(first, second)


def test_a_stopped_scene_leaves_the_product_whole(webui, host, product):
    webui.step_seconds = 0.05
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    result = draw(host, scene_request(product, drawing={"steps": 400, "batch_count": 3}), stop)
    assert result.interrupted
    assert [differing(picture.image, product) for picture in result.pictures] == [0]
    webui.step_seconds = 0
    assert not draw(host, scene_request(product)).interrupted


def test_a_file_that_is_not_saved_is_finished_all_the_same(webui, host, product, monkeypatch):
    monkeypatch.setattr(webui, "_save", lambda *arguments: None)
    assert differing(draw(host, scene_request(product)).pictures[0].image, product) == 0


def test_a_mask_the_host_saves_is_left_alone(webui, host, product):
    request = scene_request(product)
    draw(host, request)
    mask = Image.new("RGB", SIZE)
    params = SimpleNamespace(image=mask, p=webui.drawn, filename="out/00001-7-mask.png", pnginfo={})
    for callback in webui.callbacks["on_before_image_saved"]:
        callback(params)
    assert not mask.getbbox()


def test_controlnet_gets_its_units_where_it_is_installed(webui, host, product):
    unit = ControlUnit("inpaint_only", "control_v11p_sd15_inpaint")
    draw(host, scene_request(product, controls=(unit,)))
    assert webui.img2img_runner.seen[-1] == (0, 99, "user's own")
    net = SimpleNamespace(title=lambda: "ControlNet", args_from=1, args_to=3)
    webui.img2img_runner.alwayson_scripts = [net]
    draw(host, scene_request(product, controls=(unit,)))
    given = webui.img2img_runner.seen[-1]
    assert (given[1]["module"], given[1]["model"], given[1]["enabled"]) == (unit.module, unit.model, True)
    assert given[2] == "user's own"
