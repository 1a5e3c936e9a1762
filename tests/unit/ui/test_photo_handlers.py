"""A photo in the tab: cut out when it is given, mended by buttons and brush, and what is drawn is what was mended."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("gradio")
pytest.importorskip("cv2")

from PIL import Image

from benchmarks.photo_products import product
from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.ui.compat import GRADIO_4
from lib_adcopy.ui.kept_pictures import KeptPicture
from lib_adcopy.ui.photo_handlers import PhotoHandlers, chosen_photo
from lib_adcopy.ui.session import Call, Session


@pytest.fixture
def studio(tmp_path):
    return Studio(StandaloneHost(tmp_path))


@pytest.fixture
def handlers(studio):
    return PhotoHandlers(studio)


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    file = tmp_path_factory.mktemp("photo") / "mug.png"
    product(3, 400, shape="mug", surface="label", ground="white").image.save(file)
    return file


def call(session=None, **values):
    empty = {"prompt": "", "negative_prompt": "", "photo": None, "photo_kept": "", "picture_from": "words"}
    return Call(session or Session(key="page"), "zh", {**empty, **values})


def given(handlers, photo, **more):
    return handlers.given(call(photo=SimpleNamespace(name=str(photo)), **more))


def area(studio, name):
    return int((studio.photos.cut_out(studio.photos.chosen(name, None))[1].alpha > 127).sum())


def test_a_photo_is_cut_out_and_pictures_are_made_from_it(studio, handlers, photo):
    update = given(handlers, photo)
    assert update["picture_from"] == "photo"
    assert "<img" in update["photo_view"]
    assert area(studio, update["photo_kept"]) > 10_000


def test_a_derived_prompt_goes_and_a_written_one_stays(handlers, photo):
    derived = Session(key="page", derived=Prompt("a white mug", "text"))
    assert given(handlers, photo, session=derived, prompt="a white mug", negative_prompt="text")["prompt"] == ""
    kept = given(handlers, photo, session=derived, prompt="my own words", negative_prompt="text")
    assert "prompt" not in kept and "negative_prompt" not in kept


def test_what_is_no_photo_is_said_and_taken_away(handlers, tmp_path):
    (tmp_path / "a.jpg").write_text("hello")
    update = given(handlers, tmp_path / "a.jpg")
    assert "a.jpg" in update["status"] and update["photo"] is None and update["photo_kept"] == ""


def test_more_and_less_change_what_is_cut(studio, handlers, photo):
    name = given(handlers, photo)["photo_kept"]
    more, less = (getattr(handlers, each)(call(photo_kept=name))["photo_kept"] for each in ("more", "less"))
    assert area(studio, less) < area(studio, name) < area(studio, more)
    assert handlers.feather(call(photo_kept=name))["photo_kept"] not in (name, more, less)
    assert given(handlers, photo)["photo_kept"] == name


def test_what_is_painted_is_taken_in_or_out(studio, handlers, photo):
    name = given(handlers, photo)["photo_kept"]
    strokes = Image.new("RGB", (400, 400), "black")
    strokes.paste("white", (0, 0, 60, 60))
    painted = strokes if GRADIO_4 else {"image": strokes, "mask": strokes}
    added = handlers.add(call(photo_kept=name, mask_sketch=painted))["photo_kept"]
    assert area(studio, added) > area(studio, name) + 3000
    removed = handlers.remove(call(photo_kept=added, mask_sketch=painted))["photo_kept"]
    assert abs(area(studio, removed) - area(studio, name)) < 300
    assert "status" in handlers.add(call(photo_kept=name, mask_sketch=None))


def test_nothing_but_a_kept_photo_is_opened(studio, handlers):
    assert "status" in handlers.more(call(photo_kept="../../etc/passwd"))
    with pytest.raises(AdCopyError):
        chosen_photo(studio, call(picture_from="photo", photo_kept="../x.png"))


def test_words_are_drawn_where_they_were_chosen(studio, handlers, photo):
    name = given(handlers, photo)["photo_kept"]
    assert chosen_photo(studio, call(photo_kept=name)) is None
    assert chosen_photo(studio, call(photo_kept=name, picture_from="photo")).kept == name
    # Pressed before the cut-out is ready.
    assert chosen_photo(studio, call(photo=SimpleNamespace(name=str(photo)))).file == photo


def test_picture_and_mask_go_to_inpaint_with_white_where_it_may_draw(handlers):
    mask = Image.new("L", (64, 64), 0)
    mask.paste(255, (16, 16, 48, 48))
    pictures = tuple(KeptPicture(f"number {n}", n, pixels=Image.new("RGB", (64, 64), (n, 0, 0)), mask=mask)
                     for n in range(2))  # fmt: skip
    session = Session(key="page", pictures=pictures)
    sent = handlers.send_masked(call(session, parameters="number 1"))
    assert sent["inpaint_picture"].getpixel((0, 0)) == (1, 0, 0)
    drawn = np.asarray(sent["inpaint_mask"].convert("L"))
    assert set(np.unique(drawn)) == {0, 255} and drawn[0, 0] == 255 and drawn[32, 32] == 0
    assert "status" in handlers.send_masked(call(parameters=""))
