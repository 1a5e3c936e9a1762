"""Token by token: one prefill of the prompt, then all answers together, each with its own sampler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from lib_adcopy.chatglm import positions as layouts
from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.sampling import Sampler

__all__ = ["Sampler", "generate"]


def generate(
    model: ChatGLM, prompt: torch.Tensor, samplers: Sequence[Sampler], *, max_length: int = 2048
) -> Iterator[dict[int, int]]:
    """Yields {answer's index: its new token} until every answer has ended or the total reaches `max_length`.

    `prompt` is (1, time); an answer's last token is <eop> unless it was cut. No mode is held across yields, so the
    steps may run on different threads. Raises ChatGLMError where the prompt leaves no room.
    """
    limit = min(max_length, model.config.max_sequence_length)
    length, prefix = prompt.size(1), model.active_prefix
    if length >= limit:
        raise ChatGLMError("too_long", length=length, limit=limit)
    seen = [prompt[0].tolist() for _ in samplers]
    cache, scores, position = _prefill(model, prompt, len(samplers), limit)
    running = list(range(len(samplers)))
    while running:
        step = {index: _draw(samplers[index], scores[row], seen[index]) for row, index in enumerate(running)}
        for index, token in step.items():
            seen[index].append(token)
        length += 1
        yield step
        ended = [row for row, index in enumerate(running) if step[index] == model.config.eos_token_id]
        if length >= limit:
            return
        if ended:
            rows = [row for row in range(len(running)) if row not in ended]
            running = [running[row] for row in rows]
            if not running:
                return
            cache = cache.rows(rows)
        position = position + torch.tensor([[0], [1]], device=position.device)
        # Another request may have switched the prefix between two steps.
        model.use_prefix(prefix)
        scores = _decode(model, [step[index] for index in running], position, cache)


@torch.no_grad()
def _prefill(
    model: ChatGLM, prompt: torch.Tensor, answers: int, limit: int
) -> tuple[Cache, torch.Tensor, torch.Tensor]:
    config = model.config
    layout = layouts.build(prompt, config)
    cache = Cache(
        config.num_layers, 1, config.num_attention_heads, prompt.size(1), config.head_dim, model.device, model.dtype
    )
    scores = model(prompt, layout.blocked, layout.positions, cache=cache, last_only=True)[:, -1]
    return cache.spread(answers, limit), scores.expand(answers, -1), layout.positions[0, :, -1:]


@torch.no_grad()
def _decode(model: ChatGLM, tokens: Sequence[int], position: torch.Tensor, cache: Cache) -> torch.Tensor:
    ids = torch.tensor(tokens, device=model.device).unsqueeze(1)
    return model(ids, None, position.expand(len(tokens), 2, 1), cache=cache, last_only=True)[:, -1]


def _draw(sampler: Sampler, scores: torch.Tensor, seen: Sequence[int]) -> int:
    return sampler.draw(scores[None], torch.tensor([seen], device=scores.device))
