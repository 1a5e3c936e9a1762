"""Pictures a host has drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.i18n import Message

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Picture:
    """One finished picture; `path` is where the host saved it, None where it did not. `mask` is the product's (L, the
    picture's size, white = product) where a photo stands in it."""

    image: Image
    infotext: str
    seed: int
    path: Path | None = None
    mask: Image | None = None


@dataclass(frozen=True)
class DrawResult:
    """`grid` is the host's contact sheet where it made one. `generation_info` is the host's own JSON for its
    output panel's buttons, "" where it has none. `comments` are the host's remarks, plain text; `notes` are ours."""

    pictures: tuple[Picture, ...]
    grid: Image | None = None
    generation_info: str = ""
    comments: tuple[str, ...] = ()
    interrupted: bool = False
    notes: tuple[Message, ...] = ()
