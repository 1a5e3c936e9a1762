"""The loss of answers after their briefs, with and without a prefix."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint

from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.positions import build_inputs
from lib_adcopy.chatglm.tokenizer import ChatGLMTokenizer
from lib_adcopy.training.data import Example
from lib_adcopy.training.settings import Settings

_PREFIX_NAME = "being tuned"

# Token ids of query and answer, and where the answer begins.
EncodedPair = tuple[list[int], int]


def encode_pairs(examples: Sequence[Example], tokenizer: ChatGLMTokenizer, settings: Settings) -> list[EncodedPair]:
    """Encode examples, cut as the published script cuts them: to the maximal lengths less the special tokens."""
    pairs = []
    for example in examples:
        query = tokenizer.encode(example.query, special=False)[: settings.max_source - 1]
        answer = tokenizer.encode(example.answer, special=False)[: settings.max_target - 2]
        ids = [*query, tokenizer.gmask_id, tokenizer.bos_id, *answer, tokenizer.eos_id]
        pairs.append((ids, len(query) + 2))
    return pairs


@torch.no_grad()
def held_out_loss(
    model: ChatGLM, tokenizer: ChatGLMTokenizer, examples: Sequence[Example], settings: Settings
) -> float:
    """Return the model's mean nats a token on the answers; texts are cut as for a training."""
    return mean_loss(model, encode_pairs(examples, tokenizer, settings))


def mean_loss(model: ChatGLM, pairs: Sequence[EncodedPair]) -> float:
    """Return the mean nats a token of the pairs' answers."""
    sums = [loss_sum(model, [pair]) for pair in pairs]
    return sum(float(loss) for loss, _ in sums) / sum(count for _, count in sums)


def loss_sum(model: ChatGLM, batch: Sequence[EncodedPair], *, with_bos: bool = False) -> tuple[torch.Tensor, int]:
    """Return the summed nats of the answers' tokens, and their number. Padding is on the right.

    `with_bos` counts the <sop> before an answer too, as the published script's labels do.
    """
    longest = max(len(ids) for ids, _ in batch)
    pad = model.config.pad_token_id
    ids = torch.tensor([ids + [pad] * (longest - len(ids)) for ids, _ in batch], device=model.device)
    attention_mask, position_ids = build_inputs(ids, model.config)
    logits = model(ids, attention_mask, position_ids)
    total, count = torch.zeros((), device=model.device), 0
    for row, (row_ids, start) in enumerate(batch):
        first = start - with_bos
        answer_logits = logits[row, first - 1 : len(row_ids) - 1].float()
        total = total + F.cross_entropy(answer_logits, ids[row, first : len(row_ids)], reduction="sum")
        count += len(row_ids) - first
    return total, count


@contextmanager
def with_prefix(model: ChatGLM, prefix: Any, *, checkpointing: bool = False) -> Iterator[None]:
    """Use `prefix` (None: no prefix) in the block; `checkpointing` recomputes activations in the backward pass."""
    before = model.active_prefix
    model.prefixes[_PREFIX_NAME] = prefix
    model.use_prefix(_PREFIX_NAME)
    blocks = list(model.transformer.layers) if checkpointing else []
    for block in blocks:
        block.forward = functools.partial(checkpoint, block.forward, use_reentrant=False)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for block in blocks:
            del block.forward
        model.use_prefix(before)
        del model.prefixes[_PREFIX_NAME]
