"""The picture model in and out of the card's memory, by the means its host has for that.

A1111 and 1.6 move the model themselves (and honour lowvram); Forge and reForge have a manager that brings back what it
needs when it draws, and whose namesakes of A1111's functions do nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from modules import sd_models

from lib_adcopy.hosts.base import PictureMemory
from lib_adcopy.hosts.webui.turns import on_drawing_thread

# Where Forge and reForge keep their manager.
_MANAGERS = ("backend.memory_management", "ldm_patched.modules.model_management")


def picture_memory() -> PictureMemory:
    """By what the host can do, not by its name."""
    for name in _MANAGERS:
        try:
            return _Managed(import_module(name).unload_all_models)
        except ImportError:
            continue
    return _Moved()


class _Counted:
    """Bytes of the picture model's weights, wherever they are."""

    @property
    def size_bytes(self) -> int:
        return sum(tensor.nbytes for tensor in _weights())

    @property
    def card_bytes(self) -> int:
        return sum(tensor.nbytes for tensor in _weights() if tensor.device.type not in ("cpu", "meta"))


class _Moved(_Counted):
    """A host that moves its model when told to, and must be told to bring it back."""

    def leave(self) -> None:
        model = sd_models.model_data.sd_model
        if model is not None:
            sd_models.send_model_to_cpu(model)

    def come_back(self) -> None:
        model = sd_models.model_data.sd_model
        if model is not None:
            sd_models.send_model_to_device(model)


class _Managed(_Counted):
    """A host whose manager loads what a picture needs when it is drawn."""

    def __init__(self, unload: Callable[[], None]) -> None:
        self._unload = unload

    def leave(self) -> None:
        on_drawing_thread(self._unload)

    def come_back(self) -> None:
        """The manager does it."""


def _weights() -> Iterator[Any]:
    # Not shared.sd_model: asking for that loads one.
    model = sd_models.model_data.sd_model
    parts = getattr(model, "forge_objects", None)
    if parts is None:
        modules = [model] if hasattr(model, "parameters") else []
    else:
        patchers = (parts.unet, getattr(parts.clip, "patcher", None), getattr(parts.vae, "patcher", None))
        modules = [patcher.model for patcher in patchers if patcher is not None]
    for module in modules:
        yield from module.parameters()
