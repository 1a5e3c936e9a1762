"""A creative is one PNG; what it was made from stands in a text chunk of it, so that one file is the whole of it.

The same text goes into the host's own pictures, and either can be given back to the tab.
"""

from __future__ import annotations

import itertools
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.atomic import create_atomic
from lib_adcopy.storage.picture_text import PARAMETERS, encode_png, read_texts

if TYPE_CHECKING:
    from PIL.Image import Image

# The chunk's key (a PNG iTXt keyword) and its version, for the day its fields change.
CHUNK = "adcopy"
_VERSION = 1
_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")
# An infotext's last line begins with the steps.
_SEED = re.compile(r".*(?:^|\n)Steps: [^\n]*?\bSeed: (\d{1,20})\b", re.DOTALL)
_NAME_AT_MOST = 24
# Creatives of one second and title that are counted on.
_NUMBERED = 100
# What a drawn picture's file name begins with.
_NUMBER = re.compile(r"\d{1,9}(?=-)")


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
    """Write `image` with its chunk to a new file of `folder`, named by the time and by `name` made safe.

    Raises AdCopyError where the disk refuses.
    """
    stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{_UNSAFE.sub('-', name)[:_NAME_AT_MOST].strip('-') or 'creative'}"
    return _create(encode_png(image, {CHUNK: text}), folder, lambda: _names(stem))


def save_drawn(image: Image, texts: Mapping[str, str], folder: Path, seed: int) -> Path:
    """Write a drawn picture with its texts to a new file of `folder`, numbered on from the highest number there.

    Raises AdCopyError where the disk refuses.
    """

    def names() -> Iterator[str]:
        # Not a count of the files, which comes back to a taken number after a deletion.
        taken = [int(number[0]) for file in folder.glob("*.png") if (number := _NUMBER.match(file.name))]
        return (f"{number:05}-{seed}.png" for number in itertools.count(max(taken, default=-1) + 1))

    return _create(encode_png(image, texts), folder, names)


def read(file: Path) -> Record:
    """What a creative, or a picture drawn for one, was made from. Raises AdCopyError where it holds nothing of ours."""
    try:
        texts = read_texts(file)
        stored = json.loads(texts.get(CHUNK, "null"))
    except (OSError, ValueError, RecursionError) as error:
        raise AdCopyError("storage.not_ours") from error
    if not isinstance(stored, dict):
        raise AdCopyError("storage.not_ours")
    # Only values of the field's own type: the file may be anybody's.
    empty, plain = asdict(Record()), _plain(stored, depth=3)
    record = Record(**{name: plain[name] for name in empty if type(plain.get(name)) is type(empty[name])})
    drawn = _SEED.match(texts.get(PARAMETERS, ""))
    if drawn and record.drawing:
        # One chunk goes into all pictures of a run; each one's seed stands in its infotext.
        record = replace(record, drawing={**record.drawing, "seed": int(drawn[1])})
    return record


def _create(content: bytes, folder: Path, names: Callable[[], Iterator[str]]) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return create_atomic(folder, names(), content)
    except OSError as error:
        raise AdCopyError("storage.not_saved", folder=str(folder), reason=error.strerror or str(error)) from error


def _plain(stored: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """The texts, numbers and objects of a JSON object, at most `depth` deep, that UTF-8 files and 64 bits can hold."""
    found: dict[str, Any] = {}
    for name, value in stored.items():
        if isinstance(value, dict) and depth > 1:
            found[name] = _plain(value, depth - 1)
        elif isinstance(value, str):
            # JSON can spell lone surrogates.
            found[name] = value.encode("utf-8", "replace").decode("utf-8")
        elif value is None or (isinstance(value, (int, float)) and abs(value) < 2**63):
            found[name] = value
    return found


def _names(stem: str) -> Iterator[str]:
    yield f"{stem}.png"
    yield from (f"{stem}-{number}.png" for number in range(1, _NUMBERED))
    # So many in one second come from a program; it gets names that need no search.
    while True:
        yield f"{stem}-{secrets.token_hex(4)}.png"
