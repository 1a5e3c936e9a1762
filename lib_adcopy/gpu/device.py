"""The memory of the GPU and the machine: how much is free, how to release what is unused."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class GpuMemory:
    """Bytes. `free` includes what torch has reserved and would allocate again."""

    free: int
    total: int


class Gpu(Protocol):
    """The GPU as the model manager sees it."""

    @property
    def name(self) -> str:
        """Return torch's name of it, "cuda" or "cuda:1"."""
        ...

    @property
    def spills(self) -> bool:
        """Return whether the driver gives system memory, much slower, instead of an error once the GPU's is full."""
        ...

    def memory(self, *, import_torch: bool = True) -> GpuMemory | None:
        """Return the GPU's memory, None without a GPU; without `import_torch` None too until torch is imported."""
        ...

    def free_ram(self) -> int:
        """Return the bytes of RAM that are available."""
        ...

    def release_unused(self) -> None:
        """Release unused memory, so that others on the GPU can have it."""
        ...

    def reset_peak(self) -> None:
        """Restart the measurement of `peak_bytes`."""
        ...

    def peak_bytes(self) -> int:
        """Return the most bytes torch had allocated since `reset_peak`, above what was allocated then."""
        ...


class TorchGpu:
    """The CUDA device that the host draws on, or none; `index` returns its number, None for torch's current one."""

    def __init__(self, index: Callable[[], int | None] = lambda: None) -> None:
        self._index = index
        self._allocated_at_reset = 0

    @property
    def name(self) -> str:
        index = self._index()
        return "cuda" if index is None else f"cuda:{index}"

    @property
    def spills(self) -> bool:
        # NVIDIA's driver for Windows, unless the user has forbidden it there.
        return sys.platform == "win32"

    def memory(self, *, import_torch: bool = True) -> GpuMemory | None:
        if not import_torch and "torch" not in sys.modules:
            return None
        import torch

        if not torch.cuda.is_available():
            return None
        device = self.name
        free, total = torch.cuda.mem_get_info(device)
        reserved = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return GpuMemory(free + reserved, total)

    def free_ram(self) -> int:
        import psutil

        return int(psutil.virtual_memory().available)

    def release_unused(self) -> None:
        import torch

        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def reset_peak(self) -> None:
        import torch

        if torch.cuda.is_available():
            torch.cuda.reset_peak_memory_stats(self.name)
            self._allocated_at_reset = torch.cuda.memory_allocated(self.name)

    def peak_bytes(self) -> int:
        import torch

        if not torch.cuda.is_available():
            return 0
        return torch.cuda.max_memory_allocated(self.name) - self._allocated_at_reset
