"""Writes a picture's parameters as the webui does, so that its PNG Info and other tools can read them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lib_adcopy import __version__
from lib_adcopy.hosts.base import DrawRequest
from lib_adcopy.hosts.photo_scene import SceneRequest
from lib_adcopy.hosts.standalone.files import file_hash, weights_hash


def infotext(
    request: DrawRequest,
    *,
    seed: int,
    sampler: str,
    checkpoint: Path,
    loras: Mapping[str, Path],
    embeddings: Mapping[str, Path],
) -> str:
    """Return prompt, negative prompt, and "Name: value" pairs as three lines; hashes are the webui's short ones."""
    settings = request.settings
    pairs: dict[str, object] = {
        "Steps": settings.steps,
        "Sampler": sampler,
        "CFG scale": f"{settings.cfg_scale:g}",
        "Seed": seed,
        "Size": f"{settings.width}x{settings.height}",
        "Model hash": file_hash(checkpoint)[:10],
        "Model": checkpoint.stem,
    }
    if settings.clip_skip > 1:
        pairs["Clip skip"] = settings.clip_skip
    if settings.hires:
        pairs |= {"Denoising strength": settings.hires.denoising_strength, "Hires upscale": settings.hires.scale}
        if settings.hires.steps:
            pairs["Hires steps"] = settings.hires.steps
    if isinstance(request, SceneRequest):
        pairs["Denoising strength"] = request.denoising
    pairs |= dict(request.infotext)
    if loras:
        pairs["Lora hashes"] = _hashes({name: weights_hash(file) for name, file in loras.items()})
    if embeddings:
        pairs["TI hashes"] = _hashes({name: file_hash(file) for name, file in embeddings.items()})
    pairs["Version"] = f"Ad Copy {__version__}"
    facts = ", ".join(f"{name}: {value}" for name, value in pairs.items())
    return f"{request.positive}\nNegative prompt: {request.negative}\n{facts}"


def _hashes(found: Mapping[str, str]) -> str:
    listed = ", ".join(f"{name}: {digest[:12]}" for name, digest in found.items())
    return f'"{listed}"'
