"""Lists the checkpoints, LoRAs and embeddings in the studio's folders, by names and file headers alone."""

from __future__ import annotations

import hashlib
import struct
from functools import lru_cache
from pathlib import Path


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


def file_hash(file: Path) -> str:
    """Return the SHA-256 of the whole file, of which the webui's "Model hash" and "TI hashes" are the start."""
    return _digest(file, file.stat().st_mtime_ns, 0)


def weights_hash(file: Path) -> str:
    """Return the SHA-256 of a safetensors file without its header, whose start is the webui's "Lora hashes"."""
    if file.suffix != ".safetensors":
        return file_hash(file)
    with file.open("rb") as opened:
        start = opened.read(8)
    # A file too short for a header is hashed whole.
    length = struct.unpack("<Q", start)[0] if len(start) == 8 else -8
    if 8 + length > file.stat().st_size:
        length = -8
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
