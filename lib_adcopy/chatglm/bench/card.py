"""Measures decoding on an NVIDIA GPU: int4, int8 and fp16 against its memory bandwidth and the official method.

The official method dequantises each weight and then multiplies. Both are measured in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.decoder import Decoder
from lib_adcopy.chatglm.generate import generate
from lib_adcopy.chatglm.kernels.multiply import Multiply
from lib_adcopy.chatglm.layers import QuantisedLinear
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.open_decoder import open_decoder
from lib_adcopy.chatglm.plain_decoder import PlainDecoder
from lib_adcopy.chatglm.positions import build_inputs
from lib_adcopy.chatglm.sampling import Sampler

_KINDS = {"int4": 4, "int8": 8, "fp16": 0}
_DEVICE = torch.device("cuda")
# Steps before timing starts: kernels are loaded, clocks rise.
_WARM_UP_STEPS = 8


def measure(config: ChatGLMConfig, *, total: int = 512, prompt: int = 128) -> dict[str, Any]:
    """Return, by kind of weight, tokens a second up to `total` tokens, share of the bandwidth and peak memory.

    The weights are noise. `decode_*` is the model's step alone, `tokens_per_s` includes prefill and sampling. A kind
    that does not fit the GPU is {"error": ...}.
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
    steps = total - prompt - _WARM_UP_STEPS
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
    """Time the steps from the prompt to `total` tokens without the first few; which tokens they are does not matter."""
    cache, position = _read(model, ids)
    decoder = opened(model, cache, [0], position, total)
    steps = total - ids.size(1)
    for _ in range(_WARM_UP_STEPS):
        decoder.step([11])
    return _seconds(lambda: [decoder.step([11 + at]) for at in range(steps - _WARM_UP_STEPS)])[1]


@torch.no_grad()
def _read(model: ChatGLM, ids: torch.Tensor) -> tuple[Cache, torch.Tensor]:
    inputs = build_inputs(ids, model.config)
    cache = Cache.empty(model.config, 1, ids.size(1), model.device, model.dtype)
    model(ids, inputs.attention_mask, inputs.position_ids, cache=cache, last_only=True)
    return cache, inputs.position_ids[:, :, -1:]


class _Official(Multiply):
    """Dequantises the weight for every product, by the same kernel that our prefill uses."""

    def __init__(self, prepared: Multiply) -> None:
        super().__init__()
        self.prepared = prepared

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        return F.linear(states, self.prepared.dequantised(states.dtype), bias)


def _make_official(model: ChatGLM) -> None:
    """Switch all layers to the official method; a layer without a kernel uses it already."""
    for module in model.modules():
        if isinstance(module, QuantisedLinear) and module.multiply is not None:
            module.multiply = _Official(module.multiply)


def _noise(config: ChatGLMConfig, bits: int) -> ChatGLM:
    """Make a model of random weights on the GPU; the head is the embedding, as published."""
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
    """Return the bytes that every step reads: all weights once, the tied embedding being the head."""
    tensors = {tensor.data_ptr(): tensor.nbytes for tensor in (*model.parameters(), *model.buffers())}
    return sum(tensors.values()) - sum(table.nbytes for table in model.rotary.buffers())


def _bandwidth() -> float:
    """Measure bytes a second of a sum over 1 GiB, the best of ten: reading only, as decoding does."""
    memory = torch.ones(2**28, dtype=torch.float32, device=_DEVICE)
    memory.sum()
    return memory.nbytes / min(_seconds(memory.sum)[1] for _ in range(10))


def _seconds(work: Callable[[], Any]) -> tuple[Any, float]:
    torch.cuda.synchronize()
    started = time.perf_counter()
    done = work()
    torch.cuda.synchronize()
    return done, time.perf_counter() - started
