"""The card and the machine's memory as the residency sees them: how much is free, and give back what nobody uses."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Room:
    """Bytes. `free` counts what torch holds back for itself and would hand out again."""

    free: int
    total: int


class Card(Protocol):
    def room(self, *, look: bool = True) -> Room | None:
        """The card's memory, None without one; with `look` off, None too where finding out would load torch."""
        ...

    def host_free(self) -> int:
        """Bytes of RAM that are free for us."""
        ...

    def give_back(self) -> None:
        """Lets go of what is unused, so that others on the card can have it."""
        ...

    def watch(self) -> None:
        """From now on `peak` is counted afresh."""
        ...

    def peak(self) -> int:
        """The most bytes torch had in use since `watch`, above what was in use then."""
        ...


class TorchCard:
    """The first CUDA device of this process, or none."""

    def __init__(self) -> None:
        self._watched_from = 0

    def room(self, *, look: bool = True) -> Room | None:
        if not look and "torch" not in sys.modules:
            return None
        import torch

        if not torch.cuda.is_available():
            return None
        free, total = torch.cuda.mem_get_info()
        held = torch.cuda.memory_reserved() - torch.cuda.memory_allocated()
        return Room(free + held, total)

    def host_free(self) -> int:
        import psutil

        return int(psutil.virtual_memory().available)

    def give_back(self) -> None:
        import torch

        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def watch(self) -> None:
        import torch

        if torch.cuda.is_available():
            torch.cuda.reset_peak_memory_stats()
            self._watched_from = torch.cuda.memory_allocated()

    def peak(self) -> int:
        import torch

        return torch.cuda.max_memory_allocated() - self._watched_from if torch.cuda.is_available() else 0


def out_of_memory(error: BaseException) -> bool:
    """Whether a card or the machine had no room. torch has a class for some of these and only a text for others."""
    text = str(error).lower()
    known = ("out of memory", "not enough memory", "cublas_status_alloc_failed")
    return isinstance(error, MemoryError) or any(words in text for words in known)
