"""Reports on model folders from names, sizes, file headers and config.json, without reading a weight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.config import ChatGLMConfig, foreign, read_config
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.formats import (
    BadFileError,
    UnsafeFileError,
    check_archive,
    is_archive,
    read_header,
    read_json_object,
)

_LFS = b"version https://git-lfs"
_POINTER_BYTES = 200
# How a pickle of torch before 1.6 begins. It cannot be mapped, and not every torch reads it without running it.
_PICKLE = b"\x80"
# A file beside the index: no way into another folder, on any system.
_FILE_NAME = re.compile(r"[^./\\:\0][^/\\:\0]*")


@dataclass(frozen=True)
class FolderReport:
    """A folder's content and the first problem found in it.

    `kind`: "model", "prefix" or "other". `bits`: 16, 8 or 4 as stored. `size_bytes`: of the weights on disk.
    `token_bytes`: of one token's keys and values in half precision, 0 where unknown. `problem` says why it cannot be
    loaded, None where nothing is missing.
    """

    kind: str
    bits: int = 16
    size_bytes: int = 0
    token_bytes: int = 0
    problem: ChatGLMError | None = None


def check_folder(folder: Path, *, headers: bool = True) -> FolderReport:
    """Report on a folder; never raises. Without `headers` no weight file is opened, only its size read."""
    try:
        stored = read_config(folder)
    except ChatGLMError as error:
        return FolderReport("model" if error.code != "no_config" else "other", problem=error)
    try:
        if _has_prefix(stored) and _prefix_alone(folder, stored):
            return FolderReport("prefix", 32, _size(weight_files(folder)))
        if foreign(stored, folder) is not None and stored.get("model_type") != "chatglm":
            return FolderReport("other", problem=foreign(stored, folder))
        config = ChatGLMConfig.from_stored(stored, folder)
        files = weight_files(folder)
        problem = next(filter(None, map(_damage if headers else _stub, files)), None)
        if problem is None and not (folder / "ice_text.model").is_file():
            problem = ChatGLMError("no_tokenizer", folder=folder.name)
        return FolderReport("model", config.quantization_bit or 16, _size(files), _token_bytes(config), problem)
    except ChatGLMError as error:
        return FolderReport("model", problem=error)
    except OSError as error:
        return FolderReport("model", problem=_unreadable(folder, error))


def _has_prefix(stored: dict[str, Any]) -> bool:
    length = stored.get("pre_seq_len")
    return type(length) is int and length > 0


def _prefix_alone(folder: Path, stored: dict[str, Any]) -> bool:
    """Return whether a tuned folder holds its prefix and no model.

    The published scripts save the tokenizer beside both, so where it is, the weights' size tells: that of a whole model
    is more, even at 4 bits a weight.
    """
    if not (folder / "ice_text.model").is_file():
        return True
    sizes = [stored.get(name) for name in ("hidden_size", "num_layers", "inner_hidden_size", "vocab_size")]
    hidden, layers, inner, pieces = (size if type(size) is int else 0 for size in sizes)
    least = layers * (4 * hidden * hidden + 2 * hidden * inner) // 2 + 2 * pieces * hidden
    return _size(weight_files(folder)) < least


def _token_bytes(config: ChatGLMConfig) -> int:
    """Return the bytes of one token's keys and values: two numbers of two bytes for each layer and column."""
    return config.num_layers * 2 * config.hidden_size * 2


def weight_files(folder: Path) -> list[Path]:
    """Return the files the weights are in, in the index's order. Raises ChatGLMError for one that is missing."""
    for stem in ("model.safetensors", "pytorch_model.bin"):
        index = folder / f"{stem}.index.json"
        if index.is_file():
            return [_existing(folder, name) for name in _shards(index)]
        if (folder / stem).is_file():
            return [folder / stem]
    raise ChatGLMError("no_weights", folder=folder.name)


def _shards(index: Path) -> list[str]:
    """Return the names of the files an index lists. Raises ChatGLMError for one that lists none, or other folders'."""
    try:
        stored = read_json_object(index).get("weight_map")
    except OSError as error:
        raise _unreadable(index, error) from error
    except BadFileError as error:
        raise ChatGLMError("truncated", file=index.name) from error
    names = list(stored.values()) if isinstance(stored, dict) else []
    if not names or not all(isinstance(name, str) and _FILE_NAME.fullmatch(name) for name in names):
        raise ChatGLMError("truncated", file=index.name)
    return sorted(set(names))


def _existing(folder: Path, name: str) -> Path:
    if not (folder / name).is_file():
        raise ChatGLMError("missing_shard", folder=folder.name, file=name)
    return folder / name


def _size(files: list[Path]) -> int:
    return sum(file.stat().st_size for file in files)


def _stub(file: Path) -> ChatGLMError | None:
    """Return the error for a weight file too small to be one: it is a pointer to it."""
    return ChatGLMError("lfs_pointer", file=file.name) if file.stat().st_size < _POINTER_BYTES else None


def _damage(file: Path) -> ChatGLMError | None:
    """Return what a weight file's headers show to be wrong with it."""
    try:
        with file.open("rb") as opened:
            if opened.read(len(_LFS)) == _LFS:
                return ChatGLMError("lfs_pointer", file=file.name)
        if file.suffix == ".safetensors":
            read_header(file)
        else:
            check_archive(file)
    except UnsafeFileError as error:
        return unsafe_file(file, error)
    except OSError as error:
        return _unreadable(file, error)
    except BadFileError:
        return ChatGLMError("truncated", file=file.name)
    return None


def unsafe_file(file: Path, error: UnsafeFileError) -> ChatGLMError:
    """Return the error for a weight file that torch must not open. Raises OSError."""
    with file.open("rb") as opened:
        pickled = opened.read(1) == _PICKLE
    if pickled or is_archive(file):
        return ChatGLMError("old_format" if pickled else "unsafe_file", file=file.name, reason=error)
    return ChatGLMError("truncated", file=file.name)


def _unreadable(file: Path, error: OSError) -> ChatGLMError:
    return ChatGLMError("unreadable", file=file.name, reason=error.strerror or error)
