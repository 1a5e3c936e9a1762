"""The texts of a picture in all the forms they are written in, read without a pixel."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lib_adcopy.storage.picture_text import XMP, DamagedPictureError, encode_png, read_texts

TEXT = "红色连衣裙, a dress\nSteps: 12, Seed: 41"
PACKET = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>标识</x:xmpmeta>"


def picture():
    return Image.new("RGB", (8, 8), "red")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(file, added):
    """A PNG with `added` bytes after its header chunk."""
    content = encode_png(picture(), {"kept": "yes"})
    file.write_bytes(content[:33] + added + content[33:])
    return file


def user_comment(text, order):
    """A TIFF structure as piexif writes it: UserComment in the Exif directory, UTF-16 big-endian."""
    comment = b"UNICODE\0" + text.encode("utf-16-be")
    first = struct.pack(f"{order}HHHIII", 1, 0x8769, 4, 1, 26, 0)
    exif = struct.pack(f"{order}HHHIII", 1, 0x9286, 7, len(comment), 44, 0)
    return (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8) + first + exif + comment


def test_every_form_a_png_text_has_is_read(tmp_path):
    texts = PngInfo()
    texts.add_text("plain", "caf\xe9")
    texts.add_text("packed", "caf\xe9", zip=True)
    texts.add_itxt("parameters", TEXT)
    texts.add_itxt("adcopy", TEXT, zip=True)
    picture().save(tmp_path / "a.png", pnginfo=texts)
    expected = {"plain": "caf\xe9", "packed": "caf\xe9", "parameters": TEXT, "adcopy": TEXT}
    assert read_texts(tmp_path / "a.png") == expected


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_the_infotext_and_the_label_of_a_jpeg_or_webp_are_read(tmp_path, kind, order):
    exif = user_comment(TEXT, order)
    file = tmp_path / "a"
    if kind == "JPEG":
        segment = b"http://ns.adobe.com/xap/1.0/\0" + PACKET.encode()
        picture().save(file, format=kind, exif=b"Exif\0\0" + exif)
        whole = file.read_bytes()
        file.write_bytes(whole[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + whole[2:])
    else:
        picture().save(file, format=kind, exif=exif, xmp=PACKET.encode())
    assert read_texts(file) == {"parameters": TEXT, XMP: PACKET}


@pytest.mark.parametrize(
    "added",
    [
        chunk(b"zTXt", b"bomb\0\0" + zlib.compress(b"x" * 50_000_000)),
        chunk(b"iTXt", b"bomb\0\1\0\0\0" + zlib.compress(b"x" * 50_000_000)),
        chunk(b"tEXt", b"long\0" + b"x" * 5_000_000),
        chunk(b"zTXt", b"damaged\0\0nothing packed"),
        chunk(b"iTXt", b"halves\0\0\0\0\0\xff\xfe"),
        chunk(b"iTXt", b"short\0\0\0"),
        chunk(b"tEXt", b"no end of the keyword"),
        chunk(b"tEXt", b"changed\0later")[:-1] + b"!",
    ],
    ids=lambda added: added[8:16].decode("latin-1"),
)
def test_a_text_that_is_damaged_or_swells_is_left_out_and_the_others_read(tmp_path, added):
    assert read_texts(with_chunk(tmp_path / "a.png", added)) == {"kept": "yes"}


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"RIFF\0\0\0\0WAVE", b"\x89PNG", b"<svg/>"])
def test_other_files_are_told(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(DamagedPictureError):
        read_texts(tmp_path / "a")
