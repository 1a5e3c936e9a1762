"""Keys and values of what was read so far, in memory taken once."""

from __future__ import annotations

import torch


class Cache:
    """Room for `length` tokens a layer: key and value (batch, heads, length, head_dim), filled from the left."""

    def __init__(
        self, layers: int, batch: int, heads: int, length: int, head_dim: int, device: torch.device, dtype: torch.dtype
    ) -> None:
        self._store = torch.empty(layers, 2, batch, heads, length, head_dim, device=device, dtype=dtype)
        self.filled = 0

    @property
    def length(self) -> int:
        return self._store.size(4)

    def extend(self, layer: int, key: torch.Tensor, value: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Keeps the new (batch, heads, time, head_dim) and gives all of the layer so far."""
        end = self.filled + key.size(2)
        self._store[layer, 0, :, :, self.filled : end] = key
        self._store[layer, 1, :, :, self.filled : end] = value
        return self._store[layer, 0, :, :, :end], self._store[layer, 1, :, :, :end]

    def advance(self, tokens: int) -> None:
        """After every layer has been extended."""
        self.filled += tokens

    def spread(self, batch: int, length: int) -> Cache:
        """One prompt's cache as that of `batch` answers with room for `length` tokens: the prefill is not repeated."""
        layers, _, _, heads, _, head_dim = self._store.shape
        wider = Cache(layers, batch, heads, length, head_dim, self._store.device, self._store.dtype)
        wider._store[..., : self.filled, :] = self._store[..., : self.filled, :]
        wider.filled = self.filled
        return wider

    def rows(self, rows: list[int]) -> Cache:
        """The cache of some of the answers, when others have ended."""
        kept = object.__new__(Cache)
        kept._store = self._store[:, :, rows]
        kept.filled = self.filled
        return kept
