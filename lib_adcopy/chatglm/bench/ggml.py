"""Writes a random checkpoint in chatglm.cpp's file format, all matrices in Q4_0, to measure that peer with.

Format, as chatglm-cpp 0.4's own converter writes it, little-endian: "ggml", the kind of model (1), the configuration,
the tokenizer's length and bytes, the tensors. A tensor: its name's length and bytes, its number of dimensions, these,
its type (0: fp32, 2: Q4_0), and from the next multiple of 16 its numbers. Q4_0: of every 32 numbers an fp16 scale and
16 bytes of nibbles. The head is the embedding.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.model import ChatGLM

_CHATGLM, _CONFIG_VERSION, _FP32, _Q4_0 = 1, 2, 0, 2
_GROUP, _GROUP_BYTES, _ALIGNED = 32, 18, 16
_ROPE_BASE = 10000.0
# A scale that gives the weights a trained model's magnitude.
_SCALE = 0.005
_NOISE = 2**16


def write_ggml(file: Path, config: ChatGLMConfig, tokenizer: bytes) -> Path:
    """Write the checkpoint. `tokenizer` is a sentencepiece model's bytes, which the peer needs to load."""
    with torch.device("meta"):
        shapes = {name: tuple(like.shape) for name, like in ChatGLM(config).state_dict().items()}
    with file.open("wb") as out:
        out.write(b"ggml" + struct.pack("<i", _CHATGLM) + _header(config))
        out.write(struct.pack("<i", len(tokenizer)) + tokenizer)
        for name, shape in shapes.items():
            if name != "lm_head.weight":
                _write_tensor(out, name, shape)
    return file


def _header(config: ChatGLMConfig) -> bytes:
    heads = config.num_attention_heads
    return struct.pack(
        "<iiiiiiiififiii", _CONFIG_VERSION, _Q4_0, config.vocab_size, config.hidden_size, heads, heads,
        config.num_layers, config.inner_hidden_size, config.layernorm_epsilon, 0, _ROPE_BASE,
        config.max_sequence_length, config.eos_token_id, config.pad_token_id,
    )  # fmt: skip


def _write_tensor(out: BinaryIO, name: str, shape: tuple[int, ...]) -> None:
    kind = _Q4_0 if len(shape) == 2 else _FP32
    out.write(struct.pack("<i", len(name)) + name.encode())
    out.write(struct.pack(f"<{len(shape) + 2}i", len(shape), *shape, kind))
    out.write(b"\0" * (-out.tell() % _ALIGNED))
    if kind == _FP32:
        value = 1.0 if name.endswith("layernorm.weight") else 0.0
        out.write(torch.full(shape, value).numpy().tobytes())
    else:
        out.writelines(_noise(shape[0] * shape[1] // _GROUP))


def _noise(groups: int) -> Iterator[bytes]:
    generator = torch.Generator().manual_seed(groups)
    piece = torch.randint(0, 256, (_NOISE, _GROUP_BYTES), dtype=torch.uint8, generator=generator)
    piece[:, :2] = torch.tensor([_SCALE]).half().view(torch.uint8)
    whole = piece.numpy().tobytes()
    for start in range(0, groups, _NOISE):
        yield whole[: (groups - start) * _GROUP_BYTES]
