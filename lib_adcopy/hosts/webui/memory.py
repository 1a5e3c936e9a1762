"""Offloads the picture model and restores it, by the webui's own functions.

A1111 and 1.6 move the model when told to (and honour lowvram). Forge and reForge have a memory manager that loads what
it needs when it draws; their functions of A1111's names do nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from modules import devices, sd_models

from lib_adcopy.hosts.base import PictureMemory
from lib_adcopy.hosts.webui.gpu_queue import run_on_drawing_thread

# Where Forge and reForge have their memory manager.
_MANAGERS = ("backend.memory_management", "ldm_patched.modules.model_management")


def gpu_index() -> int | None:
    """Return the number of the CUDA device the webui draws on (--device-id), None where it is torch's current one."""
    device = getattr(devices, "device", None)
    index: int | None = getattr(device, "index", None)
    return index if getattr(device, "type", "") == "cuda" else None


def picture_memory() -> PictureMemory:
    """Return access by what the webui can do, not by its name."""
    for name in _MANAGERS:
        try:
            return _ManagedMemory(import_module(name).unload_all_models)
        except ImportError:
            continue
    return _MovedMemory()


class _WeightSizes:
    """Sizes of the picture model's weights, wherever they are."""

    @property
    def size_bytes(self) -> int:
        return sum(tensor.nbytes for tensor in _weights())

    @property
    def gpu_bytes(self) -> int:
        return sum(tensor.nbytes for tensor in _weights() if tensor.device.type not in ("cpu", "meta"))


class _MovedMemory(_WeightSizes):
    """A webui that moves its model when told to, in both directions."""

    def offload(self) -> None:
        model = sd_models.model_data.sd_model
        if model is not None:
            sd_models.send_model_to_cpu(model)

    def restore(self) -> None:
        model = sd_models.model_data.sd_model
        if model is not None:
            sd_models.send_model_to_device(model)


class _ManagedMemory(_WeightSizes):
    """A webui whose memory manager loads what a picture needs when it is drawn."""

    def __init__(self, unload: Callable[[], None]) -> None:
        self._unload = unload

    def offload(self) -> None:
        run_on_drawing_thread(self._unload)

    def restore(self) -> None:
        """Do nothing: the memory manager restores it."""


def _weights() -> Iterator[Any]:
    # Not shared.sd_model, which loads a model when it is read.
    model: Any = getattr(getattr(sd_models, "model_data", None), "sd_model", None)
    parts = getattr(model, "forge_objects", None)
    if parts is None:
        modules = [model] if hasattr(model, "parameters") else []
    else:
        patchers = (parts.unet, getattr(parts.clip, "patcher", None), getattr(parts.vae, "patcher", None))
        modules = [patcher.model for patcher in patchers if patcher is not None]
    for module in modules:
        yield from module.parameters()
