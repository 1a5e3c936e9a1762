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
    image: Image, kind: str, *, texts: Mapping[str, str], label: AigcLabel | None, quality: int = 93
) -> bytes:
    """Return the picture as a file of `kind` ("jpeg", "png", "webp") with its texts and label.

    `texts` are by keyword: "parameters" is the webui's infotext, "adcopy" our record.
    """
    held = io.BytesIO()
    if kind == "png":
        image.save(held, format="PNG", pnginfo=_chunks(texts, label), compress_level=3)
    elif kind == "jpeg":
        segments = _segment(_XMP_MARK + _packet(texts, label)) if label or _RECORD in texts else b""
        exif = _exif(texts[PARAMETERS]) if PARAMETERS in texts else b""
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
        exif = _exif(texts[PARAMETERS]) if PARAMETERS in texts else b""
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


def _exif(parameters: str) -> bytes:
    """Return an Exif block whose UserComment is the infotext in UTF-16, as webuis write it."""
    comment = b"UNICODE\0" + parameters.encode("utf-16-be")
    first = struct.pack(">HHHIII", 1, 0x8769, 4, 1, 26, 0)
    second = struct.pack(">HHHIII", 1, 0x9286, 7, len(comment), 44, 0)
    return b"Exif\0\0MM\0*" + struct.pack(">I", 8) + first + second + comment
