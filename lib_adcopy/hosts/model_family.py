"""Which Stable Diffusion a checkpoint is, by its file's header alone."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from lib_adcopy.errors import AdCopyError

_HEADER_AT_MOST = 100_000_000
# The text encoder's first weight tells the family: SD1 has OpenAI's CLIP alone, SD2 OpenCLIP, SDXL both.
_MARKS = {
    "conditioner.embedders.1.model.ln_final.weight": "SDXL",
    "cond_stage_model.model.ln_final.weight": "SD2",
    "cond_stage_model.transformer.text_model.final_layer_norm.weight": "SD1",
}


def family(checkpoint: Path) -> str:
    """ "SD1", "SD2", "SDXL", or "unknown" for anything else that is a safetensors file."""
    names = header(checkpoint)
    return next((kind for mark, kind in _MARKS.items() if mark in names), "unknown")


def header(file: Path) -> dict[str, dict]:
    """A safetensors file's table of tensors. Format: 8 bytes length, little-endian, then that much JSON."""
    try:
        with file.open("rb") as opened:
            (length,) = struct.unpack("<Q", opened.read(8))
            if length > _HEADER_AT_MOST:
                raise AdCopyError("hosts.broken_file", name=file.name)
            return dict(json.loads(opened.read(length)))
    except (OSError, ValueError, struct.error) as error:
        raise AdCopyError("hosts.broken_file", name=file.name) from error
