"""Tokens a second: steps of several rows, the official method, reading a prompt, drawing a token; and their memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

from benchmarks.card.noise import make_official, noise, step_bytes
from benchmarks.card.port import Card
from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.decoder import Decoder
from lib_adcopy.chatglm.generate import generate
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.open_decoder import open_decoder
from lib_adcopy.chatglm.plain_decoder import PlainDecoder
from lib_adcopy.chatglm.positions import build_inputs
from lib_adcopy.chatglm.sampling import BatchSampler, Sampler

ROWS = (1, 2, 4, 8)
# Kernels are loaded and clocks rise before timing starts.
_WARM_UP_STEPS = 4
_DRAWS = 20


def decoding(port: Card, bits: int) -> Iterator[dict[str, Any]]:
    """Measure a model of so many bits, 0 for fp16; the official method last, as it changes the model."""
    port.reset_peak()
    bandwidth, model = port.bytes_per_s(), noise(port, bits)
    for rows in ROWS:
        speed = port.steps / _seconds_of_steps(port, model, rows, port.steps, open_decoder)
        share = speed * step_bytes(model) / bandwidth
        yield {f"rows_{rows}": {"tokens_per_s": rows * speed, "steps_per_s": speed, "share_of_bandwidth": share}}
    for length in port.prompts:
        ids = _prompt(port, model, length)
        seconds = min(port.seconds(lambda ids=ids: _read(model, ids))[1] for _ in range(2))  # type: ignore[misc]
        yield {f"prefill_{length}_tokens_per_s": length / seconds}
    for total, prompt in zip(port.totals, (port.prompts[0], port.prompts[-1]), strict=True):
        yield {f"to_{total}": _whole(port, model, prompt, total)}
    if bits:
        make_official(model)
        seconds = _seconds_of_steps(port, model, 1, port.official_steps, PlainDecoder)
        yield {"official_tokens_per_s": port.official_steps / seconds}


def sampling(port: Card) -> Iterator[dict[str, Any]]:
    """Measure the drawing of a token for each of several rows, with what is copied to the host for it."""
    for rows in ROWS:
        logits = torch.randn(rows, port.config.vocab_size, device=port.device).to(port.dtype)
        batch = BatchSampler([Sampler(seed) for seed in range(rows)], [[]] * rows)
        batch.draw(logits, range(rows))
        seconds = min(
            port.seconds(lambda batch=batch, logits=logits: batch.draw(logits, range(len(logits))))[1]  # type: ignore[misc]
            for _ in range(_DRAWS)
        )
        yield {f"rows_{rows}_ms": seconds * 1e3}


def _whole(port: Card, model: ChatGLM, prompt: int, total: int) -> dict[str, float]:
    """Measure a text up to `total` tokens, prompt and drawing included, and the most memory it takes."""
    port.reset_peak()
    ids = _prompt(port, model, prompt)
    text = generate(model, ids, [Sampler(0)], max_length=total, min_length=total)
    count, seconds = port.seconds(lambda: sum(1 for _ in text))
    return {"tokens_per_s": count / seconds, "peak_gb": port.peak_bytes() / 1e9}


@torch.no_grad()
def _seconds_of_steps(port: Card, model: ChatGLM, rows: int, steps: int, opened: Callable[..., Decoder]) -> float:
    """Time steps after a short prompt, after the first few; which tokens they are does not matter."""
    ids = _prompt(port, model, port.prompts[0])
    cache, position = _read(model, ids)
    limit = ids.size(1) + _WARM_UP_STEPS + steps
    decoder = opened(model, cache, [0] * rows, position.expand(rows, -1, -1), limit)
    for _ in range(_WARM_UP_STEPS):
        decoder.step([11] * rows)
    return port.seconds(lambda: [decoder.step([11 + at] * rows) for at in range(steps)])[1]


@torch.no_grad()
def _read(model: ChatGLM, ids: torch.Tensor) -> tuple[Cache, torch.Tensor]:
    inputs = build_inputs(ids, model.config)
    cache = Cache.empty(model.config, 1, ids.size(1), model.device, model.dtype)
    model(ids, inputs.attention_mask, inputs.position_ids, cache=cache, last_only=True)
    return cache, inputs.position_ids[:, :, -1:]


def _prompt(port: Card, model: ChatGLM, length: int) -> torch.Tensor:
    config = model.config
    ids = torch.randint(10, config.vocab_size // 2, (1, length - 2), device=port.device)
    marks = torch.tensor([[config.gmask_token_id, config.bos_token_id]], device=port.device)
    return torch.cat([ids, marks], dim=1)
