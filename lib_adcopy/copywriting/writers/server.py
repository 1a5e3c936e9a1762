"""A model of the user's own server as a writer: asked, read, checked and finished as ChatGLM's base model is."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from lib_adcopy.copywriting.writers.base import TextModel, TextPiece
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter
from lib_adcopy.copywriting.writers.presets import Presets
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Draft
from lib_adcopy.domain.writing import SERVER, Sampling
from lib_adcopy.errors import AdCopyError

_log = logging.getLogger("adcopy.writers")
# What a chat model says before the copy: a first line that ends in a colon.
_PREAMBLE = re.compile(
    r"\A\s*(?:好的|当然|没问题|以下|下面|这是|这里是|根据|Sure|Certainly|Of course|Okay|Here(?:['’]s| is| are))"
    r"[^\n]{0,80}[:：][ \t*]*\n+",
    re.IGNORECASE,
)


class ServerWriter(ChatGLMWriter):
    """Writes through a TextModel that raises AdCopyError where its server fails.

    A candidate is finished before the next is asked for, so that an error loses none that is whole.
    """

    id = SERVER

    def __init__(self, model: TextModel, *, presets: Presets | None = None) -> None:
        super().__init__(model, presets=presets)

    def _drafts(
        self,
        brief: Brief,
        query: str,
        seeds: Sequence[int],
        sampling: Sampling,
        stop: threading.Event,
        **options: Any,
    ) -> Iterator[Draft]:
        for index, seed in enumerate(seeds):
            if stop.is_set():
                return
            for draft in super()._drafts(brief, query, [seed], sampling, stop, **options):
                yield replace(draft, index=index)

    def _sampled_again(
        self,
        brief: Brief,
        draft: Draft,
        asked: Callable[..., Iterator[TextPiece]],
        deadline: float,
        stop: threading.Event,
        *,
        facts_only: bool,
    ) -> Draft:
        """As ChatGLM's; where the server fails meanwhile, the best that came is mended."""
        ended = partial(_until_error, asked, threading.Event())
        return super()._sampled_again(brief, draft, ended, deadline, stop, facts_only=facts_only)

    def _draft(self, brief: Brief, piece: TextPiece, seed: int, *, facts_only: bool) -> Draft:
        plain = _Plain(piece, _PREAMBLE.sub("", piece.text))
        return super()._draft(brief, plain, seed, facts_only=facts_only)


class _Plain:
    """A piece with another text."""

    def __init__(self, piece: TextPiece, text: str) -> None:
        self.text = text
        self.index, self.done, self.tokens, self.seconds = piece.index, piece.done, piece.tokens, piece.seconds


def _until_error(
    asked: Callable[..., Iterator[TextPiece]], has_failed: threading.Event, **options: Any
) -> Iterator[TextPiece]:
    """Yield what comes before an error, and nothing once there was one."""
    if has_failed.is_set():
        return
    try:
        yield from asked(**options)
    except AdCopyError as error:
        has_failed.set()
        _log.warning("an answer is not sampled again: %s", error)
