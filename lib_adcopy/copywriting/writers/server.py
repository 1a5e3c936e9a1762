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
# And after it: a last line to whoever asked, or a count of its characters.
_POSTSCRIPT = re.compile(
    r"\n[ \t*（(]*(?:希望(?:这[篇份段个条]文?案?|以上|对您有|您满意|您喜欢这)|以上是(?:为您|根据|这篇|一篇)|"
    r"如(?:果您?)?需要?(?:调整|修改|其他|更多)|如有(?:其他|任何)|字数|"
    r"I hope (?:this|it)|Let me know|Feel free to|Word count)[^\n]*\s*\Z",
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
        """Sample as ChatGLM's; where the server fails meanwhile or a stop comes, the best that is whole is mended."""
        ended = partial(_until_error, asked, threading.Event(), stop)
        return super()._sampled_again(brief, draft, ended, deadline, stop, facts_only=facts_only)

    def _draft(self, brief: Brief, piece: TextPiece, seed: int, *, facts_only: bool) -> Draft:
        text = _PREAMBLE.sub("", piece.text)
        plain = _Plain(piece, _POSTSCRIPT.sub("", text) if piece.done else text)
        return super()._draft(brief, plain, seed, facts_only=facts_only)


class _Plain:
    """A piece with another text."""

    def __init__(self, piece: TextPiece, text: str) -> None:
        self.text = text
        self.index, self.done, self.tokens, self.seconds = piece.index, piece.done, piece.tokens, piece.seconds


def _until_error(
    asked: Callable[..., Iterator[TextPiece]], has_failed: threading.Event, stop: threading.Event, **options: Any
) -> Iterator[TextPiece]:
    """Yield what comes before an error or a stop, and nothing once there was an error."""
    if has_failed.is_set():
        return
    try:
        for piece in asked(**options):
            if stop.is_set():
                return
            yield piece
    except AdCopyError as error:
        has_failed.set()
        _log.warning("an answer is not sampled again: %s", error)
