"""Adds brief and copy to a saved picture, as PNG chunks beside the webui's infotext."""

from __future__ import annotations

from typing import Any

from lib_adcopy.hosts.webui.img2img import finish_saved
from lib_adcopy.hosts.webui.txt2img import CHUNKS


def add_chunks(params: Any) -> None:
    """Add the chunks of our pictures, and their product, before they are saved; for on_before_image_saved."""
    params.pnginfo.update(getattr(params.p, CHUNKS, {}))
    finish_saved(params)
