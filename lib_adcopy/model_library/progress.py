"""How far a piece of the library's work is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """`phase` is "listing", "fetching", "checking", "converting" or "loading"; in bytes, with the `file` at hand."""

    phase: str
    done: int = 0
    total: int = 0
    file: str = ""

    @property
    def fraction(self) -> float:
        return min(self.done / self.total, 1.0) if self.total else 0.0


Tell = Callable[[Progress], None]
