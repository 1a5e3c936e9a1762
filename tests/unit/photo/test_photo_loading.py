"""Photos come in upright, in sRGB, with their maker's name; what is none is one sentence."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from lib_adcopy.errors import AdCopyError
from lib_adcopy.photo.loading import ARTIST, open_mask, open_photo
from lib_adcopy.photo.saving import save_png

LEFT_RED = Image.fromarray(np.array([[[250, 10, 10]] * 40 + [[10, 10, 250]] * 40] * 60, np.uint8))


def stored(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def is_red(image, place):
    red, _, blue = image.getpixel(place)
    return red > 180 and blue < 90


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"quality": 95}), ("PNG", {}), ("WEBP", {"lossless": True})])
def test_common_formats_are_read(kind, options):
    photo = open_photo(stored(LEFT_RED, kind, **options), "a")
    assert photo.image.mode == "RGB"
    assert photo.alpha is None
    assert is_red(photo.image, (5, 30))


def test_a_phones_photo_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = open_photo(stored(LEFT_RED, "JPEG", exif=exif))
    assert photo.image.size == (60, 80)
    assert is_red(photo.image, (30, 5))


def test_heic_is_read_where_there_is_a_decoder(monkeypatch):
    heif = pytest.importorskip("pillow_heif")
    buffer = io.BytesIO()
    heif.from_pillow(LEFT_RED).save(buffer, quality=90)
    assert is_red(open_photo(buffer.getvalue()).image, (5, 30))
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    with pytest.raises(AdCopyError) as raised:
        open_photo(buffer.getvalue(), "IMG_1.HEIC")
    assert raised.value.code == "photo.no_heic"


def test_colours_come_in_srgb():
    # Lab has no RGB reading of its own: only a conversion gives red.
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.createProfile("sRGB")
    as_lab = ImageCms.profileToProfile(LEFT_RED, srgb, lab, outputMode="LAB")
    data = stored(as_lab, "TIFF", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes())
    assert is_red(open_photo(data).image, (5, 30))


def test_a_transparent_png_keeps_its_transparency():
    cut = LEFT_RED.convert("RGBA")
    cut.paste((0, 0, 0, 0), (0, 0, 20, 60))
    photo = open_photo(stored(cut, "PNG"))
    assert photo.alpha.getpixel((5, 5)) == 0
    assert photo.alpha.getpixel((30, 5)) == 255
    assert open_photo(stored(LEFT_RED.convert("RGBA"), "PNG")).alpha is None


def test_sixteen_bits_are_read_as_eight():
    deep = Image.fromarray(np.full((40, 40), 40_000, np.uint16))
    assert abs(open_photo(stored(deep, "PNG")).image.getpixel((1, 1))[0] - 155) <= 1


def bomb():
    """A PNG of a few hundred bytes that says it has 2.5 thousand million pixels."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no picture at all", "not_a_picture"),
        (b"", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\nrest", "not_a_picture"),
        (stored(LEFT_RED, "PNG")[:-40], "broken"),
        (stored(LEFT_RED, "JPEG")[:200], "not_a_picture"),
        (stored(LEFT_RED.resize((8, 8)), "PNG"), "too_small"),
        (bomb(), "too_large"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "broken"),
        (stored(Image.new("RGBA", (64, 64)), "PNG"), "empty_mask"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(content, code):
    with pytest.raises(AdCopyError) as raised:
        open_photo(content, "photo")
    assert raised.value.code == f"photo.{code}"
    for language in ("zh", "en"):
        assert "{" not in raised.value.message.text(language)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(AdCopyError) as raised:
        open_photo(tmp_path / "gone.jpg")
    assert raised.value.code == "photo.no_file"


def test_the_makers_name_is_kept_and_the_place_is_not(tmp_path):
    exif = Image.Exif()
    exif[ARTIST] = "Lin"
    exif.get_ifd(0x8825)[1] = "N"
    photo = open_photo(stored(LEFT_RED, "JPEG", exif=exif))
    file = save_png(photo.image, tmp_path / "made.png", photo.rights)
    with Image.open(file) as made:
        assert made.getexif()[ARTIST] == "Lin"
        assert not made.getexif().get_ifd(0x8825)


def test_a_mask_of_the_photos_shape_is_taken_at_its_size():
    mask = Image.new("L", (160, 120), 0)
    mask.paste(255, (0, 0, 80, 120))
    taken = open_mask(mask, LEFT_RED.size)
    assert taken.size == LEFT_RED.size
    assert taken.getpixel((5, 5)) == 255


def test_masks_that_cannot_be_meant_are_refused():
    for mask, code in ((Image.new("L", (60, 120), 255), "mask_size"), (Image.new("L", (80, 60), 0), "empty_mask")):
        with pytest.raises(AdCopyError) as raised:
            open_mask(mask, LEFT_RED.size)
        assert raised.value.code == f"photo.{code}"
