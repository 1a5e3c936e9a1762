"""Decoding on an NVIDIA card: int4, int8 and fp16 against the card's own bandwidth and, in the same run, against the
official method, which dequantises each weight and then multiplies."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm import positions
from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.decode import Decoder, PlainDecoder, open_decoder
from lib_adcopy.chatglm.generate import Sampler, generate
from lib_adcopy.chatglm.kernels import Multiply
from lib_adcopy.chatglm.layers import QuantisedLinear
from lib_adcopy.chatglm.model import ChatGLM

_KINDS = {"int4": 4, "int8": 8, "fp16": 0}
_DEVICE = torch.device("cuda")
# Steps before the clock runs: kernels load, clocks rise.
_WARM = 8


def measure(config: ChatGLMConfig, *, total: int = 512, prompt: int = 128) -> dict[str, Any]:
    """By kind of weight: tokens a second up to `total` tokens, share of the bandwidth, most memory held.

    The weights are noise. `decode_*` is the model's step alone, `tokens_per_s` the whole way with prefill and sampling.
    A kind that the card has no room for is {"error": ...}.
    """
    bandwidth = _bandwidth()
    found: dict[str, Any] = {
        "card": torch.cuda.get_device_name(), "torch": torch.__version__, "gb_per_s": bandwidth / 1e9
    }  # fmt: skip
    for kind, bits in _KINDS.items():
        torch.cuda.empty_cache()
        try:
            found[kind] = _measure_kind(config, bits, prompt, total, bandwidth)
        except torch.cuda.OutOfMemoryError as error:
            found[kind] = {"error": str(error).splitlines()[0]}
    return found


def _measure_kind(config: ChatGLMConfig, bits: int, prompt: int, total: int, bandwidth: float) -> dict[str, Any]:
    torch.cuda.reset_peak_memory_stats()
    model = _noise(config, bits)
    ids = torch.randint(10, config.vocab_size // 2, (1, prompt - 2), device=_DEVICE)
    ids = torch.cat([ids, torch.tensor([[config.gmask_token_id, config.bos_token_id]], device=_DEVICE)], dim=1)
    whole = _seconds(lambda: sum(1 for _ in generate(model, ids, [Sampler(seed=0)], max_length=total)))
    memory = torch.cuda.max_memory_allocated()
    steps = total - prompt - _WARM
    ours = steps / _seconds_of_steps(model, ids, open_decoder, total)
    found = {
        "decode_tokens_per_s": ours,
        "decode_share_of_bandwidth": ours * _bytes_a_step(model) / bandwidth,
        "tokens_per_s": whole[0] / whole[1],
        "peak_gb": memory / 1e9,
        "prefill_tokens_per_s": prompt / min(_seconds(lambda: _read(model, ids))[1] for _ in range(3)),
    }
    if bits:
        _make_official(model)
        official = steps / _seconds_of_steps(model, ids, PlainDecoder, total)
        found |= {"official_tokens_per_s": official, "times_official": ours / official}
    return found


@torch.no_grad()
def _seconds_of_steps(model: ChatGLM, ids: torch.Tensor, opened: Callable[..., Decoder], total: int) -> float:
    """From the prompt to `total` tokens, the first few left out; which token is next does not matter to the clock."""
    cache, position = _read(model, ids)
    decoder = opened(model, cache, [0], position, total)
    steps = total - ids.size(1)
    for _ in range(_WARM):
        decoder.step([11])
    return _seconds(lambda: [decoder.step([11 + at]) for at in range(steps - _WARM)])[1]


@torch.no_grad()
def _read(model: ChatGLM, ids: torch.Tensor) -> tuple[Cache, torch.Tensor]:
    layout = positions.build(ids, model.config)
    cache = Cache.empty(model.config, 1, ids.size(1), model.device, model.dtype)
    model(ids, layout.blocked, layout.positions, cache=cache, last_only=True)
    return cache, layout.positions[:, :, -1:]


class _Official(Multiply):
    """Every product by a weight that is dequantised for it, by the same kernel that our prefill uses."""

    def __init__(self, prepared: Multiply) -> None:
        super().__init__()
        self.prepared = prepared

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        return F.linear(states, self.prepared.dequantised(states.dtype), bias)


def _make_official(model: ChatGLM) -> None:
    """A layer that has no kernels works by the official method already."""
    for module in model.modules():
        if isinstance(module, QuantisedLinear) and module.multiply is not None:
            module.multiply = _Official(module.multiply)


def _noise(config: ChatGLMConfig, bits: int) -> ChatGLM:
    """A model of random weights, made on the card; the head is the embedding, as published."""
    with torch.device("meta"):
        model = ChatGLM(config, bits=bits, dtype=torch.half)
    for name, parameter in list(model.named_parameters()):
        owner, _, leaf = name.rpartition(".")
        if name != "transformer.word_embeddings.weight":
            values = torch.nn.Parameter(_values(name, parameter.shape), requires_grad=False)
            setattr(model.get_submodule(owner), leaf, values)
    model.transformer.word_embeddings.weight = model.lm_head.weight
    for module in model.modules():
        if isinstance(module, QuantisedLinear):
            module.weight = torch.randint(-128, 128, module.weight.shape, dtype=torch.int8, device=_DEVICE)
            module.weight_scale = torch.full(module.weight_scale.shape, 0.02 / 2**bits * 8, device=_DEVICE).half()
            module.prepare(torch.half)
    model.rotary.to(_DEVICE)
    return model.eval()


def _values(name: str, shape: torch.Size) -> torch.Tensor:
    made = torch.empty(shape, dtype=torch.half, device=_DEVICE)
    return made.fill_(1) if name.endswith("layernorm.weight") else made.normal_(std=0.02)


def _bytes_a_step(model: ChatGLM) -> int:
    """What every step reads: all but the embedding, of which it reads a row, but which is the head."""
    tensors = {tensor.data_ptr(): tensor.nbytes for tensor in (*model.parameters(), *model.buffers())}
    return sum(tensors.values()) - sum(table.nbytes for table in model.rotary.buffers())


def _bandwidth() -> float:
    """Bytes a second of a sum over 1 GiB, the best of ten: reading only, as decoding does."""
    memory = torch.ones(2**28, dtype=torch.float32, device=_DEVICE)
    memory.sum()
    return memory.nbytes / min(_seconds(memory.sum)[1] for _ in range(10))


def _seconds(work: Callable[[], Any]) -> tuple[Any, float]:
    torch.cuda.synchronize()
    started = time.perf_counter()
    done = work()
    torch.cuda.synchronize()
    return done, time.perf_counter() - started
