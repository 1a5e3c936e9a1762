"""Keys and values of the tokens read so far, prefixes first."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.prefix import Prefix


class Cache:
    """A key-value cache filled from the left: `store` (layers, 2, batch, heads, length, head_dim).

    `column_mask` bool (batch, length) is True where a row may attend to a column, None where all rows attend to all.
    Masked are, for each row, the columns of longer prefixes and its own padding. A `static` cache returns all its
    columns, those not filled yet as zeros that are masked: a CPU's matrix product would copy a slice of them.
    """

    def __init__(
        self, store: torch.Tensor, filled: int = 0, column_mask: torch.Tensor | None = None, *, static: bool = False
    ) -> None:
        self.store, self.filled, self.column_mask, self.static = store, filled, column_mask, static

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
        """Append (batch, heads, time, head_dim) and return all keys and values of the layer.

        A static cache returns its empty columns too.
        """
        end = self.filled + key.size(2)
        keys, values = self.store[layer]
        keys[:, :, self.filled : end] = key
        values[:, :, self.filled : end] = value
        return (keys, values) if self.static else (keys[:, :, :end], values[:, :, :end])

    def advance(self, tokens: int) -> None:
        """Count new columns, once every layer has been extended by them."""
        self.filled += tokens

    def attention_mask(self, tokens: int = 1) -> torch.Tensor | None:
        """Return the mask of the next `tokens`, (batch or 1, 1, 1, columns), True where attention is allowed.

        None stands for everywhere.
        """
        end = self.filled + tokens
        if not self.static:
            return None if self.column_mask is None else self.column_mask[:, None, None, :end]
        used = torch.arange(self.length, device=self.store.device) < end
        return (used if self.column_mask is None else self.column_mask & used).view(-1, 1, 1, self.length)

    def put_prefixes(self, prefixes: Sequence[Prefix | None]) -> None:
        """Write each row's prefix into the first columns; those a row's own does not fill are masked for it."""
        lengths = [prefix.length if prefix is not None else 0 for prefix in prefixes]
        widest = max(lengths, default=0)
        self.store[..., :widest, :] = 0
        for row, prefix in enumerate(prefixes):
            if prefix is not None:
                layers = prefix.store.unflatten(0, (-1, 2))
                self.store[:, :, row, :, : prefix.length] = layers.to(self.store.dtype)
        if min(lengths) < widest:
            self.mask_columns(torch.arange(widest) < torch.tensor(lengths)[:, None], start=0)
        self.filled = widest

    def mask_columns(self, allowed: torch.Tensor, start: int | None = None) -> None:
        """Set the mask of the columns from `start`, by default the next ones: `allowed` bool (batch, columns)."""
        if allowed.all():
            return
        start = self.filled if start is None else start
        if self.column_mask is None:
            self.column_mask = torch.ones(self.batch, self.length, dtype=torch.bool, device=self.store.device)
        self.column_mask[:, start : start + allowed.size(1)] = allowed.to(self.store.device)

    def repeat_rows(self, rows: Sequence[int], length: int, *, static: bool | None = None) -> Cache:
        """Return a copy of `length` columns made of these rows, each any number of times."""
        static = self.static if static is None else static
        layers, two, _, heads, _, head_dim = self.store.shape
        store = self.store.new_empty(layers, two, len(rows), heads, length, head_dim)
        if static:
            store[..., self.filled :, :] = 0
        for at, row in enumerate(rows):
            store[:, :, at, :, : self.filled] = self.store[:, :, row, :, : self.filled]
        column_mask = None
        if self.column_mask is not None:
            column_mask = self.column_mask.new_ones(len(rows), length)
            column_mask[:, : self.filled] = self.column_mask[list(rows), : self.filled]
        return Cache(store, self.filled, column_mask, static=static)
