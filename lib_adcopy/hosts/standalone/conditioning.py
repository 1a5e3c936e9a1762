"""Encodes a prompt of any length, with (emphasis:1.2) and embeddings, for the UNet.

As the webui does: chunks of 75 tokens, each with a start and an end token, are encoded separately and concatenated;
emphasised tokens are scaled and the chunk's mean is restored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.formats import UnsafeFileError
from lib_adcopy.chatglm.torch_file import load_torch_file
from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.tokens import CHUNK

_EMPHASIS = re.compile(r"\(([^()]+):(\d+(?:\.\d+)?)\)")
Weighted = tuple[int, float]


class Embeddings:
    """Textual inversions as additional tokens, added to tokenizer and text encoder when first used."""

    def __init__(self, tokenizer: Any, encoder: Any) -> None:
        self._tokenizer = tokenizer
        self._encoder = encoder
        self._words: dict[str, str] = {}

    def use(self, files: Mapping[str, Path], text: str) -> tuple[str, tuple[str, ...]]:
        """Return `text` with each installed embedding's name replaced by its tokens, and the names used."""
        used = []
        for name, file in files.items():
            pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
            if pattern.search(text):
                text = pattern.sub(f" {self._tokens(name, file)} ", text)
                used.append(name)
        return text, tuple(used)

    def _tokens(self, name: str, file: Path) -> str:
        if name not in self._words:
            vectors = load_vectors(file)
            table = self._encoder.get_input_embeddings().weight
            if vectors.shape[1] != table.shape[1]:
                raise AdCopyError("hosts.embedding_width", name=name)
            words = [f"<adcopy-{len(self._words)}-{number}>" for number in range(len(vectors))]
            self._tokenizer.add_tokens(words)
            self._encoder.resize_token_embeddings(len(self._tokenizer), mean_resizing=False)
            added = self._encoder.get_input_embeddings().weight
            ids = self._tokenizer.convert_tokens_to_ids(words)
            added.data[ids] = vectors.to(added.device, added.dtype)
            self._words[name] = " ".join(words)
        return self._words[name]


def load_vectors(file: Path) -> Any:
    """Read a textual inversion (tokens, width): "emb_params" in safetensors, "string_to_param" in .pt."""
    import torch
    from safetensors.torch import load_file

    try:
        if file.suffix == ".safetensors":
            stored = load_file(str(file))
            vectors = stored.get("emb_params", next(iter(stored.values())))
        else:
            stored = load_torch_file(file)
            named = stored.get("string_to_param", stored)
            vectors = next(value for value in named.values() if isinstance(value, torch.Tensor))
        return vectors.detach().float().reshape(-1, vectors.shape[-1])
    except UnsafeFileError as error:
        raise AdCopyError("hosts.unsafe_file", name=file.name) from error
    except MemoryError:
        raise
    except Exception as error:
        # torch's unpickler raises whatever a damaged file makes it stumble over.
        raise AdCopyError("hosts.broken_file", name=file.name) from error


def encode(pair: Sequence[str], tokenizer: Any, encoder: Any, clip_skip: int) -> tuple[Any, Any]:
    """Encode positive and negative text, each (1, chunks * 77, width); the shorter one is padded with empty chunks."""
    chunked = [_chunks(text, tokenizer) for text in pair]
    most = max(map(len, chunked))
    filled = [found + [[]] * (most - len(found)) for found in chunked]
    positive, negative = (_encode_chunks(chunks, tokenizer, encoder, clip_skip) for chunks in filled)
    return positive, negative


def _chunks(text: str, tokenizer: Any) -> list[list[Weighted]]:
    found: list[Weighted] = []
    start = 0
    for match in _EMPHASIS.finditer(text):
        found += [(one, 1.0) for one in _ids(text[start : match.start()], tokenizer)]
        found += [(one, float(match[2])) for one in _ids(match[1], tokenizer)]
        start = match.end()
    found += [(one, 1.0) for one in _ids(text[start:], tokenizer)]
    return [found[at : at + CHUNK] for at in range(0, len(found), CHUNK)] or [[]]


def _ids(text: str, tokenizer: Any) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False, truncation=False, verbose=False).input_ids)


def _encode_chunks(chunks: list[list[Weighted]], tokenizer: Any, encoder: Any, clip_skip: int) -> Any:
    import torch

    start, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    rows = [[start, *(one for one, _ in chunk), end] for chunk in chunks]
    ids = torch.tensor([row + [end] * (CHUNK + 2 - len(row)) for row in rows], device=encoder.device)
    given = encoder(ids, output_hidden_states=clip_skip > 1)
    states = given.last_hidden_state
    if clip_skip > 1:
        states = encoder.text_model.final_layer_norm(given.hidden_states[-clip_skip])
    weights = torch.ones(ids.shape, dtype=states.dtype, device=states.device)
    for row, chunk in enumerate(chunks):
        for place, (_, weight) in enumerate(chunk, 1):
            weights[row, place] = weight
    if bool((weights != 1).any()):
        mean = states.mean(dim=(1, 2), keepdim=True)
        states = states * weights.unsqueeze(-1)
        states = states * (mean / states.mean(dim=(1, 2), keepdim=True))
    return states.reshape(1, -1, states.shape[-1])
