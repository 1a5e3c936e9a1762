"""Attention mask and 2D position ids of a prompt: bidirectional up to <sop>, causal from there on.

The reference has two builders that differ: its tokenizer prefers [MASK] and masks left padding, its model prefers
[gMASK] and does not mask. `build_inputs` follows the model where nothing is padded and masks the padding where it is.
"""

from __future__ import annotations

from typing import NamedTuple

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig


class PromptInputs(NamedTuple):
    """`attention_mask` bool (batch, 1, time, time), True where attention is allowed; `position_ids` int64 (batch, 2,
    time)."""

    attention_mask: torch.Tensor
    position_ids: torch.Tensor


def build_inputs(
    ids: torch.Tensor, config: ChatGLMConfig, *, mask_padding: bool = True, prefer_gmask: bool = True
) -> PromptInputs:
    """Build the inputs of `ids` (batch, time), each row ending in [gMASK] or [MASK], <sop> and the answer so far."""
    batch, time = ids.shape
    attention_mask = torch.zeros(batch, 1, time, time, dtype=torch.bool, device=ids.device)
    position_ids = torch.zeros(batch, 2, time, dtype=torch.long, device=ids.device)
    for row, tokens in enumerate(ids.tolist()):
        start = _padding(tokens, config.pad_token_id) if mask_padding else 0
        length, context, mask = time - start, *_marks(tokens[start:], config, prefer_gmask)
        own = attention_mask[row, 0, start:, start:]
        own.fill_(True).tril_()
        own[:, :context] = True
        first = torch.arange(length, device=ids.device)
        first[context:] = mask
        position_ids[row, 0, start:] = first
        position_ids[row, 1, start + context :] = torch.arange(1, length - context + 1, device=ids.device)
    return PromptInputs(attention_mask, position_ids)


def _padding(tokens: list[int], pad: int) -> int:
    """Count the padding tokens on the left."""
    return next((at for at, token in enumerate(tokens) if token != pad), 0)


def _marks(tokens: list[int], config: ChatGLMConfig, prefer_gmask: bool) -> tuple[int, int]:
    """Return the index of <sop> and that of the mask token, whose position every token of the answer has."""
    wanted = (config.gmask_token_id, config.mask_token_id)
    ordered = wanted if prefer_gmask else wanted[::-1]
    mask = next((token for token in ordered if token in tokens), None)
    context = tokens.index(config.bos_token_id) if config.bos_token_id in tokens else len(tokens)
    return context, tokens.index(mask) if mask is not None else max(context - 1, 0)
