"""Photos kept beside the creatives made of them, named by their content, so that each is there once.

A copy is one PNG: the photo upright in sRGB with its cut-out as transparency, so that both come back exactly. It says
who made the photo; nothing of where and by which device.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.photo.saving import save_png

if TYPE_CHECKING:
    from PIL.Image import Image

    from lib_adcopy.photo.cutout import Cutout

FOLDER = "photos"
_NAME = re.compile(r"[0-9a-f]{32}\.png")


def keep(cutout: Cutout, rights: Mapping[int, str], folder: Path) -> str:
    """Write the photo where it is not there yet; return its file name in `folder`.

    Raises AdCopyError where the disk refuses.
    """
    import numpy as np
    from PIL import Image as PillowImage

    digest = hashlib.sha256(str(cutout.colours.shape).encode())
    digest.update(cutout.colours.tobytes())
    digest.update(cutout.alpha.tobytes())
    file = folder / f"{digest.hexdigest()[:32]}.png"
    if not file.is_file():
        save_png(PillowImage.fromarray(np.dstack([cutout.colours, cutout.alpha]), "RGBA"), file, rights)
    return file.name


def keep_picture(image: Image, folder: Path) -> str:
    """Write an RGB picture where it is not there yet; return its file name in `folder`."""
    digest = hashlib.sha256(f"{image.size}".encode())
    digest.update(image.tobytes())
    file = folder / f"{digest.hexdigest()[:32]}.png"
    if not file.is_file():
        save_png(image, file)
    return file.name


def kept_file(folder: Path, name: str) -> Path | None:
    """Return the kept file of that name; None for one that is not there (any more), or is no name of a kept file."""
    file = folder / name
    return file if _NAME.fullmatch(name) and file.is_file() else None
