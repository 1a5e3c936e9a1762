"""Token by token: one prefill of the prompts, then all answers together, each with its own sampler."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm import positions
from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.decode import Decoder, open_decoder, threads_for
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.model import ChatGLM, Stopped
from lib_adcopy.chatglm.sampling import Sampler

__all__ = ["Sampler", "generate"]


def generate(
    model: ChatGLM,
    prompt: torch.Tensor,
    samplers: Sequence[Sampler],
    *,
    max_length: int = 2048,
    min_length: int = 0,
    prefixes: Sequence[str | None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Iterator[dict[int, int]]:
    """Yields {answer's index: its new token} until every answer has ended or the total reaches `max_length`.

    `prompt` is (1, time) for all answers or (answers, time), padded on the left. `prefixes` names each answer's
    P-Tuning prefix, None the base model; without it the active prefix stands before all. An answer's last token is
    <eop> unless it was cut, and none ends before the total is `min_length`. Once `stopped()` no more is yielded: it is
    asked before every token and, while the prompt is read, before every layer. No mode is held across yields, so the
    steps may run on different threads. Raises ChatGLMError where the prompt leaves no room.
    """
    limit = min(max_length, model.config.max_sequence_length)
    length, end = prompt.size(1), model.config.eos_token_id
    if length >= limit:
        raise ChatGLMError("too_long", length=length, limit=limit)
    chosen = list(prefixes) if prefixes is not None else [model.active_prefix] * len(samplers)
    try:
        decoder, scores = _prefill(model, prompt, chosen, limit, stopped)
    except Stopped:
        return
    shared = len(prompt) == 1
    seen = [_unpadded(prompt[0 if shared else row].tolist(), model.config.pad_token_id) for row in range(len(samplers))]
    running = list(range(len(samplers)))
    while True:
        banned = end if length < min_length else None
        step = {index: _draw(samplers[index], scores[row], seen[index], banned) for row, index in enumerate(running)}
        for index, token in step.items():
            seen[index].append(token)
        length += 1
        yield step
        going = [row for row, index in enumerate(running) if step[index] != end]
        if length >= limit or not going or (stopped is not None and stopped()):
            return
        if len(going) < len(running):
            running = [running[row] for row in going]
            decoder.keep(going)
        scores = decoder.step([step[index] for index in running])


@torch.no_grad()
def _prefill(
    model: ChatGLM,
    prompt: torch.Tensor,
    prefixes: Sequence[str | None],
    limit: int,
    stopped: Callable[[], bool] | None,
) -> tuple[Decoder, torch.Tensor]:
    """What the answers share is read once: a row for every different pair of prompt and prefix."""
    asked = [(row if len(prompt) > 1 else 0, prefix) for row, prefix in enumerate(prefixes)]
    different = list(dict.fromkeys(asked))
    ids = prompt[[row for row, _ in different]]
    layout = positions.build(ids, model.config)
    before = [model.prefix(name) for _, name in different]
    columns = max((prefix.length for prefix in before if prefix is not None), default=0)
    cache = Cache.empty(model.config, len(different), columns + ids.size(1), model.device, model.dtype)
    cache.put_prefixes(before)
    blocked = F.pad(layout.blocked, (columns, 0), value=False)
    if cache.hidden is not None:
        blocked[..., :columns] = cache.hidden[:, None, None, :columns]
    # A row's padding is what its last token may not see.
    cache.hide(layout.blocked[:, 0, -1])
    with threads_for(model, ids.numel()):
        scores = model(ids, blocked, layout.positions, cache=cache, last_only=True, stopped=stopped)[:, -1]
    rows = [different.index(pair) for pair in asked]
    decoder = open_decoder(model, cache, rows, layout.positions[rows, :, -1:], columns + limit)
    return decoder, scores[rows]


def _draw(sampler: Sampler, scores: torch.Tensor, seen: Sequence[int], banned: int | None) -> int:
    return sampler.draw(scores[None], torch.tensor([seen], device=scores.device), banned)


def _unpadded(ids: list[int], pad: int) -> list[int]:
    return ids[next((at for at, token in enumerate(ids) if token != pad), 0) :]
