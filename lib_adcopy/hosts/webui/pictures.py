"""What goes into a saved picture beside the host's infotext: brief and copy, as PNG chunks of their own."""

from __future__ import annotations

from typing import Any

from lib_adcopy.hosts.webui.txt2img import CHUNKS


def add_chunks(params: Any) -> None:
    """For on_before_image_saved: pictures of ours get their texts, others are left alone."""
    params.pnginfo.update(getattr(params.p, CHUNKS, {}))
