"""Write a photo's results as files: the picture keeps who made the photo, and nothing of where it was taken."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.aigc_label import AigcLabel, xmp_packet
from lib_adcopy.storage.atomic import write_atomic
from lib_adcopy.storage.picture_text import XMP

if TYPE_CHECKING:
    from PIL.Image import Image

_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")
_NAME_AT_MOST = 40
# Of zlib: pictures hardly shrink further, and the seller waits.
_COMPRESSION = 3


def file_stem(name: str) -> str:
    """Return a file name, without folder (of any system) and ending, made safe."""
    return _UNSAFE.sub("-", PureWindowsPath(name).stem)[:_NAME_AT_MOST].strip("-") or "photo"


def rights_exif(rights: Mapping[int, str]) -> bytes:
    """Return an Exif block that names a photo's author."""
    from PIL import Image as PillowImage

    exif = PillowImage.Exif()
    for tag, text in rights.items():
        exif[tag] = text
    return exif.tobytes()


def save_png(
    image: Image,
    file: Path,
    rights: Mapping[int, str] | None = None,
    *,
    texts: Mapping[str, str] | None = None,
    label: AigcLabel | None = None,
) -> Path:
    """Write a PNG; `rights` are EXIF tags by number, `texts` its chunks by keyword, `label` that of generated content.

    Raises AdCopyError where that fails.
    """
    from PIL.PngImagePlugin import PngInfo

    options: dict[str, Any] = {"exif": rights_exif(rights)} if rights else {}
    info = PngInfo()
    for keyword, text in (texts or {}).items():
        info.add_itxt(keyword, text)
    if label:
        info.add_itxt(XMP, xmp_packet(label))
    held = io.BytesIO()
    image.save(held, format="PNG", pnginfo=info, compress_level=_COMPRESSION, **options)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(file, held.getvalue())
    except OSError as error:
        reason = error.strerror or str(error)
        raise AdCopyError("storage.not_saved", folder=str(file.parent), reason=reason) from error
    return file
