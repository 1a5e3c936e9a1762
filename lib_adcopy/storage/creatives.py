"""A creative is one PNG; what it was made from stands in a text chunk of it, so that one file is the whole of it.

The same text goes into the host's own pictures, and either can be given back to the tab.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from PIL.Image import Image

# The chunk's key (a PNG iTXt keyword) and its version, for the day its fields change.
CHUNK = "adcopy"
_VERSION = 1
_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")
# An infotext's last line begins with the steps.
_SEED = re.compile(r".*(?:^|\n)Steps: [^\n]*?\bSeed: (\d{1,20})\b", re.DOTALL)
_NAME_AT_MOST = 24
_BYTES_AT_MOST = 100_000_000


@dataclass(frozen=True)
class Record:
    """What the tab needs to stand again as it stood; empty strings for what was not there.

    `brand_words` and `avoid_words` are joined by commas. `drawing` is domain.drawing.DrawSettings as a dict, its
    seed the picture's own; whoever reads it checks what he takes from it.
    """

    brief: str = ""
    platform: str = ""
    tone: str = ""
    length: str = ""
    audience: str = ""
    brand_words: str = ""
    avoid_words: str = ""
    copy: str = ""
    writer: str = ""
    seed: int = -1
    positive: str = ""
    negative: str = ""
    style: str = ""
    drawing: Mapping[str, Any] = field(default_factory=dict)


def record_text(
    brief: Brief, copy: Copy | None, prompt: Prompt | None, drawing: Mapping[str, Any] | None = None
) -> str:
    """The chunk's text: one JSON object."""
    kept = Record(
        brief=brief.text,
        platform=brief.platform,
        tone=brief.tone,
        length=brief.length,
        audience=brief.audience,
        brand_words="，".join(brief.brand_words),
        avoid_words="，".join(brief.avoid_words),
        drawing=drawing or {},
    )
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
        raise AdCopyError("storage.not_saved", folder=str(folder), reason=error.strerror or str(error)) from error
    return file


def read(file: Path) -> Record:
    """What a creative, or a picture drawn for one, was made from. Raises AdCopyError where it holds nothing of ours."""
    from PIL import Image, UnidentifiedImageError

    try:
        if file.stat().st_size > _BYTES_AT_MOST:
            raise AdCopyError("storage.not_ours")
        with Image.open(file) as image:
            image.load()
            stored = json.loads(image.info.get(CHUNK, "null"))
            drawn = _SEED.match(str(image.info.get("parameters", "")))
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise AdCopyError("storage.not_ours") from error
    if not isinstance(stored, dict):
        raise AdCopyError("storage.not_ours")
    # Only values of the field's own type: the file may be anybody's.
    empty = asdict(Record())
    record = Record(**{name: stored[name] for name in empty if type(stored.get(name)) is type(empty[name])})
    if drawn and record.drawing:
        # One chunk goes into all pictures of a run; each one's seed stands in its infotext.
        record = replace(record, drawing={**record.drawing, "seed": int(drawn[1])})
    return record


def _numbered(stem: str, number: int) -> str:
    return f"{stem}{f'-{number}' if number else ''}.png"
