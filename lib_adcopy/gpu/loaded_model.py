"""The language model that is loaded, if there is one: opened, offloaded to host memory, released."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.gpu.device import Gpu
from lib_adcopy.gpu.loading import GenerationRequest, LoadingProgress
from lib_adcopy.gpu.placement import ModelPlacement, expected_bytes, load_options

if TYPE_CHECKING:
    from lib_adcopy.chatglm import ChatModel

_log = logging.getLogger("adcopy.gpu")


@dataclass(frozen=True)
class ModelState:
    """A loaded model, its folder and how it was placed."""

    folder: Path
    placement: ModelPlacement
    model: ChatModel

    @property
    def key(self) -> tuple[Path, str, int]:
        """See GenerationRequest.model_key."""
        return self.folder, self.placement.device, self.placement.bits


class LoadedModel:
    """Holds at most one model. A picture's turn may offload it while a page unloads it: each waits for the other."""

    def __init__(self, gpu: Gpu, opener: Callable[..., Any] | None) -> None:
        self._gpu = gpu
        self._open_model = opener or _open_chat_model
        self._move_lock = threading.RLock()
        self._state: ModelState | None = None

    @property
    def state(self) -> ModelState | None:
        """The loaded model, None where none is loaded."""
        return self._state

    @property
    def is_on_gpu(self) -> bool:
        state = self._state
        return state is not None and state.placement.device != "cpu" and not state.model.is_offloaded

    def missing_bytes(self, request: GenerationRequest) -> int:
        """Return the bytes that the requested model needs on the GPU beyond those it has there."""
        state = self._state
        if state is None:
            return expected_bytes(request.entry, request.placement)
        return state.model.size_bytes if state.model.is_offloaded else 0

    def load(self, request: GenerationRequest, progress: LoadingProgress) -> ChatModel:
        """Return the requested model, opening it if needed. Raises what opening a model and `progress` raise."""
        self.release_other(request)
        state = self._state
        model = state.model if state else self._open(request, progress)
        # The policy may have changed since the model was loaded, which is no reason to load it again.
        self._state = ModelState(request.entry.folder, request.placement, model)
        return model

    def load_on_gpu(self, request: GenerationRequest, progress: LoadingProgress) -> ChatModel:
        """Load as `load` does and move the model back from host memory if it was offloaded."""
        model = self.load(request, progress)
        model.reload()
        return model

    def offload(self) -> None:
        """Move the model from the GPU to host memory; where that fails it is released and will be read again."""
        with self._move_lock:
            state = self._state
            if not self.is_on_gpu or state is None:
                return
            model = state.model
            try:
                free, needed = self._gpu.free_ram(), model.size_bytes - model.host_bytes
                if free < needed:
                    raise MemoryError(f"{free} bytes of RAM are free, {needed} needed")
                # Pinned pages are unavailable to all other programs: leave as many free.
                model.offload(pin=free > 2 * needed)
            except Exception:
                _log.exception("%s cannot be kept in host memory: unloading it", state.folder.name)
                self.release()

    def release_other(self, request: GenerationRequest) -> None:
        """Release any model but the requested one, on its device and in its bits."""
        state = self._state
        if state and state.key != request.model_key:
            self.release()

    def release(self) -> None:
        """Free the model's memory, the GPU's and the host's."""
        with self._move_lock:
            state, self._state = self._state, None
            if state:
                _log.info("unloading %s", state.folder.name)
                state.model.close()
                del state
                self._gpu.release_unused()

    def _open(self, request: GenerationRequest, progress: LoadingProgress) -> ChatModel:
        options = load_options(request.entry, request.placement)
        if options["device"] == "cuda":
            options["device"] = self._gpu.name
        try:
            return self._open_model(request.entry.folder, on_progress=progress, **options)
        except Exception as error:
            # The weights read so far are referenced by the traceback's frames and would keep the GPU's memory.
            traceback.clear_frames(error.__traceback__)
            raise


def _open_chat_model(folder: Path, **options: Any) -> ChatModel:
    from lib_adcopy.chatglm import ChatModel

    return ChatModel.open(folder, **options)
