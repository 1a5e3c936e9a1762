"""CLIP's tokenizer without a download, from the merges in the clip-anytorch or open_clip package.

The vocabulary is OpenAI's byte-pair one: 256 byte characters, the same at a word's end, 48,894 merges, start and end.
"""

from __future__ import annotations

import gzip
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError

_PACKAGES = ("clip", "open_clip")
_MERGES_FILE = "bpe_simple_vocab_16e6.txt.gz"
_SIZE = 49_408
_START, _END = "<|startoftext|>", "<|endoftext|>"


def load_tokenizer(folder: Path) -> Any:
    """Load transformers' CLIPTokenizer; its two files are created in `folder` the first time."""
    from transformers import CLIPTokenizer

    if not (folder / "merges.txt").is_file():
        _make(folder)
    ends = {"bos_token": _START, "eos_token": _END, "unk_token": _END, "pad_token": _END}
    vocabulary, merges = str(folder / "vocab.json"), str(folder / "merges.txt")
    return CLIPTokenizer(vocabulary, merges, model_max_length=77, **ends)


def find_merges() -> Path | None:
    """Return the merges file of an installed package, None where there is none; imports no package."""
    for package in _PACKAGES:
        spec = find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            if (Path(place) / _MERGES_FILE).is_file():
                return Path(place) / _MERGES_FILE
    return None


def _make(folder: Path) -> None:
    """Create vocab.json and merges.txt. Raises AdCopyError where no package has the merges."""
    source = find_merges()
    if source is None:
        raise AdCopyError("hosts.no_clip_merges")
    characters = list(_byte_characters().values())
    lines = gzip.decompress(source.read_bytes()).decode("utf-8").split("\n")
    merges = lines[1 : 1 + _SIZE - 2 * len(characters) - 2]
    tokens = [*characters, *(f"{one}</w>" for one in characters), *("".join(merge.split()) for merge in merges)]
    vocabulary = {token: number for number, token in enumerate([*tokens, _START, _END])}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")


def _byte_characters() -> dict[int, str]:
    """Return GPT-2's map of bytes to printable characters: printable ones stay, the rest are shifted past 255."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    shifted = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(shifted)}
