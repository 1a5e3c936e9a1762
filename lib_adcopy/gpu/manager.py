"""Describe which language model is loaded and where; the turns in which it writes and in which the host draws.

Between two turns the picture model is ready to draw, and the language model is on the GPU only where both fit. A turn
that needs the GPU for itself offloads the other model to host memory, works, and restores it, all while the host's
queue is held: nobody else meets a model that is away.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.chatglm.errors import is_out_of_memory
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import policy, status
from lib_adcopy.gpu.budget import MemoryBudget
from lib_adcopy.gpu.device import Gpu, TorchGpu
from lib_adcopy.gpu.generation import GenerationSession
from lib_adcopy.gpu.loaded_model import LoadedModel
from lib_adcopy.gpu.loading import GenerationRequest, LoadingProgress, OnLoading
from lib_adcopy.gpu.pictures import PictureModelTurn
from lib_adcopy.gpu.placement import ModelPlacement
from lib_adcopy.gpu.status import Status
from lib_adcopy.hosts.base import DrawingHost, DrawProgress, DrawRequest
from lib_adcopy.model_library.models import ModelEntry

if TYPE_CHECKING:
    from lib_adcopy.chatglm import ChatModel

_log = logging.getLogger("adcopy.gpu")
# Seconds to wait at Reload UI for a writer to stop, which takes it one token; longer and the webui would look frozen.
_SHUTDOWN_TIMEOUT = 20.0


class ModelManager:
    """Holds at most one language model and gives it to one user at a time. Safe to call from any thread."""

    def __init__(
        self, host: DrawingHost, *, gpu: Gpu | None = None, opener: Callable[..., Any] | None = None
    ) -> None:
        """Create it without a model. `opener(folder, **options)` opens a ChatModel."""
        self._host = host
        self._gpu = gpu or TorchGpu(host.gpu_index)
        self._model = LoadedModel(self._gpu, opener)
        self._lock = threading.Lock()
        self._requests: list[GenerationRequest] = []
        self._unload_requested = self._closed = False
        self._idle_timer: threading.Timer | None = None
        self._unloads_at: float | None = None
        self._budget = MemoryBudget(self._gpu)

    # ---- state

    @property
    def loaded_folder(self) -> Path | None:
        """The folder of the loaded model, None where none is loaded."""
        state = self._model.state
        return state.folder if state else None

    @property
    def placement(self) -> ModelPlacement:
        """Return how the loaded model was placed, the default where none is loaded."""
        state = self._model.state
        return state.placement if state else ModelPlacement()

    def status(self) -> Status:
        """Return where each model is. Moves and loads nothing, not even torch."""
        pictures, state = self._host.picture_memory(), self._model.state
        on_gpu, size = pictures.gpu_bytes, pictures.size_bytes
        shown = Status(
            picture_place=status.GPU if on_gpu else status.OFFLOADED if size else status.NOT_LOADED,
            picture_bytes=size,
            gpu_memory=self._gpu.memory(import_torch=False),
        )
        if state is None:
            return shown
        model = state.model
        on_cpu = state.placement.device == "cpu"
        place = status.CPU if on_cpu else status.OFFLOADED if model.is_offloaded else status.GPU
        unloads_at = self._unloads_at
        unloads_in = None if unloads_at is None else max(0.0, unloads_at - time.monotonic())
        return replace(
            shown,
            writer=state.folder.name,
            writer_place=place,
            writer_bytes=model.size_bytes,
            unloads_in=unloads_in,
            is_spilled=self._budget.is_spilled,
        )

    # ---- turns

    @contextmanager
    def writing(
        self,
        entry: ModelEntry,
        placement: ModelPlacement,
        *,
        stop: threading.Event,
        task_id: str = "",
        tokens: int = 2048,
        on_loading: OnLoading = lambda done, total: None,
    ) -> Iterator[GenerationSession]:
        """Give `entry`'s model, loaded if needed; on a GPU the host's queue is held until the block ends.

        `tokens` is how many the answers will keep; `on_loading(bytes read, bytes to read)` is called while the model
        is loaded. Raises AdCopyError where memory does not suffice even without the picture model or `stop` ends the
        loading, and what opening a model raises.
        """
        resolved = placement.resolved(has_gpu=self._gpu.memory() is not None)
        request = GenerationRequest(entry, resolved, stop, tokens, on_loading)
        turn = self._on_cpu(request) if resolved.device == "cpu" else self._on_gpu(request, task_id)
        self._requests.append(request)
        try:
            with turn as session:
                yield session
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            raise AdCopyError("gpu.out_of_memory", name=entry.name) from error
        finally:
            self._requests.remove(request)

    def draw(
        self, request: DrawRequest, on_progress: Callable[[DrawProgress], None], stop: threading.Event
    ) -> DrawResult:
        """Draw with GPU memory freed for it; out of memory, it is tried again without the language model."""
        settings = request.settings
        scale = settings.hires.scale if settings.hires else 1.0
        pixels = int(settings.width * settings.height * settings.batch_size * scale * scale)

        def on_queued(is_busy: bool) -> None:
            on_progress(DrawProgress(queued=is_busy))

        with self._host.held(task_id=request.task_id, on_queued=on_queued):
            if stop.is_set():
                return DrawResult((), interrupted=True)
            try:
                with self._budget.measured(pixels, self._free_memory_for(pixels)):
                    return self._host.draw(request, on_progress, stop)
            except AdCopyError as error:
                if error.code != "hosts.out_of_memory" or not self._model.is_on_gpu:
                    raise
            with self._budget.measured(pixels, self._free_memory_for(pixels, alone=True)):
                return self._host.draw(request, on_progress, stop)

    def unload(self) -> bool:
        """Free the model's memory; a model in use is freed when its turn ends, and False is returned."""
        self._unload_requested = True
        if not self._lock.acquire(blocking=False):
            return False
        self._end_turn()
        return True

    def close(self) -> None:
        """Stop all requests and free everything, for good: at Reload UI, or when the extension is switched off."""
        self._closed = self._unload_requested = True
        if self._idle_timer:
            self._idle_timer.cancel()
        for request in tuple(self._requests):
            request.stop.set()
        if self._lock.acquire(timeout=_SHUTDOWN_TIMEOUT):
            self._end_turn()
        else:
            _log.warning("the language model is still in use; it is freed when its turn ends")

    # ---- inside a turn

    @contextmanager
    def _on_cpu(self, request: GenerationRequest) -> Iterator[GenerationSession]:
        with self._exclusive():
            model = self._model.load(request, LoadingProgress(request, self._requests))
            yield GenerationSession(model, None, request.stop, self._gpu.release_unused)

    @contextmanager
    def _on_gpu(self, request: GenerationRequest, task_id: str) -> Iterator[GenerationSession]:
        with self._host.held(task_id=task_id, title="Ad Copy") as job, self._exclusive():
            pictures = PictureModelTurn(self._host.picture_memory(), self._gpu)

            def free_gpu_memory() -> None:
                pictures.offload()
                self._gpu.release_unused()

            try:
                progress = LoadingProgress(request, self._requests, job)
                model = self._load_on_gpu(request, progress, pictures, free_gpu_memory)
                yield GenerationSession(
                    model, job, request.stop, free_gpu_memory,
                    answers_fit=lambda: self._budget.answers_fit(request),
                    on_speed=lambda steps_per_s: self._budget.judge_speed(model.size_bytes, steps_per_s),
                )  # fmt: skip
            finally:
                self._restore_pictures(request.placement, pictures)

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        """Reserve the model for one user. Raises AdCopyError once the manager is closed."""
        self._lock.acquire()
        try:
            if self._closed:
                raise AdCopyError("gpu.closed")
            if self._idle_timer:
                self._idle_timer.cancel()
            self._unloads_at = None
            yield
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        """Unload the model if that was requested during the turn, or else start the idle timer; release the lock."""
        try:
            if self._unload_requested:
                self._unload_requested = self._closed
                self._model.release()
            minutes = float(self._host.option("idle_minutes", 0))
            if minutes > 0 and self._model.state:
                self._idle_timer = threading.Timer(minutes * 60, self.unload)
                self._idle_timer.daemon = True
                self._unloads_at = time.monotonic() + minutes * 60
                self._idle_timer.start()
        finally:
            self._lock.release()
        # Requested after the check above, by a caller who could not get the lock.
        if self._unload_requested and self._model.state:
            self.unload()

    def _load_on_gpu(
        self,
        request: GenerationRequest,
        progress: LoadingProgress,
        pictures: PictureModelTurn,
        free_gpu_memory: Callable[[], None],
    ) -> ChatModel:
        """Load onto the GPU; the picture model is offloaded first if the policy says so, else when memory runs out."""
        self._model.release_other(request)
        needed = self._model.missing_bytes(request) + self._budget.writing_bytes(request)
        if policy.should_offload(request.placement.policy, needed=needed, free=self._budget.free_bytes()):
            pictures.offload()
        try:
            return self._model.load_on_gpu(request, progress)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            _log.warning("too little memory for %s beside the picture model", request.entry.name)
        free_gpu_memory()
        return self._model.load_on_gpu(request, progress)

    def _restore_pictures(self, placement: ModelPlacement, pictures: PictureModelTurn) -> None:
        """Make the picture model ready to draw at the end of a turn on the GPU, however it went."""
        try:
            needed = pictures.missing_bytes + self._budget.drawing_bytes(policy.USUAL_PIXELS)
            if policy.should_offload(placement.policy, needed=needed, free=self._budget.free_bytes()):
                self._model.offload()
            self._gpu.release_unused()
            pictures.restore()
        except Exception:
            _log.exception("the picture model could not be restored; trying again without the language model")
        else:
            return
        try:
            self._model.release()
        except Exception:
            # Whatever state the card is in, the pictures' turn comes.
            _log.exception("the language model could not be freed")
        try:
            pictures.restore()
        except Exception as error:
            raise AdCopyError("gpu.picture_away") from error

    def _free_memory_for(self, pixels: int, *, alone: bool = False) -> int:
        """Offload the language model if `pixels` need its memory, or `alone`; return PictureModelTurn.missing_bytes."""
        missing = PictureModelTurn(self._host.picture_memory(), self._gpu).missing_bytes
        if self._model.is_on_gpu:
            needed = missing + self._budget.drawing_bytes(pixels)
            if alone or policy.should_offload(self.placement.policy, needed=needed, free=self._budget.free_bytes()):
                self._model.offload()
        return missing
