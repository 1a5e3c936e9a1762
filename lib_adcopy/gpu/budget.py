"""Measures what the GPU has to decide by, what drawing and writing take of it, and whether it spilled after all.

Windows' driver gives system memory instead of an error once the GPU's is full, and everything goes on at a tenth of the
speed. There a margin stays free, and the speed of an answer shows where that was not enough.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from lib_adcopy.gpu import policy
from lib_adcopy.gpu.device import Gpu
from lib_adcopy.gpu.loading import GenerationRequest

_log = logging.getLogger("adcopy.gpu")


class MemoryBudget:
    """Bytes of one GPU. `is_spilled` says that the last answer must have been written from system memory."""

    def __init__(self, gpu: Gpu) -> None:
        self._gpu = gpu
        self._measured_per_pixel = 0.0
        self.is_spilled = False

    def free_bytes(self) -> int:
        """Return the bytes to decide by: where the driver spills, those that stay free do not count."""
        memory = self._gpu.memory()
        if memory is None:
            return 0
        return memory.free - (policy.spill_margin(memory.total) if self._gpu.spills else 0)

    def writing_bytes(self, request: GenerationRequest) -> int:
        """Return the bytes that the request's answers need beside the model's weights."""
        return policy.writing_bytes(request.tokens * request.entry.report.token_bytes)

    def drawing_bytes(self, pixels: int) -> int:
        """Return the bytes that pictures of `pixels` in total need beside the picture model's weights."""
        return policy.drawing_bytes(pixels, self._measured_per_pixel)

    def answers_fit(self, request: GenerationRequest) -> bool:
        """Return whether the request's answers fit at once; where the driver raises, only trying tells."""
        return not self._gpu.spills or self.writing_bytes(request) <= self.free_bytes()

    def judge_speed(self, model_bytes: int, steps_per_s: float) -> None:
        """Note whether an answer was so slow that the driver must have put the model into system memory."""
        memory = self._gpu.memory()
        is_full = memory is not None and memory.free < policy.spill_margin(memory.total)
        self.is_spilled = self._gpu.spills and is_full and policy.is_spilled_speed(model_bytes, steps_per_s)
        if self.is_spilled:
            _log.warning("the GPU's memory is full and reaches into the system's: %.1f steps a second", steps_per_s)

    @contextmanager
    def measured(self, pixels: int, missing: int) -> Iterator[None]:
        """Measure the memory that drawing `pixels` takes; `missing` weights that are loaded for it do not count."""
        if self._gpu.memory(import_torch=False) is None:
            yield
            return
        self._gpu.reset_peak()
        yield
        peak = self._gpu.peak_bytes() - missing
        self._measured_per_pixel = policy.bytes_per_pixel(self._measured_per_pixel, peak, pixels)
