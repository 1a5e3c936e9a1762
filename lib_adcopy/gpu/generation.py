"""A model at work in its turn: feeds the host's bar, stops at its Interrupt, makes do with less memory when it must."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_adcopy.copywriting.writers.base import TextModel, TextPiece
from lib_adcopy.gpu.device import out_of_memory
from lib_adcopy.hosts.base import GpuWork

_log = logging.getLogger("adcopy.residency")
# What an answer of the second try may take together with its prompt: an ad fits, a long chat does not.
_SHORT = 1024


@dataclass(frozen=True)
class _Piece:
    index: int
    text: str
    done: bool
    tokens: int
    seconds: float


class Answering:
    """`work` is the host's turn, None on a CPU; `make_room` frees what can be freed while this model answers."""

    def __init__(
        self, model: TextModel, work: GpuWork | None, stop: threading.Event, make_room: Callable[[], None]
    ) -> None:
        self._model = model
        self._work = work
        self._stop = stop
        self._make_room = make_room

    def add_prefix(self, name: str, folder: Path) -> None:
        self._model.add_prefix(name, folder)  # type: ignore[attr-defined]

    @property
    def model(self) -> Any:
        """The chat model itself, for a training in its turn."""
        return self._model

    def make_room(self) -> None:
        """Frees what can be freed on the card: the picture model leaves it for this turn."""
        self._make_room()

    def step(self, number: int) -> None:
        """Moves the host's bar to `number`; its Interrupt becomes our stop."""
        if self._work is not None:
            self._work.step(number)
            if self._work.stopped:
                self._stop.set()

    def stream(
        self, query: str, *, seeds: Sequence[int] = (0,), max_length: int = 2048, **options: Any
    ) -> Iterator[TextPiece]:
        """As TextModel.stream. Without room for all answers at once, those that are missing are asked for once more,
        one after the other and shorter."""
        done: set[int] = set()
        try:
            for piece in self._watched(query, seeds=seeds, max_length=max_length, **options):
                done |= {piece.index} if piece.done else set()
                yield piece
            return
        except Exception as error:
            if not out_of_memory(error):
                raise
            _log.warning("no room for %d answers of up to %d tokens: one at a time, shorter", len(seeds), max_length)
        # Only now: while the error is handled, its traceback holds on to what shall be freed.
        self._make_room()
        for index, seed in enumerate(seeds):
            if index not in done and not self._stop.is_set():
                for piece in self._watched(query, seeds=(seed,), max_length=min(max_length, _SHORT), **options):
                    yield _Piece(index, piece.text, piece.done, piece.tokens, piece.seconds)

    def _watched(self, query: str, **options: Any) -> Iterator[TextPiece]:
        for piece in self._model.stream(query, **options):
            self.step(piece.tokens)
            yield piece
