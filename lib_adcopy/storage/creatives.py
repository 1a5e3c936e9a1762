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
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.record import Record, from_json, to_json
from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.aigc_label import AigcLabel, record_in
from lib_adcopy.storage.atomic import create_atomic
from lib_adcopy.storage.picture_file import encode_picture
from lib_adcopy.storage.picture_text import PARAMETERS, XMP, encode_png, read_texts

if TYPE_CHECKING:
    from PIL.Image import Image

# The chunk's key (a PNG iTXt keyword).
CHUNK = "adcopy"
_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")
# An infotext's last line begins with the steps.
_SEED = re.compile(r".*(?:^|\n)Steps: [^\n]*?\bSeed: (\d{1,20})\b", re.DOTALL)
_NAME_AT_MOST = 24
# Creatives of one second and title that are counted on.
_NUMBERED = 100
# What a drawn picture's file name begins with.
_NUMBER = re.compile(r"\d{1,9}(?=-)")


def record_text(ad: Ad) -> str:
    """Return the chunk's text: one JSON object."""
    return json.dumps(to_json(ad), ensure_ascii=False)


def save(
    image: Image, text: str, folder: Path, name: str, *, label: AigcLabel | None = None,
    rights: Mapping[int, str] | None = None,
) -> Path:  # fmt: skip
    """Write `image` with its chunk and AI label to a new file of `folder`, named by the time and by `name` made safe.

    Raises AdCopyError where the disk refuses.
    """
    stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{_UNSAFE.sub('-', name)[:_NAME_AT_MOST].strip('-') or 'creative'}"
    content = encode_picture(image, "png", texts={CHUNK: text}, label=label, rights=rights)
    return _create(content, folder, lambda: _names(stem))


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
    """Return what a creative, or a picture drawn for one, was made from. Raises AdCopyError where it holds nothing of
    ours."""
    try:
        texts = read_texts(file)
        # JPEG and WebP have no chunks: there the record stands in the XMP packet.
        stored = json.loads(texts.get(CHUNK) or record_in(texts.get(XMP, "")) or "null")
    except (OSError, ValueError, RecursionError) as error:
        raise AdCopyError("storage.not_ours") from error
    try:
        record = from_json(stored)
    except ValueError as error:
        raise AdCopyError("storage.not_ours") from error
    drawn = _SEED.match(texts.get(PARAMETERS, ""))
    if drawn and "seed" in record.settings:
        # One chunk goes into all pictures of a run; each one's seed stands in its infotext.
        record = replace(record, settings={**record.settings, "seed": int(drawn[1])})
    return record


def _create(content: bytes, folder: Path, names: Callable[[], Iterator[str]]) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return create_atomic(folder, names(), content)
    except OSError as error:
        raise AdCopyError("storage.not_saved", folder=str(folder), reason=error.strerror or str(error)) from error


def _names(stem: str) -> Iterator[str]:
    yield f"{stem}.png"
    yield from (f"{stem}-{number}.png" for number in range(1, _NUMBERED))
    # So many in one second come from a program; it gets names that need no search.
    while True:
        yield f"{stem}-{secrets.token_hex(4)}.png"
