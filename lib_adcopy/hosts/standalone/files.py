"""What lies in the studio's folders: checkpoints, LoRAs, embeddings; read from names and file headers alone."""

from __future__ import annotations

import hashlib
import json
import struct
from functools import lru_cache
from pathlib import Path

from lib_adcopy.errors import AdCopyError

_HEADER_AT_MOST = 100_000_000
# The text encoder's first weight tells the family: SD1 has OpenAI's CLIP alone, SD2 OpenCLIP, SDXL both.
_MARKS = {
    "conditioner.embedders.1.model.ln_final.weight": "SDXL",
    "cond_stage_model.model.ln_final.weight": "SD2",
    "cond_stage_model.transformer.text_model.final_layer_norm.weight": "SD1",
}


class Files:
    """The folders under `root`: models/Stable-diffusion, models/Lora, embeddings (or models/embeddings)."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def checkpoints(self) -> dict[str, Path]:
        return _by_name(self._root / "models" / "Stable-diffusion", {".safetensors"})

    def loras(self) -> dict[str, Path]:
        return _by_name(self._root / "models" / "Lora", {".safetensors"})

    def embeddings(self) -> dict[str, Path]:
        kinds = {".safetensors", ".pt", ".bin"}
        return _by_name(self._root / "models" / "embeddings", kinds) | _by_name(self._root / "embeddings", kinds)


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


def file_hash(file: Path) -> str:
    """SHA-256 of the whole file, as the webui's "Model hash" and "TI hashes" begin."""
    return _digest(file, file.stat().st_mtime_ns, 0)


def weights_hash(file: Path) -> str:
    """SHA-256 of a safetensors file without its header, as the webui's "Lora hashes" begin: metadata may be edited."""
    if file.suffix != ".safetensors":
        return file_hash(file)
    with file.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
    return _digest(file, file.stat().st_mtime_ns, 8 + length)


@lru_cache(maxsize=256)
def _digest(file: Path, changed_ns: int, start: int) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        opened.seek(start)
        while block := opened.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _by_name(folder: Path, kinds: set[str]) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {file.stem: file for file in sorted(folder.rglob("*")) if file.suffix in kinds and file.is_file()}
