"""Describe where each model is now, for display."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.gpu.device import GpuMemory

# On the GPU; in host memory, ready to return; computing on the CPU; not loaded.
GPU, OFFLOADED, CPU, NOT_LOADED = "gpu", "offloaded", "cpu", "not_loaded"


@dataclass(frozen=True)
class Status:
    """Places and sizes of both models.

    `writer` is the language model's name, "" where none is loaded; bytes are those of the weights. `gpu_memory` is None
    without a GPU. `unloads_in` is the seconds until an unused model is unloaded, None where it stays. `is_spilled` says
    that the last answer was so slow that part of the model must have been in system memory.
    """

    writer: str = ""
    writer_place: str = NOT_LOADED
    writer_bytes: int = 0
    picture_place: str = NOT_LOADED
    picture_bytes: int = 0
    gpu_memory: GpuMemory | None = None
    unloads_in: float | None = None
    is_spilled: bool = False
