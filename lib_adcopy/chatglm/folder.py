"""What a folder holds and what is wrong with it, without reading a weight: names, sizes, file headers, config.json."""

from __future__ import annotations

import json
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.config import foreign, read_config
from lib_adcopy.chatglm.errors import ChatGLMError

_LFS = b"version https://git-lfs"
_POINTER_BYTES = 200
_LARGEST_HEADER = 100_000_000


@dataclass(frozen=True)
class FolderReport:
    """`kind`: "model", "prefix" or "other". `bits`: 16, 8 or 4 as stored. `size_bytes`: of the weights on disk.
    `token_bytes`: of one token's keys and values in half precision, 0 where unknown.

    `problem` says why it cannot be loaded, None where nothing is missing.
    """

    kind: str
    bits: int = 16
    size_bytes: int = 0
    token_bytes: int = 0
    problem: ChatGLMError | None = None


def check_folder(folder: Path, *, headers: bool = True) -> FolderReport:
    """Never raises: what is wrong stands in the report. Without `headers` no weight file is opened, only its size read.
    """
    try:
        stored = read_config(folder)
        if stored.get("pre_seq_len") and _prefix_alone(folder, stored):
            return FolderReport("prefix", 32, _size(weight_files(folder)))
        problem = foreign(stored, folder)
        if problem:
            return FolderReport("model" if stored.get("model_type") == "chatglm" else "other", problem=problem)
        bits = int(stored.get("quantization_bit") or 16)
        files = weight_files(folder)
        checked = next(filter(None, map(_damage if headers else _stub, files)), None)
        if checked is None and not (folder / "ice_text.model").is_file():
            checked = ChatGLMError("no_tokenizer", folder=folder.name)
        return FolderReport("model", bits, _size(files), _token_bytes(stored), checked)
    except ChatGLMError as error:
        return FolderReport("model" if error.code != "no_config" else "other", problem=error)


def _prefix_alone(folder: Path, stored: dict[str, Any]) -> bool:
    """Whether a tuned folder holds its prefix and no model. The published scripts save the tokenizer beside both, so
    where it is, the weights' size tells: that of a whole model is more, even at 4 bits a weight."""
    if not (folder / "ice_text.model").is_file():
        return True
    try:
        hidden, layers = int(stored["hidden_size"]), int(stored["num_layers"])
        inner, pieces = int(stored["inner_hidden_size"]), int(stored["vocab_size"])
    except (KeyError, TypeError, ValueError):
        return False
    least = layers * (4 * hidden * hidden + 2 * hidden * inner) // 2 + 2 * pieces * hidden
    return _size(weight_files(folder)) < least


def _token_bytes(stored: dict[str, Any]) -> int:
    """Each layer keeps a key and a value as wide as the model, two bytes a number."""
    try:
        return int(stored["num_layers"]) * 2 * int(stored["hidden_size"]) * 2
    except (KeyError, TypeError, ValueError):
        return 0


def weight_files(folder: Path) -> list[Path]:
    """The files the weights are in, in the index's order. Raises ChatGLMError for one that is missing."""
    for stem in ("model.safetensors", "pytorch_model.bin"):
        index = folder / f"{stem}.index.json"
        if index.is_file():
            try:
                names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
            except (OSError, ValueError, KeyError) as error:
                raise ChatGLMError("truncated", file=index.name) from error
            return [_existing(folder, Path(name).name) for name in names]
        if (folder / stem).is_file():
            return [folder / stem]
    raise ChatGLMError("no_weights", folder=folder.name)


def _existing(folder: Path, name: str) -> Path:
    if not (folder / name).is_file():
        raise ChatGLMError("missing_shard", folder=folder.name, file=name)
    return folder / name


def _size(files: list[Path]) -> int:
    return sum(file.stat().st_size for file in files)


def _stub(file: Path) -> ChatGLMError | None:
    """A weight file too small to be one is a pointer to it."""
    return ChatGLMError("lfs_pointer", file=file.name) if file.stat().st_size < _POINTER_BYTES else None


def _damage(file: Path) -> ChatGLMError | None:
    with file.open("rb") as opened:
        head = opened.read(len(_LFS))
        if head == _LFS:
            return ChatGLMError("lfs_pointer", file=file.name)
        whole = _safetensors_whole(file, head) if file.suffix == ".safetensors" else zipfile.is_zipfile(opened)
    return None if whole else ChatGLMError("truncated", file=file.name)


def _safetensors_whole(file: Path, head: bytes) -> bool:
    """Whether the header's last offset is the file's end: format of the safetensors library."""
    if len(head) < 8:
        return False
    length = struct.unpack("<Q", head[:8])[0]
    if length > _LARGEST_HEADER:
        return False
    with file.open("rb") as opened:
        opened.seek(8)
        try:
            header = json.loads(opened.read(length))
            ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        except (ValueError, KeyError, TypeError):
            return False
    return file.stat().st_size == 8 + length + max(ends, default=0)
