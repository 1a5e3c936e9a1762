"""Decoding by the model's own forward pass: works on any device."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import torch

from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.decoder import CACHE_GROWTH
from lib_adcopy.chatglm.kernels.dot import DotMultiply
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.x86.thread_pool import single_torch_thread

# A CPU reads the columns that are not filled yet too, so there are fewer of them.
_CPU_CACHE_GROWTH = 64
# Up to so many tokens, what torch does between our own products is too small to share among its threads.
_SMALL_BATCH_TOKENS = 256
# Up to so many weights a step is over in a few milliseconds: a second thread gains little on an idle machine, and makes
# it several times slower on a busy one, where each operation waits for the thread whose core another program has.
_SMALL_MODEL_WEIGHTS = 32 * 1024**2


def thread_policy(model: ChatGLM, tokens: int) -> contextlib.AbstractContextManager[None]:
    """Return the context to compute `tokens` tokens in: it limits torch to one thread where more do not help."""
    few = tokens <= _SMALL_BATCH_TOKENS and model.device.type == "cpu"
    return single_torch_thread() if few and (_has_own_products(model) or _is_small(model)) else contextlib.nullcontext()


def _has_own_products(model: ChatGLM) -> bool:
    first: Any = model.transformer.layers[0]
    return isinstance(getattr(first.attention.dense, "multiply", None), DotMultiply)


def _is_small(model: ChatGLM) -> bool:
    config = model.config
    layers = config.num_layers * config.hidden_size * (4 * config.hidden_size + 2 * config.inner_hidden_size)
    return layers + config.vocab_size * config.hidden_size <= _SMALL_MODEL_WEIGHTS


class PlainDecoder:
    """Works on any device."""

    def __init__(
        self, model: ChatGLM, cache: Cache, rows: Sequence[int], position_ids: torch.Tensor, limit: int
    ) -> None:
        self._model, self._position_ids, self._limit = model, position_ids, limit
        on_cpu = position_ids.device.type == "cpu"
        self._growth = _CPU_CACHE_GROWTH if on_cpu else CACHE_GROWTH
        self._cache = cache.repeat_rows(rows, min(limit, cache.filled + self._growth), static=on_cpu)
        # The position stays that of the mask token, the block position counts on.
        self._increment = torch.tensor([[0], [1]], device=position_ids.device)

    @torch.no_grad()
    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        cache = self._cache
        if cache.filled == cache.length:
            length = min(self._limit, cache.length + self._growth)
            self._cache = cache = cache.repeat_rows(range(cache.batch), length)
        ids = torch.tensor(tokens, device=self._position_ids.device).unsqueeze(1)
        self._position_ids = self._position_ids + self._increment
        with thread_policy(self._model, len(tokens)):
            return self._model(ids, cache.attention_mask(), self._position_ids, cache=cache, last_only=True)[:, -1]

    def select(self, rows: Sequence[int]) -> None:
        self._cache = self._cache.repeat_rows(rows, self._cache.length)
        self._position_ids = self._position_ids[list(rows)]
