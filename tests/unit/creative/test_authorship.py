"""A photo's author is named in every creative that shows the photo."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from lib_adcopy.creative.content import Content
from lib_adcopy.creative.export import save_creative
from lib_adcopy.creative.formats import get_format
from lib_adcopy.creative.maker import Request, make
from lib_adcopy.creative.picture import AnalysedPicture
from lib_adcopy.storage.aigc_label import make_label, read_label
from lib_adcopy.storage.picture_file import encode_picture
from lib_adcopy.storage.picture_text import PARAMETERS, read_texts

ARTIST, COPYRIGHT = 0x013B, 0x8298


@pytest.fixture
def photo() -> Image.Image:
    image = Image.new("RGB", (480, 640), (240, 240, 238))
    ImageDraw.Draw(image).rectangle((140, 160, 340, 500), fill=(30, 60, 140))
    exif = Image.Exif()
    exif[ARTIST], exif[COPYRIGHT], exif[0x0110] = "Li Na", "© 李娜 2026", "Camera 5"
    held = io.BytesIO()
    image.save(held, format="JPEG", exif=exif.tobytes())
    return Image.open(held)


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_creative_names_the_photos_author_and_nothing_else_of_the_camera(photo, kind, tmp_path):
    rendered = make(Request(Content(headline="保温杯"), pictures=(AnalysedPicture(photo),)), "xiaohongshu-3:4-1080")
    format_ = get_format("xiaohongshu-3:4-1080")
    saved = save_creative(
        rendered.image, format_, tmp_path, "one", kind=kind, label=make_label(), rights=rendered.rights
    )
    with Image.open(saved.path) as opened:
        exif = opened.getexif()
        assert (exif[ARTIST], 0x0110 in exif) == ("Li Na", False)
        assert COPYRIGHT in exif
    assert read_label(saved.path) is not None


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
def test_the_infotext_is_kept_beside_the_author(kind, tmp_path):
    image = Image.new("RGB", (64, 64), (9, 9, 9))
    content = encode_picture(image, kind, texts={PARAMETERS: "a cup\nSteps: 20"}, label=None, rights={ARTIST: "Li"})
    file = tmp_path / f"one.{kind}"
    file.write_bytes(content)
    with Image.open(file) as opened:
        assert opened.getexif()[ARTIST].strip("\0") == "Li"
    assert read_texts(file)[PARAMETERS].startswith("a cup")


def test_a_picture_without_author_names_none():
    assert AnalysedPicture(Image.new("RGB", (64, 64))).rights == {}
