"""The texts in a picture file, read from its chunks: no pixel is decoded, no size that a file claims is believed.

PNG: tEXt, zTXt and iTXt by their keywords. JPEG and WebP: Exif's UserComment as "parameters", which is where webuis
put their infotext, and an XMP packet as "XML:com.adobe.xmp", its keyword in PNG. Formats: PNG third edition, JFIF
1.02, Exif 2.32 and the WebP container specification.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from PIL.Image import Image

PARAMETERS = "parameters"
XMP = "XML:com.adobe.xmp"
# Of one text and of all texts of a file, unpacked. A record has a few thousand bytes; ComfyUI's workflows have 1 MB.
_TEXT_BYTES = 4 * 2**20
_ALL_BYTES = 16 * 2**20
# A PNG of 100 MB in chunks of 8 kB, as libpng writes them, has 12,000.
_CHUNKS = 200_000
_PNG = b"\x89PNG\r\n\x1a\n"
_TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")
_XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
_EXIF_MARK = b"Exif\0\0"
_EXIF_POINTER, _USER_COMMENT = 0x8769, 0x9286
# UserComment's first eight bytes name its encoding; webuis write big-endian UTF-16 whatever the file's byte order.
_ENCODINGS = {b"UNICODE\0": "utf-16-be", b"ASCII\0\0\0": "ascii", b"\0" * 8: "utf-8"}


class DamagedPictureError(ValueError):
    """Not a PNG, JPEG or WebP file, or one whose chunks cannot be followed."""


def read_texts(file: Path) -> dict[str, str]:
    """Return a picture's texts by keyword, the first of each; texts that are damaged or too long are left out.

    Raises DamagedPictureError and OSError.
    """
    with file.open("rb") as opened:
        head = opened.read(12)
        if head.startswith(_PNG):
            found = _png_texts(opened)
        elif head.startswith(b"\xff\xd8"):
            found = _jpeg_texts(opened)
        elif head[:4] == b"RIFF" and head[8:] == b"WEBP":
            found = _webp_texts(opened)
        else:
            raise DamagedPictureError("not a PNG, JPEG or WebP file")
        texts: dict[str, str] = {}
        size = 0
        for keyword, text in found:
            size += len(text)
            if size > _ALL_BYTES:
                break
            texts.setdefault(keyword, text)
        return texts


def picture_errors() -> tuple[type[Exception], ...]:
    """Return what Pillow raises for a file that is no picture, a broken one, or one too large for memory."""
    from PIL import Image

    # struct.error, IndexError and TypeError come out of decoders that trust a damaged header.
    return (
        OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, TypeError, Image.DecompressionBombError,
    )  # fmt: skip


def encode_png(image: Image, texts: Mapping[str, str]) -> bytes:
    """Return `image` as a PNG file that holds `texts` in iTXt chunks."""
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    for keyword, text in texts.items():
        chunks.add_itxt(keyword, text)
    held = io.BytesIO()
    image.save(held, format="PNG", pnginfo=chunks)
    return held.getvalue()


def _png_texts(opened: BinaryIO) -> Iterator[tuple[str, str]]:
    opened.seek(len(_PNG))
    for _ in range(_CHUNKS):
        head = opened.read(8)
        if len(head) < 8:
            # Cut off, after texts that may be whole.
            return
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            return
        if length > 2**31 - 1:
            raise DamagedPictureError("a chunk's length is no length")
        if kind not in _TEXT_CHUNKS or length > _TEXT_BYTES:
            opened.seek(length + 4, io.SEEK_CUR)
            continue
        data, check = opened.read(length), opened.read(4)
        if len(check) == 4 and struct.unpack(">I", check)[0] == zlib.crc32(kind + data):
            yield from _png_text(kind, data)


def _png_text(kind: bytes, data: bytes) -> Iterator[tuple[str, str]]:
    keyword, mark, rest = data.partition(b"\0")
    if not mark or not 1 <= len(keyword) <= 79:
        return
    encoding = "latin-1"
    packed = kind == b"zTXt"
    if kind == b"iTXt":
        encoding, packed, rest = "utf-8", rest[:1] == b"\1", rest[1:]
    if packed and rest[:1] != b"\0":
        # Compression method 0, deflate, is the only one there is.
        return
    if kind != b"tEXt":
        rest = rest[1:]
    if kind == b"iTXt":
        # A language and a translated keyword come first.
        parts = rest.split(b"\0", 2)
        if len(parts) < 3:
            return
        rest = parts[2]
    unpacked = _inflate(rest) if packed else rest
    if unpacked is None:
        return
    try:
        yield keyword.decode("latin-1"), unpacked.decode(encoding)
    except UnicodeDecodeError:
        return


def _inflate(data: bytes) -> bytes | None:
    """Unpack at most _TEXT_BYTES; None for damaged data or more."""
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(data, _TEXT_BYTES)
    except zlib.error:
        return None
    return unpacked if unpacking.eof else None


def _jpeg_texts(opened: BinaryIO) -> Iterator[tuple[str, str]]:
    opened.seek(2)
    for _ in range(_CHUNKS):
        marker = opened.read(2)
        while marker[:1] == b"\xff" and marker[1:] == b"\xff":
            # Padding before a marker.
            marker = b"\xff" + opened.read(1)
        if len(marker) < 2 or marker[0] != 0xFF or marker[1] in (0xD9, 0xDA):
            # The end, the picture's own data, or no marker.
            return
        if marker[1] in (0x01, *range(0xD0, 0xD8)):
            continue
        size = opened.read(2)
        if len(size) < 2 or (length := struct.unpack(">H", size)[0]) < 2:
            raise DamagedPictureError("a segment's length is no length")
        data = opened.read(length - 2)
        if marker[1] == 0xE1 and data.startswith(_EXIF_MARK):
            yield from _exif_texts(data[len(_EXIF_MARK) :])
        elif marker[1] == 0xE1 and data.startswith(_XMP_MARK):
            yield XMP, data[len(_XMP_MARK) :].decode("utf-8", "replace")


def _webp_texts(opened: BinaryIO) -> Iterator[tuple[str, str]]:
    opened.seek(12)
    for _ in range(_CHUNKS):
        head = opened.read(8)
        if len(head) < 8:
            return
        kind, length = struct.unpack("<4sI", head)
        # Chunks begin at even places.
        padded = length + length % 2
        if kind not in (b"EXIF", b"XMP ") or length > _TEXT_BYTES:
            opened.seek(padded, io.SEEK_CUR)
            continue
        data = opened.read(padded)[:length]
        if kind == b"EXIF":
            yield from _exif_texts(data.removeprefix(_EXIF_MARK))
        else:
            yield XMP, data.decode("utf-8", "replace")


def _exif_texts(tiff: bytes) -> Iterator[tuple[str, str]]:
    """Yield the UserComment of a TIFF structure, in its own directory or in the first one."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return
    first = struct.unpack_from(f"{order}I", tiff, 4)[0]
    entries = _directory(tiff, first, order)
    if _EXIF_POINTER in entries:
        entries |= _directory(tiff, entries[_EXIF_POINTER][1], order)
    if _USER_COMMENT not in entries:
        return
    length, offset = entries[_USER_COMMENT]
    raw = tiff[offset : offset + min(length, _TEXT_BYTES)]
    encoding = _ENCODINGS.get(raw[:8])
    if encoding:
        yield PARAMETERS, raw[8:].decode(encoding, "replace").rstrip("\0")


def _directory(tiff: bytes, offset: int, order: str) -> dict[int, tuple[int, int]]:
    """Tag -> (count, value or offset) of one image file directory, which is 12 bytes an entry."""
    if offset + 2 > len(tiff):
        return {}
    count = struct.unpack_from(f"{order}H", tiff, offset)[0]
    found: dict[int, tuple[int, int]] = {}
    for at in range(offset + 2, min(offset + 2 + 12 * count, len(tiff) - 11), 12):
        tag, _, length, value = struct.unpack_from(f"{order}HHII", tiff, at)
        found.setdefault(tag, (length, value))
    return found
