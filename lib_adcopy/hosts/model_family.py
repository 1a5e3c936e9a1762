"""Detects which Stable Diffusion a checkpoint is, by its file's header alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.formats import BadFileError, read_header
from lib_adcopy.errors import AdCopyError

# The text encoder's first weight tells the family: SD1 has OpenAI's CLIP alone, SD2 OpenCLIP, SDXL both.
_MARKS = {
    "conditioner.embedders.1.model.ln_final.weight": "SDXL",
    "cond_stage_model.model.ln_final.weight": "SD2",
    "cond_stage_model.transformer.text_model.final_layer_norm.weight": "SD1",
}


def family(checkpoint: Path) -> str:
    """Return "SD1", "SD2", "SDXL", or "unknown" for any other safetensors file. Raises AdCopyError for a broken one."""
    names = header(checkpoint)
    return next((kind for mark, kind in _MARKS.items() if mark in names), "unknown")


def header(file: Path) -> dict[str, dict[str, Any]]:
    """Read a safetensors file's table of tensors. Raises AdCopyError for a broken file."""
    try:
        return read_header(file)
    except (OSError, BadFileError) as error:
        raise AdCopyError("hosts.broken_file", name=file.name) from error
