"""Writes random checkpoints of a given size in the official layout, shard by shard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.kernels import weight_layout
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.save import save_aligned

# The size of a starter, and the published model's.
SIZES = {
    "tiny": ChatGLMConfig(
        vocab_size=8192, hidden_size=512, inner_hidden_size=2048, num_layers=12, num_attention_heads=8,
        max_sequence_length=512, bos_token_id=8004, eos_token_id=8005, mask_token_id=8000, gmask_token_id=8001,
    ),
    "6b": ChatGLMConfig(),
}  # fmt: skip
_SHARD_BYTES = 2**30
_NOISE = 2**22
_HEAD = "lm_head.weight"


def write_checkpoint(folder: Path, config: ChatGLMConfig, *, bits: int, packed: bool = False) -> Path:
    """Write a checkpoint of `bits` 4 or 8, or 0 for fp16; `packed` as a conversion to int4 without a GPU leaves it.

    The weights are noise of a trained model's magnitude (deviation 0.02).
    """
    folder.mkdir(parents=True)
    stored = {"model_type": "chatglm", **asdict(replace(config, quantization_bit=bits))}
    (folder / "config.json").write_text(json.dumps(stored), encoding="utf-8")
    shards: list[list[str]] = []
    for shard in _shards(config, bits, 8 if packed else 0):
        if packed:
            blocks = {name for name, weight in shard.items() if weight.dtype == torch.int8 and name != _HEAD}
            shard = {name: weight_layout.to_native(each) if name in blocks else each for name, each in shard.items()}
        save_aligned(shard, folder / f"model-{len(shards):05}.safetensors")
        shards.append(list(shard))
    names = {name: f"model-{at:05}.safetensors" for at, shard in enumerate(shards) for name in shard}
    index = json.dumps({"weight_map": names})
    (folder / "model.safetensors.index.json").write_text(index, encoding="utf-8")
    return folder


def _shards(config: ChatGLMConfig, bits: int, head_bits: int) -> Iterator[dict[str, torch.Tensor]]:
    with torch.device("meta"):
        model = ChatGLM(config, bits=bits, head_bits=head_bits)
    shard: dict[str, torch.Tensor] = {}
    for name, wanted in model.state_dict().items():
        if name == _HEAD and not head_bits:
            continue
        shard[name] = _noise(name, wanted)
        if sum(weight.numel() * weight.element_size() for weight in shard.values()) > _SHARD_BYTES:
            yield shard
            shard = {}
    yield shard


def _noise(name: str, wanted: torch.Tensor) -> torch.Tensor:
    """Repeat one piece of noise: drawing six billion numbers would take longer than measuring."""
    generator = torch.Generator().manual_seed(len(name))
    count = wanted.numel()
    if name.endswith("layernorm.weight"):
        return torch.ones(wanted.shape, dtype=torch.half)
    if name.endswith("weight_scale"):
        return torch.full(wanted.shape, 0.01, dtype=torch.half)
    if wanted.dtype == torch.int8:
        piece = torch.randint(-128, 128, (min(count, _NOISE),), dtype=torch.int8, generator=generator)
    else:
        piece = (torch.randn(min(count, _NOISE), generator=generator) * 0.02).half()
    return piece.repeat(-(-count // len(piece)))[:count].view(wanted.shape).contiguous()
