"""Any bytes in a picture's place: its texts, or one error that is told; what comes back can be written again."""

from __future__ import annotations

import io
import json
import struct
import zlib
from dataclasses import asdict, fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.creatives import CHUNK, Record, read
from lib_adcopy.storage.picture_text import DamagedPictureError, encode_png, read_texts

quickly = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
kinds = st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"IDAT"])
NAMES = [field.name for field in fields(Record)]


def saved(kind, **options):
    held = io.BytesIO()
    Image.new("RGB", (8, 8)).save(held, format=kind, **options)
    return held.getvalue()


EXIF = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x86\x92\x07\0\x0c\0\0\0\x1a\0\0\0\0\0\0\0UNICODE\0\0a\0b"
TEXTS = {CHUNK: json.dumps({"brief": "杯"}), "parameters": "Steps: 1, Seed: 2"}
WHOLE = {
    "png": encode_png(Image.new("RGB", (8, 8)), TEXTS),
    "jpeg": saved("JPEG", exif=EXIF),
    "webp": saved("WEBP", exif=EXIF, xmp=b"<x/>"),
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "picture"


def check(file):
    """Read a file both ways; nothing but the two errors may come."""
    try:
        texts = read_texts(file)
    except DamagedPictureError as error:
        assert str(error)
    else:
        assert all(isinstance(text, str) for pair in texts.items() for text in pair)
        "".join(texts.values()).encode("utf-8")
    try:
        record = read(file)
    except AdCopyError as error:
        assert error.code == "storage.not_ours"
    else:
        json.dumps(asdict(record), ensure_ascii=False, allow_nan=False).encode("utf-8")


@quickly
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_changed_picture(file, kind, data):
    content = bytearray(WHOLE[kind])
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=6)):
        content[at] = value
    file.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    check(file)


@quickly
@given(st.lists(st.tuples(kinds, st.binary(max_size=40), st.booleans())))
def test_any_chunks_of_a_png(file, chunks):
    content = WHOLE["png"][:33]
    for kind, data, packed in chunks:
        data = b"adcopy\0" + (b"\0\1\0\0\0"[: 1 if kind == b"zTXt" else 5] + zlib.compress(data) if packed else data)
        content += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    file.write_bytes(content)
    check(file)


@quickly
@given(st.binary(max_size=120), st.sampled_from([b"II*\0", b"MM\0*"]), st.booleans())
def test_any_exif_of_a_jpeg_or_webp(file, exif, order, jpeg):
    segment = b"Exif\0\0" + order + exif
    if jpeg:
        file.write_bytes(b"\xff\xd8\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + b"\xff\xd9")
    else:
        file.write_bytes(b"RIFF\0\0\0\0WEBPEXIF" + struct.pack("<I", len(segment)) + segment)
    check(file)


@quickly
@given(st.dictionaries(st.sampled_from(NAMES), values) | values, st.text(max_size=20))
def test_any_record(file, stored, parameters):
    clean = parameters.encode("utf-8", "replace").decode("utf-8")
    # json.dumps writes surrogates, NaN and infinities as they come.
    file.write_bytes(encode_png(Image.new("RGB", (1, 1)), {CHUNK: json.dumps(stored), "parameters": clean}))
    check(file)
