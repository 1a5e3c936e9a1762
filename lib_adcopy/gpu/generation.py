"""One request's use of a loaded model: progress, interruption, and a second try when memory runs out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.errors import is_out_of_memory
from lib_adcopy.chatglm.generation_types import AnswerChunk, SamplingParams
from lib_adcopy.copywriting.writers.base import TextModel, TextPiece
from lib_adcopy.hosts.base import GpuJob

_log = logging.getLogger("adcopy.gpu")
# Length of an answer and its prompt at the second try: enough for an ad, not for a long chat.
_SHORT_ANSWER = 1024
# Fewer tokens say nothing of a speed.
_MEASURED_TOKENS = 16


class GenerationSession:
    """A loaded model, reserved for one request.

    `job` is the turn in the host's queue, None on a CPU; `free_gpu_memory` frees what this model can do without.
    `answers_fit()` says whether all answers have memory at once, where the driver would not. `on_speed(steps per
    second)` is called after each answer or batch of answers.
    """

    def __init__(
        self,
        model: TextModel,
        job: GpuJob | None,
        stop: threading.Event,
        free_gpu_memory: Callable[[], None],
        *,
        answers_fit: Callable[[], bool] = lambda: True,
        on_speed: Callable[[float], None] = lambda steps_per_s: None,
    ) -> None:
        self._model = model
        self._job = job
        self._stop = stop
        self._free_gpu_memory = free_gpu_memory
        self._answers_fit, self._on_speed = answers_fit, on_speed

    def add_prefix(self, name: str, folder: Path) -> None:
        self._model.add_prefix(name, folder)  # type: ignore[attr-defined]

    @property
    def model(self) -> Any:
        """The chat model itself, for a training."""
        return self._model

    def free_gpu_memory(self) -> None:
        """Free what can be freed on the GPU: the picture model is offloaded until the session ends."""
        self._free_gpu_memory()

    def report_step(self, number: int) -> None:
        """Move the host's progress bar to `number`; the host's Interrupt sets our `stop`."""
        if self._job is not None:
            self._job.report_step(number)
            if self._job.is_interrupted:
                self._stop.set()

    def stream(
        self,
        query: str,
        *,
        seeds: Sequence[int] = (0,),
        sampling: SamplingParams | None = None,
        **options: Any,
    ) -> Iterator[TextPiece]:
        """Stream as TextModel does; when memory runs out, write the missing answers one after the other and shorter.

        So too where several answers would not fit and no driver would say it.
        """
        sampling, done = sampling or SamplingParams(), set()
        if self._fits(len(seeds)):
            try:
                for piece in self._reported(query, seeds=seeds, sampling=sampling, **options):
                    done |= {piece.index} if piece.done else set()
                    yield piece
                return
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
        _log.warning("too little memory for %d answers of %d tokens", len(seeds), sampling.max_length)
        # Not in the handler: the error's traceback keeps alive what is to be freed.
        self._free_gpu_memory()
        short = replace(sampling, max_length=min(sampling.max_length, _SHORT_ANSWER))
        for index, seed in enumerate(seeds):
            if index not in done and not self._stop.is_set():
                for piece in self._reported(query, seeds=(seed,), sampling=short, **options):
                    yield AnswerChunk(index, piece.text, piece.done, piece.tokens, piece.seconds)

    def _fits(self, answers: int) -> bool:
        """Return whether to try all answers at once; what can be freed is freed before that is denied."""
        if answers == 1 or self._answers_fit():
            return True
        self._free_gpu_memory()
        return self._answers_fit()

    def _reported(self, query: str, **options: Any) -> Iterator[TextPiece]:
        first: TextPiece | None = None
        last: TextPiece | None = None
        for piece in self._model.stream(query, **options):
            self.report_step(piece.tokens)
            if first is None:
                first = piece
            if piece.index == first.index:
                last = piece
            yield piece
        if first is not None and last is not None and last.tokens - first.tokens >= _MEASURED_TOKENS:
            # Without the first token, which took the reading of the prompt.
            self._on_speed((last.tokens - first.tokens) / max(last.seconds - first.seconds, 1e-9))
