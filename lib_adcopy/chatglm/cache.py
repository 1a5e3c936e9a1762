"""Keys and values of what was read so far, prefixes first."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.prefix import Prefix


class Cache:
    """`store` (layers, 2, batch, heads, length, head_dim): keys and values, filled from the left.

    `hidden` bool (batch, length): columns a row never looks at, such as another row's prefix; None where every row
    sees all. A `whole` cache gives all its columns, those that are not filled as zeros and blocked: a processor's
    product of matrices copies what lies scattered among others.
    """

    def __init__(
        self, store: torch.Tensor, filled: int = 0, hidden: torch.Tensor | None = None, *, whole: bool = False
    ) -> None:
        self.store, self.filled, self.hidden, self.whole = store, filled, hidden, whole

    @classmethod
    def empty(cls, config: ChatGLMConfig, batch: int, length: int, device: torch.device, dtype: torch.dtype) -> Cache:
        size = (config.num_layers, 2, batch, config.num_attention_heads, length, config.head_dim)
        return cls(torch.empty(size, device=device, dtype=dtype))

    @property
    def batch(self) -> int:
        return self.store.size(2)

    @property
    def length(self) -> int:
        return self.store.size(4)

    def extend(self, layer: int, key: torch.Tensor, value: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Keeps the new (batch, heads, time, head_dim) and gives all of the layer so far, or the `whole` of it."""
        end = self.filled + key.size(2)
        keys, values = self.store[layer]
        keys[:, :, self.filled : end] = key
        values[:, :, self.filled : end] = value
        return (keys, values) if self.whole else (keys[:, :, :end], values[:, :, :end])

    def advance(self, tokens: int) -> None:
        """After every layer has been extended."""
        self.filled += tokens

    def blocked(self, tokens: int = 1) -> torch.Tensor | None:
        """Where the next `tokens` may not look, (batch or 1, 1, 1, columns with them); None where they see all."""
        end = self.filled + tokens
        if not self.whole:
            return None if self.hidden is None else self.hidden[:, None, None, :end]
        empty = torch.arange(self.length, device=self.store.device) >= end
        return (empty if self.hidden is None else self.hidden | empty).view(-1, 1, 1, self.length)

    def put_prefixes(self, prefixes: Sequence[Prefix | None]) -> None:
        """Each row's prefix into the first columns, which are hidden from rows whose own is shorter or none."""
        widest = max((prefix.length for prefix in prefixes if prefix is not None), default=0)
        lengths = [prefix.length if prefix is not None else 0 for prefix in prefixes]
        self.store[..., :widest, :] = 0
        for row, prefix in enumerate(prefixes):
            if prefix is not None:
                layers = prefix.store.unflatten(0, (-1, 2))
                self.store[:, :, row, :, : prefix.length] = layers.to(self.store.dtype)
        self.filled = widest
        if min(lengths) < widest:
            self._hide(torch.tensor([[at >= length for at in range(widest)] for length in lengths]), 0)

    def hide(self, columns: torch.Tensor) -> None:
        """`columns` bool (batch, n): the next n columns, where True, are not looked at once they are written."""
        if columns.any():
            self._hide(columns, self.filled)

    def _hide(self, columns: torch.Tensor, start: int) -> None:
        if self.hidden is None:
            self.hidden = torch.zeros(self.batch, self.length, dtype=torch.bool, device=self.store.device)
        self.hidden[:, start : start + columns.size(1)] = columns.to(self.store.device)

    def spread(self, rows: Sequence[int], length: int, *, whole: bool | None = None) -> Cache:
        """Of each of `rows` (any row, any number of times) a copy with room for `length` columns."""
        whole = self.whole if whole is None else whole
        layers, two, _, heads, _, head_dim = self.store.shape
        store = self.store.new_empty(layers, two, len(rows), heads, length, head_dim)
        if whole:
            store[..., self.filled :, :] = 0
        hidden = None
        for at, row in enumerate(rows):
            store[:, :, at, :, : self.filled] = self.store[:, :, row, :, : self.filled]
        if self.hidden is not None:
            hidden = self.hidden.new_zeros(len(rows), length)
            hidden[:, : self.filled] = self.hidden[list(rows), : self.filled]
        return Cache(store, self.filled, hidden, whole=whole)
