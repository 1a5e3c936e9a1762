"""Pictures as files with their texts and the AI label, written as the last step: a later save would lose them.

PNG: iTXt chunks. JPEG: the XMP segment (and Exif's UserComment for a webui's parameters) put in by hand, because
Pillow 9.5 ignores xmp= for JPEG. WebP: Pillow's own xmp= and exif=.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lib_adcopy.storage.aigc_label import AigcLabel, xmp_packet
from lib_adcopy.storage.picture_text import PARAMETERS, XMP

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = ("jpeg", "png", "webp")
_XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
# A JPEG segment's length has two bytes and counts itself.
_SEGMENT = 0xFFFF - 2
# The text that goes into XMP where the file has no chunks: storage.creatives.CHUNK.
_RECORD = "adcopy"


def encode_picture(
    image: Image, kind: str, *, texts: Mapping[str, str], label: AigcLabel | None, quality: int = 93,
    rights: Mapping[int, str] | None = None,
) -> bytes:  # fmt: skip
    """Return the picture as a file of `kind` ("jpeg", "png", "webp") with its texts and label.

    `texts` are by keyword: "parameters" is the webui's infotext, "adcopy" our record. `rights` are Exif tags
    that name the author of a photo in it, by tag number.
    """
    held = io.BytesIO()
    exif = _exif("" if kind == "png" else texts.get(PARAMETERS, ""), rights or {})
    if kind == "png":
        image.save(held, format="PNG", pnginfo=_chunks(texts, label), compress_level=3, exif=exif or None)
    elif kind == "jpeg":
        segments = _segment(_XMP_MARK + _packet(texts, label)) if label or _RECORD in texts else b""
        image.convert("RGB").save(
            held,
            format="JPEG",
            quality=quality,
            subsampling=0 if quality > 84 else 2,
            optimize=True,
            extra=segments,
            exif=exif,
        )
    elif kind == "webp":
        image.save(held, format="WEBP", quality=quality, method=4, xmp=_packet(texts, label), exif=exif)
    else:
        raise ValueError(f"no kind of picture: {kind}")
    return held.getvalue()


def _chunks(texts: Mapping[str, str], label: AigcLabel | None) -> object:
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    for keyword, text in texts.items():
        chunks.add_itxt(keyword, text)
    if label:
        chunks.add_itxt(XMP, xmp_packet(label))
    return chunks


def _packet(texts: Mapping[str, str], label: AigcLabel | None) -> bytes:
    """Return the XMP packet; the record is left out where a JPEG segment would not hold it."""
    packet = xmp_packet(label, texts.get(_RECORD, "")).encode("utf-8")
    return packet if len(packet) < _SEGMENT - len(_XMP_MARK) else xmp_packet(label).encode("utf-8")


def _segment(data: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


def _exif(parameters: str, rights: Mapping[int, str]) -> bytes:
    """Return an Exif block: who made the picture, and the infotext as UserComment in UTF-16, as webuis write it.

    b"" for neither.
    """
    count = len(rights) + bool(parameters)
    if not count:
        return b""
    # Values stand after the header, the entries and the place of a next directory.
    entries, data, start = b"", b"", 8 + 2 + 12 * count + 4
    for tag, text in sorted(rights.items()):
        value = text.encode("utf-8").ljust(4, b"\0") + b"\0"
        entries += struct.pack(">HHII", tag, 2, len(value), start + len(data))
        data += value + b"\0" * (len(value) % 2)
    if parameters:
        entries += struct.pack(">HHII", 0x8769, 4, 1, start + len(data))
        comment = b"UNICODE\0" + parameters.encode("utf-16-be")
        data += struct.pack(">HHHIII", 1, 0x9286, 7, len(comment), start + len(data) + 18, 0) + comment
    return b"Exif\0\0MM\0*" + struct.pack(">IH", 8, count) + entries + b"\0\0\0\0" + data
