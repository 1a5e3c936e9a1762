"""A model off its card into host memory and back, byte for byte: what a layer packed for the card stays packed.

The host copy is made once and kept beside the model, so that a move reads no disk. Weights never change while a model
answers: going to the host is letting go of the card's copy.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from lib_adcopy.chatglm.model import ChatGLM

_log = logging.getLogger("adcopy.chatglm")
# Kernels load whole vectors: a view into the buffer starts where a tensor of its own would.
_ALIGNED = 512


class Parking:
    """Where the bytes of one model are. Parameters, buffers and prefixes move; objects stay who they are."""

    def __init__(self, model: ChatGLM) -> None:
        self._model: ChatGLM | None = model
        self._card = model.device
        self._loads: list[_Load] = []
        self.parked = False

    @property
    def size_bytes(self) -> int:
        """Of all weights and prefixes, those that share memory counted once."""
        storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage() for tensor in _tensors(self._model)}
        return sum(storage.nbytes() for storage in storages.values())

    @property
    def host_bytes(self) -> int:
        """Of these, what is kept in host memory already, wherever the model is."""
        return sum(load.host.nbytes for load in self._loads)

    def leave(self, *, pin: bool) -> None:
        """To host memory, page-locked with `pin` where the driver agrees. Raises MemoryError or RuntimeError where the
        host has no room; the model then is where it was."""
        if self.parked:
            return
        self._gather(pin)
        for load in self._loads:
            load.rebind(load.host)
        self.parked = True
        _give_back()

    def enter(self) -> None:
        """Back to the card. Raises torch's out-of-memory error; the model then is still parked."""
        if not self.parked:
            return
        self._gather(pin=False)
        there = [load.host.to(self._card, copy=True) for load in self._loads]
        for load, buffer in zip(self._loads, there, strict=True):
            load.rebind(buffer)
        self.parked = False

    def close(self) -> None:
        """Lets go of the model and of its host copy."""
        for load in self._loads:
            load.unpin()
        self._loads.clear()
        self._model = None

    def _gather(self, pin: bool) -> None:
        """What came since the last move (at first everything) gets its host copy."""
        known = {id(tensor) for load in self._loads for tensor in load.tensors}
        new = [tensor for tensor in _tensors(self._model) if id(tensor) not in known]
        if new:
            self._loads.append(_Load(new, pin))


class _Load:
    """Tensors that travel as one buffer: one copy at the bus's speed, one block for the card to give back."""

    def __init__(self, tensors: list[torch.Tensor], pin: bool) -> None:
        self.tensors = tensors
        storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage() for tensor in tensors}
        ends = itertools.accumulate(-(-storage.nbytes() // _ALIGNED) * _ALIGNED for storage in storages.values())
        self._starts = dict(zip(storages, (0, *ends), strict=False))
        total = sum(-(-storage.nbytes() // _ALIGNED) * _ALIGNED for storage in storages.values())
        self.host = torch.empty(total, dtype=torch.uint8, device="cpu")
        self._views = [
            (tensor.dtype, self._starts[tensor.untyped_storage().data_ptr()] // tensor.element_size()
             + tensor.storage_offset(), tensor.size(), tensor.stride())
            for tensor in tensors
        ]  # fmt: skip
        self._pinned = pin and _pin(self.host)
        for pointer, storage in storages.items():
            whole = torch.empty(0, dtype=torch.uint8, device=storage.device).set_(storage)  # type: ignore[call-overload]
            start = self._starts[pointer]
            self.host[start : start + whole.numel()].copy_(whole)

    def rebind(self, buffer: torch.Tensor) -> None:
        """The tensors as views into `buffer`, the host's or the card's."""
        storage = buffer.untyped_storage()
        for tensor, (dtype, offset, size, stride) in zip(self.tensors, self._views, strict=True):
            view = torch.empty(0, dtype=dtype, device=buffer.device)
            tensor.data = view.set_(storage, offset, size, stride)  # type: ignore[call-overload]

    def unpin(self) -> None:
        if self._pinned:
            torch.cuda.cudart().cudaHostUnregister(self.host.data_ptr())
            self._pinned = False


def _tensors(model: ChatGLM | None) -> Iterator[torch.Tensor]:
    if model is None:
        return
    yield from model.parameters()
    yield from model.buffers()
    for prefix in model.prefixes.values():
        yield prefix.store


def _pin(buffer: torch.Tensor) -> bool:
    """Page-locks memory that is there already: torch's own pinned allocator rounds 4.1 GB up to 8."""
    if not torch.cuda.is_available():
        return False
    failed = int(torch.cuda.cudart().cudaHostRegister(buffer.data_ptr(), buffer.numel(), 0))
    if failed:
        _log.info("%d bytes stay pageable (CUDA error %d)", buffer.numel(), failed)
        _forget_error()
    return not failed


def _forget_error() -> None:
    """CUDA hands a refusal once more to whoever looks next: that shall be us, and no kernel that was launched well."""
    with suppress(RuntimeError):
        torch.zeros(1, device="cuda").add_(1)


def _give_back() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
