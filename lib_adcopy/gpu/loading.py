"""What a turn is asked for, and the loading it may take: told as it goes, ended where it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu.placement import Placement
from lib_adcopy.hosts.base import GpuWork
from lib_adcopy.model_library.models import ModelEntry

# Bytes read, and of how many.
OnLoading = Callable[[int, int], None]
_PAUSE_SECONDS = 0.25


class LoadingStoppedError(AdCopyError):
    """Nobody waits for the model any more."""

    def __init__(self) -> None:
        super().__init__("gpu.stopped_loading")


@dataclass(frozen=True, eq=False)
class Wish:
    """`tokens` is how long all answers together may become; `on_loading` hears of a model that is read for this."""

    entry: ModelEntry
    placement: Placement
    stop: threading.Event
    tokens: int
    on_loading: OnLoading

    @property
    def model(self) -> tuple[Path, str, int]:
        """What makes two loaded models two: folder, device and bits."""
        return self.entry.folder, self.placement.device, self.placement.bits


class Loading:
    """What the reading of a model calls between its weights. `wishes` are all there are, those that wait included;
    `work` is the host's turn, None on a CPU."""

    def __init__(self, wish: Wish, wishes: Sequence[Wish], work: GpuWork | None = None) -> None:
        self._wish, self._wishes = wish, wishes
        self._work = work
        self._told_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Tells all who want this model. Raises LoadingStoppedError where nobody does any more: a button pressed again
        stops the first wish, and the second goes on with what the first has read."""
        if self._work is not None and self._work.stopped:
            self._wish.stop.set()
        wanting = [wish for wish in tuple(self._wishes) if wish.model == self._wish.model and not wish.stop.is_set()]
        if not wanting:
            raise LoadingStoppedError
        if time.monotonic() - self._told_at > _PAUSE_SECONDS:
            self._told_at = time.monotonic()
            for wish in wanting:
                wish.on_loading(done, total)
