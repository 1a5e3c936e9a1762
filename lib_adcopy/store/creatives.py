"""A creative is one PNG; what it was made from stands in a text chunk of it, so that one file is the whole of it.

The same text goes into the host's own pictures, and either can be given back to the tab.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.prompt import Prompt

if TYPE_CHECKING:
    from PIL.Image import Image

# The chunk's key (a PNG iTXt keyword) and its version, for the day its fields change.
CHUNK = "adcopy"
_VERSION = 1
_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")
_NAME_AT_MOST = 24
_BYTES_AT_MOST = 100_000_000


@dataclass(frozen=True)
class Record:
    """What the tab needs to stand again as it stood; empty strings for what was not there."""

    brief: str = ""
    platform: str = ""
    tone: str = ""
    length: str = ""
    copy: str = ""
    writer: str = ""
    seed: int = -1
    positive: str = ""
    negative: str = ""
    style: str = ""


def record_text(brief: Brief, copy: Copy | None, prompt: Prompt | None) -> str:
    """The chunk's text: one JSON object."""
    kept = Record(brief.text, brief.platform, brief.tone, brief.length)
    stored: dict[str, Any] = {"version": _VERSION, **asdict(kept)}
    if copy:
        stored |= {"copy": copy.text, "writer": copy.writer, "seed": copy.seed}
    if prompt:
        stored |= {"positive": prompt.positive, "negative": prompt.negative, "style": prompt.style}
    return json.dumps(stored, ensure_ascii=False)


def save(image: Image, text: str, folder: Path, name: str) -> Path:
    """Writes `image` with its chunk to a new file of `folder`, named by the time and by `name` made safe.

    Raises AdCopyError where the disk refuses.
    """
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    chunks.add_itxt(CHUNK, text)
    stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{_UNSAFE.sub('-', name)[:_NAME_AT_MOST].strip('-') or 'creative'}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = next(file for number in range(1000) if not (file := folder / _numbered(stem, number)).exists())
        image.save(file, format="PNG", pnginfo=chunks)
    except OSError as error:
        raise AdCopyError("store.not_saved", folder=str(folder), reason=error.strerror or str(error)) from error
    return file


def read(file: Path) -> Record:
    """What a creative, or a picture drawn for one, was made from. Raises AdCopyError where it holds nothing of ours."""
    from PIL import Image, UnidentifiedImageError

    try:
        if file.stat().st_size > _BYTES_AT_MOST:
            raise AdCopyError("store.not_ours")
        with Image.open(file) as image:
            image.load()
            stored = json.loads(image.info.get(CHUNK, "null"))
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise AdCopyError("store.not_ours") from error
    if not isinstance(stored, dict):
        raise AdCopyError("store.not_ours")
    return Record(**{field.name: _checked(stored[field.name], field.default) for field in fields(Record)
                     if field.name in stored})


def _checked(value: Any, default: Any) -> Any:
    """Only values of the field's own type: the file may be anybody's."""
    return value if type(value) is type(default) else default


def _numbered(stem: str, number: int) -> str:
    return f"{stem}{f'-{number}' if number else ''}.png"
