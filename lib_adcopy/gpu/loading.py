"""A request for generated text, and the progress and the end of the loading it may need."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu.placement import ModelPlacement
from lib_adcopy.hosts.base import GpuJob
from lib_adcopy.model_library.models import ModelEntry

# Called with the bytes read and the bytes to read.
OnLoading = Callable[[int, int], None]
_REPORT_SECONDS = 0.25


class LoadingStoppedError(AdCopyError):
    """The loading of a model was ended because no request waits for it any more."""

    def __init__(self) -> None:
        super().__init__("gpu.stopped_loading")


@dataclass(frozen=True)
class ModelUse:
    """Describe how a model is asked for.

    `stop` ends loading and writing, `task_id` is the host's for its progress bar, `tokens` how many the answers will
    keep at once (policy.expected_tokens); `on_loading` is called while the model is loaded.
    """

    placement: ModelPlacement
    stop: threading.Event
    task_id: str = ""
    tokens: int = 2048
    on_loading: OnLoading = lambda done, total: None


@dataclass(frozen=True, eq=False)
class GenerationRequest:
    """A wish to use a model.

    `tokens` is how many the answers will keep; `on_loading` is told of a model that is loaded for this request.
    """

    entry: ModelEntry
    placement: ModelPlacement
    stop: threading.Event
    tokens: int
    on_loading: OnLoading

    @property
    def model_key(self) -> tuple[Path, str, int]:
        """Return what distinguishes loaded models: folder, device and bits."""
        return self.entry.folder, self.placement.device, self.placement.bits


class LoadingProgress:
    """Progress callback for model loading; raises LoadingStoppedError when no request is waiting.

    `requests` are all there are, waiting ones included; `job` is the turn in the host's queue, None on a CPU.
    """

    def __init__(
        self, request: GenerationRequest, requests: Sequence[GenerationRequest], job: GpuJob | None = None
    ) -> None:
        self._request, self._requests, self._job = request, requests, job
        self._reported_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Report to every request for this model.

        A button pressed again stops the first request, and the second continues with what the first has loaded.
        """
        if self._job is not None and self._job.is_interrupted:
            self._request.stop.set()
        waiting = [
            request
            for request in tuple(self._requests)
            if request.model_key == self._request.model_key and not request.stop.is_set()
        ]
        if not waiting:
            raise LoadingStoppedError
        if time.monotonic() - self._reported_at > _REPORT_SECONDS:
            self._reported_at = time.monotonic()
            for request in waiting:
                request.on_loading(done, total)
