"""The picture model's memory during one turn in the host's queue: offloaded at most once, always restored."""

from __future__ import annotations

import logging

from lib_adcopy.gpu.device import Gpu
from lib_adcopy.hosts.base import PictureMemory

_log = logging.getLogger("adcopy.gpu")


class PictureModelTurn:
    """Offloads and restores the picture model; the host's queue is held from the first call to the last."""

    def __init__(self, memory: PictureMemory, gpu: Gpu) -> None:
        self._memory = memory
        self._gpu = gpu
        self._is_offloaded = False

    @property
    def missing_bytes(self) -> int:
        """Return what has to be moved to the GPU before a picture can be drawn."""
        return max(self._memory.size_bytes - self._memory.gpu_bytes, 0)

    def offload(self) -> None:
        """Move the picture model off the GPU, if it is there."""
        if not self._is_offloaded:
            # Set first: a move that fails halfway has to be undone as well.
            self._is_offloaded = True
            self._memory.offload()
            self._gpu.release_unused()

    def restore(self) -> None:
        """Make an offloaded picture model ready to draw. Raises what the host raises."""
        if self._is_offloaded:
            self._memory.restore()
            self._is_offloaded = False
