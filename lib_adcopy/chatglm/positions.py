"""Masks and 2D positions of a prompt: bidirectional up to <sop>, causal from there on.

Two builders, because the reference has two that differ: its tokenizer prefers [MASK] and hides left padding, its model
prefers [gMASK] and does not. `build` follows the model where nothing is padded and hides the padding where it is.
"""

from __future__ import annotations

from typing import NamedTuple

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig


class Layout(NamedTuple):
    """`blocked` bool (batch, 1, time, time), True where a row may not look; `positions` int64 (batch, 2, time)."""

    blocked: torch.Tensor
    positions: torch.Tensor


def build(ids: torch.Tensor, config: ChatGLMConfig, *, hide_padding: bool = True, prefer_gmask: bool = True) -> Layout:
    """The layout of `ids` (batch, time), each row ending in [gMASK] or [MASK], <sop> and what was answered so far."""
    batch, time = ids.shape
    blocked = torch.ones(batch, 1, time, time, dtype=torch.bool, device=ids.device)
    positions = torch.zeros(batch, 2, time, dtype=torch.long, device=ids.device)
    for row, tokens in enumerate(ids.tolist()):
        start = _padding(tokens, config.pad_token_id) if hide_padding else 0
        length, context, mask = time - start, *_marks(tokens[start:], config, prefer_gmask)
        seen = torch.ones(length, length, dtype=torch.bool, device=ids.device).tril_()
        seen[:, :context] = True
        blocked[row, 0, start:, start:] = ~seen
        first = torch.arange(length, device=ids.device)
        first[context:] = mask
        positions[row, 0, start:] = first
        positions[row, 1, start + context :] = torch.arange(1, length - context + 1, device=ids.device)
    return Layout(blocked, positions)


def _padding(tokens: list[int], pad: int) -> int:
    return next((at for at, token in enumerate(tokens) if token != pad), 0)


def _marks(tokens: list[int], config: ChatGLMConfig, prefer_gmask: bool) -> tuple[int, int]:
    """Index of <sop> and of the mask token whose position the answer keeps."""
    wanted = (config.gmask_token_id, config.mask_token_id)
    ordered = wanted if prefer_gmask else wanted[::-1]
    mask = next((token for token in ordered if token in tokens), None)
    context = tokens.index(config.bos_token_id) if config.bos_token_id in tokens else len(tokens)
    return context, tokens.index(mask) if mask is not None else max(context - 1, 0)
