"""One token for every answer, over a cache of fixed place: the step that is run hundreds of times a text."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, Protocol

import torch

from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.kernels.dot import DotMultiply
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.x86 import torch_alone

# A cache grows by so many columns at once; on a processor, which reads those that are not filled too, by fewer.
GROWTH, _GROWTH_ON_CPU = 256, 64
# Up to so many tokens what torch does between our own products is too small to share among its threads.
_FEW = 256


class Decoder(Protocol):
    """Holds the answers' cache and where they stand."""

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """The scores (answers, vocab) after each answer's newest token. No gradient is kept."""
        ...

    def keep(self, rows: Sequence[int]) -> None:
        """Goes on with these of the answers, when others have ended."""
        ...


def threads_for(model: ChatGLM, tokens: int) -> contextlib.AbstractContextManager[None]:
    """Whose threads a reading of so many tokens runs on, on a processor: our products', or torch's as always."""
    first: Any = model.transformer.layers[0]
    own = isinstance(getattr(first.attention.dense, "multiply", None), DotMultiply)
    return torch_alone() if own and tokens <= _FEW else contextlib.nullcontext()


def open_decoder(model: ChatGLM, cache: Cache, rows: Sequence[int], position: torch.Tensor, limit: int) -> Decoder:
    """A decoder of one answer for each of `rows`, rows of the prefill's `cache`.

    `position` (answers, 2, 1) is that of the last token read; `limit` columns are the most there will ever be.
    """
    if model.device.type == "cuda":
        from lib_adcopy.chatglm.cuda import decoder

        found: Decoder | None = decoder(model, cache, rows, position, limit)
        if found is not None:
            return found
    return PlainDecoder(model, cache, rows, position, limit)


class PlainDecoder:
    """Works on any device."""

    def __init__(
        self, model: ChatGLM, cache: Cache, rows: Sequence[int], position: torch.Tensor, limit: int
    ) -> None:
        self._model, self._position, self._limit = model, position, limit
        on_cpu = position.device.type == "cpu"
        self._growth = _GROWTH_ON_CPU if on_cpu else GROWTH
        self._cache = cache.spread(rows, min(limit, cache.filled + self._growth), whole=on_cpu)
        self._onward = torch.tensor([[0], [1]], device=position.device)

    @torch.no_grad()
    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        cache = self._cache
        if cache.filled == cache.length:
            self._cache = cache = cache.spread(range(cache.batch), min(self._limit, cache.length + self._growth))
        ids = torch.tensor(tokens, device=self._position.device).unsqueeze(1)
        self._position = self._position + self._onward
        with threads_for(self._model, len(tokens)):
            return self._model(ids, cache.blocked(), self._position, cache=cache, last_only=True)[:, -1]

    def keep(self, rows: Sequence[int]) -> None:
        self._cache = self._cache.spread(rows, self._cache.length)
        self._position = self._position[list(rows)]
