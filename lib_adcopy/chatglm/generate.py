"""Token by token: one prefill of the prompts, then all answers together, each with its own sampler."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.decoder import Decoder
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.model import ChatGLM, GenerationStopped
from lib_adcopy.chatglm.open_decoder import open_decoder
from lib_adcopy.chatglm.plain_decoder import thread_policy
from lib_adcopy.chatglm.positions import build_inputs
from lib_adcopy.chatglm.sampling import BatchSampler, Sampler


def generate(
    model: ChatGLM,
    prompt: torch.Tensor,
    samplers: Sequence[Sampler],
    *,
    max_length: int | None = None,
    min_length: int = 0,
    prefixes: Sequence[str | None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Iterator[dict[int, int]]:
    """Yield {answer's index: its new token} until every answer has ended or the total reaches `max_length`.

    `prompt` is (1, time) for all answers or (answers, time), padded on the left. `prefixes` names each answer's
    P-Tuning prefix, None the base model; without it the active prefix applies to all. An answer's last token is <eop>
    unless it was cut, and none ends before the total is `min_length`. `should_stop()` is asked before every token and,
    while the prompt is read, before every layer; once it is true no more is yielded. No mode is held across yields, so
    the steps may run on different threads. Raises ChatGLMError where the prompt reaches `max_length` already.
    """
    longest = model.config.max_sequence_length
    limit = longest if max_length is None else min(max_length, longest)
    length, end = prompt.size(1), model.config.eos_token_id
    if length >= limit:
        raise ChatGLMError("too_long", length=length, limit=limit)
    names = list(prefixes) if prefixes is not None else [model.active_prefix] * len(samplers)
    try:
        decoder, logits = _prefill(model, prompt, names, limit, should_stop)
    except GenerationStopped:
        return
    shared = len(prompt) == 1
    prompts = [
        _unpadded(prompt[0 if shared else row].tolist(), model.config.pad_token_id) for row in range(len(samplers))
    ]
    batch = BatchSampler(samplers, prompts)
    running = list(range(len(samplers)))
    while True:
        banned = end if length < min_length else None
        step = batch.draw(logits, running, banned)
        length += 1
        yield step
        rows = [row for row, index in enumerate(running) if step[index] != end]
        if length >= limit or not rows or (should_stop is not None and should_stop()):
            return
        if len(rows) < len(running):
            running = [running[row] for row in rows]
            decoder.select(rows)
        logits = decoder.step([step[index] for index in running])


@torch.no_grad()
def _prefill(
    model: ChatGLM,
    prompt: torch.Tensor,
    prefixes: Sequence[str | None],
    limit: int,
    should_stop: Callable[[], bool] | None,
) -> tuple[Decoder, torch.Tensor]:
    """Read every different pair of prompt and prefix once; return a decoder and the answers' first logits."""
    pairs = [(row if len(prompt) > 1 else 0, name) for row, name in enumerate(prefixes)]
    different = list(dict.fromkeys(pairs))
    ids = prompt[[row for row, _ in different]]
    inputs = build_inputs(ids, model.config)
    loaded = [model.prefix(name) for _, name in different]
    columns = max((prefix.length for prefix in loaded if prefix is not None), default=0)
    cache = Cache.empty(model.config, len(different), columns + ids.size(1), model.device, model.dtype)
    cache.put_prefixes(loaded)
    attention_mask = F.pad(inputs.attention_mask, (columns, 0), value=True)
    if cache.column_mask is not None:
        attention_mask[..., :columns] = cache.column_mask[:, None, None, :columns]
    # The last token sees all of its row but the padding.
    cache.mask_columns(inputs.attention_mask[:, 0, -1])
    with thread_policy(model, ids.numel()):
        logits = model(
            ids, attention_mask, inputs.position_ids, cache=cache, last_only=True, should_stop=should_stop
        )[:, -1]
    rows = [different.index(pair) for pair in pairs]
    decoder = open_decoder(model, cache, rows, inputs.position_ids[rows, :, -1:], columns + limit)
    return decoder, logits[rows]


def _unpadded(ids: list[int], pad: int) -> list[int]:
    return ids[next((at for at, token in enumerate(ids) if token != pad), 0) :]
