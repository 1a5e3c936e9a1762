"""Open a photo from outside: any common format, upright, in sRGB, size-limited before it is decoded."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from PIL.Image import Image

_log = logging.getLogger("adcopy.photo")
_BYTES_AT_MOST = 100_000_000
_PIXELS_AT_MOST = 120_000_000
_SIDE_AT_LEAST = 32
# Pillow's decoders that a product photo may need; the others are a larger surface for broken files.
_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "BMP", "TIFF", "GIF", "AVIF")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
# EXIF tags that say who made the photo; nothing else (position, device, time) is carried over.
ARTIST, COPYRIGHT = 0x013B, 0x8298
_ALMOST_OPAQUE = 250


@dataclass(frozen=True)
class Photo:
    """An upright sRGB photo.

    `image` is RGB; `alpha` is its own transparency (L, same size) or None where it is opaque; `rights` are the EXIF
    tags that name its author, by tag number.
    """

    image: Image
    alpha: Image | None = None
    rights: dict[int, str] = field(default_factory=dict)
    name: str = ""


def open_photo(source: Path | bytes | Image, name: str = "") -> Photo:
    """Load a photo from a file, its bytes or a decoded picture.

    Raises AdCopyError with one sentence for what is no picture, too large, too small or broken.
    """
    if isinstance(source, Path):
        name = name or source.name
        source = _read(source)
    if isinstance(source, bytes):
        with _decode(source, name) as opened:
            return _normalise(opened, name)
    _check_size(source.size, name)
    return _normalise(source, name)


def open_mask(source: Path | Image, size: tuple[int, int]) -> Image:
    """Load a mask (white = product) for a photo of `size`: an L picture of that size.

    A mask of another size but the same shape is resized. Raises AdCopyError for another shape and an empty mask.
    """
    from PIL import Image as PillowImage

    photo = open_photo(source)
    mask = photo.alpha if photo.alpha is not None else photo.image.convert("L")
    if mask.size != size:
        ratio = (mask.width / mask.height) / (size[0] / size[1])
        if not 0.98 < ratio < 1.02:
            raise AdCopyError("photo.mask_size", mask=_size_text(mask.size), photo=_size_text(size))
        mask = mask.resize(size, PillowImage.Resampling.BILINEAR)
    if _highest(mask) < 128:
        raise AdCopyError("photo.empty_mask")
    return mask


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > _BYTES_AT_MOST:
            raise AdCopyError("photo.too_large", name=file.name)
        return file.read_bytes()
    except OSError as error:
        raise AdCopyError("photo.no_file", name=file.name, reason=error.strerror or str(error)) from error


def _decode(content: bytes, name: str) -> Any:
    """Return a Pillow picture whose size is checked; not decoded yet where the format allows that."""
    from PIL import Image, UnidentifiedImageError

    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return _decode_heif(content, name)
    try:
        opened = Image.open(io.BytesIO(content), formats=_known_formats())
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise AdCopyError("photo.not_a_picture", name=name) from error
    except Image.DecompressionBombError as error:
        raise AdCopyError("photo.too_large", name=name) from error
    _check_size(opened.size, name)
    return opened


def _known_formats() -> tuple[str, ...]:
    """Return those of our formats for which this Pillow has a decoder: it refuses a list with an unknown one."""
    from PIL import Image

    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


def _decode_heif(content: bytes, name: str) -> Any:
    try:
        import pillow_heif
    except ImportError as error:
        raise AdCopyError("photo.no_heic", name=name) from error
    try:
        opened = pillow_heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)
        _check_size(opened.size, name)
        # The decoder has turned the picture upright already.
        image = opened.to_pillow()
        exif = image.getexif()
        exif.pop(0x0112, None)
        image.info["exif"] = exif.tobytes()
        return image
    except (OSError, ValueError, RuntimeError, EOFError, SyntaxError) as error:
        raise AdCopyError("photo.broken", name=name) from error


def _check_size(size: tuple[int, int], name: str) -> None:
    if size[0] * size[1] > _PIXELS_AT_MOST:
        raise AdCopyError("photo.too_large", name=name)
    if min(size) < _SIDE_AT_LEAST:
        raise AdCopyError("photo.too_small", name=name, pixels=_SIDE_AT_LEAST)


def _normalise(opened: Any, name: str) -> Photo:
    from PIL import Image, ImageOps

    try:
        opened.load()
        rights = rights_of(opened)
        upright = ImageOps.exif_transpose(opened) or opened
        image = _eight_bits(upright)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise AdCopyError("photo.broken", name=name) from error
    alpha = None
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        if alpha.getextrema()[0] >= _ALMOST_OPAQUE:
            alpha = None
        elif _highest(alpha) < 128:
            raise AdCopyError("photo.empty_mask")
    return Photo(_to_srgb(image, upright.info.get("icc_profile")), alpha, rights, name)


def _eight_bits(image: Any) -> Any:
    """Return a picture of 16-bit or float greys scaled to 8 bits, others unchanged."""
    import numpy
    from PIL import Image

    if image.mode.startswith("I;16") or image.mode == "I":
        values = numpy.asarray(image).astype("float32")
        return Image.fromarray((values / (257 if values.max() > 255 else 1)).clip(0, 255).astype("uint8"))
    if image.mode == "F":
        values = numpy.asarray(image)
        return Image.fromarray((values * (255 if values.max() <= 1 else 1)).clip(0, 255).astype("uint8"))
    return image


def _to_srgb(image: Any, profile: bytes | None) -> Image:
    """Return the picture as RGB in sRGB; one without a readable profile is taken as sRGB."""
    if profile:
        from PIL import ImageCms

        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(given).lower():
                colours = image.convert("RGB") if image.mode in ("RGBA", "P", "PA") else image
                converted = ImageCms.profileToProfile(
                    colours, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
                )
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, ValueError) as error:
            _log.warning("the colour profile cannot be read and sRGB is assumed: %s", error)
    return image.convert("RGB")


def _highest(picture: Any) -> int:
    return picture.getextrema()[1]


def rights_of(image: Any) -> dict[int, str]:
    """Return the EXIF tags that name a picture's author, by tag number; {} where it has none that can be read."""
    try:
        exif = image.getexif()
        return {tag: str(exif[tag])[:500] for tag in (ARTIST, COPYRIGHT) if exif.get(tag)}
    except (OSError, SyntaxError, ValueError, KeyError, TypeError) as error:
        _log.debug("the photo's EXIF cannot be read: %s", error)
        return {}


def _size_text(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"
