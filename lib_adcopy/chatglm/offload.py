"""A model moved from its GPU to host memory and back, byte for byte: what a layer packed for the GPU stays packed.

The host copy is made once and kept beside the model, so that a move reads no disk. Weights never change while a model
answers, so moving to the host only frees the GPU's copy.
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
# A view into the buffer has the alignment of a tensor of its own: kernels load whole vectors.
_ALIGNMENT = 512


class WeightOffloader:
    """Moves the bytes of one model. Parameters, buffers and prefixes keep their identity, only their data moves."""

    def __init__(self, model: ChatGLM) -> None:
        self._model: ChatGLM | None = model
        self._device = model.device
        self._buffers: list[TransferBuffer] = []
        self.is_offloaded = False

    @property
    def size_bytes(self) -> int:
        """Size of all weights and prefixes; shared memory counts once."""
        storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage() for tensor in _tensors(self._model)}
        return sum(storage.nbytes() for storage in storages.values())

    @property
    def host_bytes(self) -> int:
        """Return how many bytes of it have a copy in host memory, wherever the model is."""
        return sum(buffer.host.nbytes for buffer in self._buffers)

    def offload(self, *, pin: bool) -> None:
        """Move to host memory, page-locked with `pin` where the driver allows it.

        Raises MemoryError or RuntimeError where the host has too little; the model then stays where it was.
        """
        if self.is_offloaded:
            return
        self._copy_new_tensors(pin)
        for buffer in self._buffers:
            buffer.rebind(buffer.host)
        self.is_offloaded = True
        _empty_cache()

    def reload(self) -> None:
        """Move back to the GPU. Raises torch's out-of-memory error; the model then stays offloaded."""
        if not self.is_offloaded:
            return
        self._copy_new_tensors(pin=False)
        copies = [buffer.host.to(self._device, copy=True) for buffer in self._buffers]
        for buffer, copy in zip(self._buffers, copies, strict=True):
            buffer.rebind(copy)
        self.is_offloaded = False

    def close(self) -> None:
        """Free the model and its host copy."""
        for buffer in self._buffers:
            buffer.unpin()
        self._buffers.clear()
        self._model = None

    def _copy_new_tensors(self, pin: bool) -> None:
        """Copy to the host what was added since the last move; at first that is everything."""
        known = {id(tensor) for buffer in self._buffers for tensor in buffer.tensors}
        new = [tensor for tensor in _tensors(self._model) if id(tensor) not in known]
        if new:
            self._buffers.append(TransferBuffer(new, pin))


class TransferBuffer:
    """Tensors that move as one block: one copy at the bus's full speed, one block for the GPU to free."""

    def __init__(self, tensors: list[torch.Tensor], pin: bool) -> None:
        self.tensors = tensors
        storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage() for tensor in tensors}
        sizes = [-(-storage.nbytes() // _ALIGNMENT) * _ALIGNMENT for storage in storages.values()]
        self._starts = dict(zip(storages, (0, *itertools.accumulate(sizes)), strict=False))
        self.host = torch.empty(sum(sizes), dtype=torch.uint8, device="cpu")
        self._views = [
            (tensor.dtype, self._starts[tensor.untyped_storage().data_ptr()] // tensor.element_size()
             + tensor.storage_offset(), tensor.size(), tensor.stride())
            for tensor in tensors
        ]  # fmt: skip
        self._is_pinned = pin and _pin(self.host, tensors[0].device)
        for pointer, storage in storages.items():
            whole = torch.empty(0, dtype=torch.uint8, device=storage.device).set_(storage)  # type: ignore[call-overload]
            start = self._starts[pointer]
            self.host[start : start + whole.numel()].copy_(whole)

    def rebind(self, block: torch.Tensor) -> None:
        """Make the tensors views into `block`, the host's or the GPU's."""
        storage = block.untyped_storage()
        for tensor, (dtype, offset, size, stride) in zip(self.tensors, self._views, strict=True):
            view = torch.empty(0, dtype=dtype, device=block.device)
            tensor.data = view.set_(storage, offset, size, stride)  # type: ignore[call-overload]

    def unpin(self) -> None:
        if self._is_pinned:
            torch.cuda.cudart().cudaHostUnregister(self.host.data_ptr())
            self._is_pinned = False


def _tensors(model: ChatGLM | None) -> Iterator[torch.Tensor]:
    if model is None:
        return
    yield from model.parameters()
    yield from model.buffers()
    for prefix in model.prefixes.values():
        yield prefix.store


def _pin(buffer: torch.Tensor, device: torch.device) -> bool:
    """Page-lock memory that is allocated already: torch's own pinned allocator rounds 4.1 GB up to 8."""
    if not torch.cuda.is_available():
        return False
    failure = int(torch.cuda.cudart().cudaHostRegister(buffer.data_ptr(), buffer.numel(), 0))
    if failure:
        _log.info("%d bytes stay pageable (CUDA error %d)", buffer.numel(), failure)
        _clear_error(device)
    return not failure


def _clear_error(device: torch.device) -> None:
    """Clear the last CUDA error here: CUDA reports a failed call again on the next one."""
    with suppress(RuntimeError):
        torch.zeros(1, device=device).add_(1)


def _empty_cache() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
