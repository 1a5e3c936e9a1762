"""The port of decoding: one token for every answer, over a cache that stays in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch

# Columns that a cache grows by: enough for an ad, because old and new cache are both there while it grows.
CACHE_GROWTH = 512


class Decoder(Protocol):
    """Holds the answers' cache and position ids. This step runs hundreds of times for a text."""

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """Return the logits (answers, vocab) after each answer's newest token. No gradient is kept."""
        ...

    def select(self, rows: Sequence[int]) -> None:
        """Continue with these of the answers only."""
        ...
