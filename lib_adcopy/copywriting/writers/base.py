"""The port every writer stands behind, and the port a writer asks a language model through."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Protocol

from lib_adcopy.chatglm.generation_types import SamplingParams
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy, Draft
from lib_adcopy.domain.writing import Sampling


class Writer(Protocol):
    """Writes copy. Both methods stream drafts, honour `stop` within one token, and keep what was written."""

    id: str

    def write(
        self, brief: Brief, *, count: int, seed: int, sampling: Sampling, stop: threading.Event
    ) -> Iterator[Draft]:
        """`count` candidates at once; candidate i is reproducible from its own Copy.seed with count=1."""
        ...

    def revise(
        self,
        brief: Brief,
        chosen: Copy,
        instruction: str,
        history: Sequence[tuple[str, Copy]],
        *,
        seed: int,
        sampling: Sampling,
        stop: threading.Event,
    ) -> Iterator[Draft]:
        """`chosen` changed by `instruction` ("短一点"); `history` is the rounds before, oldest first."""
        ...


class TextPiece(Protocol):
    """Describe what one sequence of a batch has said so far. `text` never ends in half a character."""

    @property
    def index(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def done(self) -> bool: ...
    @property
    def tokens(self) -> int: ...
    @property
    def seconds(self) -> float: ...


class TextModel(Protocol):
    """A chat model; chatglm.ChatModel is one. `prefix` is a loaded P-Tuning prefix's name, None for the base."""

    def stream(
        self,
        query: str,
        *,
        history: Sequence[tuple[str, str]] = (),
        seeds: Sequence[int] = (0,),
        sampling: SamplingParams | None = None,
        prefix: str | None = None,
        raw: bool = False,
        stop: threading.Event | None = None,
    ) -> Iterator[TextPiece]:
        """Return one sequence a seed, in one batch. `raw` sends `query` without the chat rounds (P-Tuning's form)."""
        ...
