"""Write a photo's results as files: the picture keeps who made the photo, and nothing of where it was taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from PIL.Image import Image

_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")
_NAME_AT_MOST = 40


def file_stem(name: str) -> str:
    """A file name, without folder and ending, made safe."""
    return _UNSAFE.sub("-", Path(name).stem)[:_NAME_AT_MOST].strip("-") or "photo"


def save_png(image: Image, file: Path, rights: Mapping[int, str] | None = None, **chunks: str) -> Path:
    """Write a PNG; `rights` are EXIF tags by number, `chunks` texts by keyword. Raises AdCopyError where that fails."""
    from PIL import Image as PillowImage
    from PIL.PngImagePlugin import PngInfo

    options: dict[str, Any] = {}
    if rights:
        exif = PillowImage.Exif()
        for tag, text in rights.items():
            exif[tag] = text
        options["exif"] = exif
    info = PngInfo()
    for keyword, text in chunks.items():
        info.add_itxt(keyword, text)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        image.save(file, format="PNG", pnginfo=info, **options)
    except OSError as error:
        reason = error.strerror or str(error)
        raise AdCopyError("storage.not_saved", folder=str(file.parent), reason=reason) from error
    return file
