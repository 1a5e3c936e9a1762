"""A picture that is too large for its memory, or broken, is one clear line, wherever a picture is opened."""

from __future__ import annotations

import io
import json
import struct
import zlib

import pytest
from PIL import Image

from lib_adcopy.cli import main
from lib_adcopy.creative.brand import read_brand
from lib_adcopy.errors import AdCopyError
from lib_adcopy.ui.kept_pictures import KeptPicture


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width, height, data=b""):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _whole(kind):
    held = io.BytesIO()
    Image.effect_noise((64, 64), 60).convert("RGB").save(held, format=kind)
    return held.getvalue()


PICTURES = {
    "a bomb": _png(60_000, 60_000, zlib.compress(b"\0" * 100)),
    "over the limit": _png(13_000, 13_000, zlib.compress(b"\0" * 100)),
    "no pixels": _png(64, 64),
    "a broken stream": _png(64, 64, b"not deflated"),
    "a damaged chunk": _whole("PNG")[:60] + b"\xff" * 40 + _whole("PNG")[100:],
    "a text chunk that unpacks to 200 MB": _png(64, 64)[:33]
    + _chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 200_000_000, 1))
    + _png(64, 64)[33:],
    "cut off": _whole("JPEG")[:300],
    "a TIFF that ends in its directory": _whole("TIFF")[:-20],
    "a TIFF whose tags are lies": _whole("TIFF").replace(b"\x02\x01\x03\x00", b"\x02\x01\x0c\x00"),
    "a GIF without a frame": _whole("GIF")[:800],
    "a WebP cut off": _whole("WEBP")[:60],
    "not a picture": b"hello",
    "empty": b"",
}


@pytest.fixture(params=list(PICTURES))
def broken(request, tmp_path):
    file = tmp_path / "picture.png"
    file.write_bytes(PICTURES[request.param])
    return file


@pytest.mark.parametrize(
    "words",
    [
        ("poster", "--copy", "好用的杯子", "--out", "OUT/poster.png", "--image", "PICTURE"),
        ("creative", "--home", "OUT", "--brief", "马克杯", "--out", "OUT", "--image", "PICTURE"),
        ("creative", "--home", "OUT", "--brief", "马克杯", "--out", "OUT", "--image", "WHOLE", "--mask", "PICTURE"),
        ("photo", "--home", "OUT", "--no-scene", "--out", "OUT", "--image", "PICTURE"),
        ("photo", "--home", "OUT", "--no-scene", "--out", "OUT", "--image", "WHOLE", "--mask", "PICTURE"),
    ],
    ids=["poster", "creative", "creative's mask", "photo", "photo's mask"],
)
def test_a_command_says_so_in_one_line(broken, words, tmp_path, capsys):
    pytest.importorskip("cv2")
    whole = tmp_path / "whole.png"
    whole.write_bytes(_whole("PNG"))
    places = {"PICTURE": str(broken), "WHOLE": str(whole)}
    given = [places.get(word, word.replace("OUT", str(tmp_path / "out"))) for word in words]
    assert main([*given, "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1


def test_a_brand_kit_says_that_its_logo_is_no_picture(broken, tmp_path):
    (tmp_path / "brand.json").write_text(json.dumps({"name": "山丘", "logo": broken.name}), encoding="utf-8")
    with pytest.raises(AdCopyError):
        read_brand(tmp_path).open_logo()


def test_a_kept_picture_whose_file_was_replaced_is_not_shown(broken):
    assert KeptPicture(path=broken).image() is None
