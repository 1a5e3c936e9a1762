"""Creatives as files: the platform's file type, within its size, labelled, under names that sort; and a zip of them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.creative.formats import Format
from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.aigc_label import AigcLabel, read_label
from lib_adcopy.storage.atomic import write_atomic
from lib_adcopy.storage.picture_file import encode_picture

if TYPE_CHECKING:
    from PIL.Image import Image

_ENDINGS = {"jpeg": "jpg", "png": "png", "webp": "webp"}
_BEST, _LEAST = 93, 40
_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")


@dataclass(frozen=True)
class Saved:
    """A file that was written, with its size in kB (1024 bytes) and the JPEG or WebP quality it came to (0: PNG)."""

    path: Path
    size_kb: float
    quality: int


def encode_within(
    image: Image, format_: Format, kind: str, texts: dict[str, str], label: AigcLabel | None,
    rights: Mapping[int, str] | None = None,
) -> tuple[bytes, int]:  # fmt: skip
    """Return the file's content at the best quality that the platform's `max_kb` allows.

    Raises AdCopyError where even the least quality is too large.
    """
    limit = format_.max_kb * 1024 if format_.max_kb else 1 << 40
    content = encode_picture(image, kind, texts=texts, label=label, quality=_BEST, rights=rights)
    if kind == "png" or len(content) <= limit:
        if len(content) > limit:
            raise AdCopyError("creative.too_large", name=format_.name, size=len(content) // 1024, limit=format_.max_kb)
        return content, 0 if kind == "png" else _BEST
    low, high, best = _LEAST, _BEST - 1, b""
    quality = low
    while low <= high:
        middle = (low + high) // 2
        content = encode_picture(image, kind, texts=texts, label=label, quality=middle, rights=rights)
        if len(content) <= limit:
            best, quality, low = content, middle, middle + 1
        else:
            high = middle - 1
    if not best:
        raise AdCopyError("creative.too_large", name=format_.name, size=len(content) // 1024, limit=format_.max_kb)
    return best, quality


def save_creative(
    image: Image, format_: Format, folder: Path, stem: str, *, kind: str = "", texts: dict[str, str] | None = None,
    label: AigcLabel | None = None, rights: Mapping[int, str] | None = None,
) -> Saved:  # fmt: skip
    """Writes a creative to `folder`/`stem`.ending and reads its label back.

    `kind` is "jpeg", "png" or "webp", by default the platform's first; `rights` name a photo's author.
    Raises AdCopyError where the platform does not take it, where it is too large, or where the disk refuses.
    """
    kind = kind or format_.types[0]
    if kind not in format_.types:
        raise AdCopyError("creative.wrong_type", name=format_.name, kind=kind, types=", ".join(format_.types))
    content, quality = encode_within(image, format_, kind, texts or {}, label, rights)
    file = folder / f"{stem}.{_ENDINGS[kind]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(file, content)
        written = read_label(file) if label else None
    except OSError as error:
        raise AdCopyError("storage.not_saved", folder=str(folder), reason=error.strerror or str(error)) from error
    if label and written != label:
        raise AdCopyError("creative.label_lost", file=file.name)
    return Saved(file, round(len(content) / 1024, 1), quality)


def file_stem(number: int, format_name: str, title: str = "") -> str:
    """Return a name that sorts in the order of export: "01-xiaohongshu-3-4-连衣裙"."""
    parts = (f"{number:02}", _UNSAFE.sub("-", format_name), _UNSAFE.sub("-", title).strip("-")[:20])
    return "-".join(part for part in parts if part)


def write_zip(files: Iterable[Path], target: Path) -> Path:
    """Return all files in one zip, stored as they are (pictures do not shrink).

    Raises AdCopyError where the disk refuses, or another program has the zip open.
    """
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for file in files:
                archive.write(file, file.name)
    except OSError as error:
        reason = error.strerror or str(error)
        raise AdCopyError("storage.not_saved", folder=str(target.parent), reason=reason) from error
    return target
