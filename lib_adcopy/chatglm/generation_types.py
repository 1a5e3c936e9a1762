"""Describe what a request to generate text says and what comes back. No torch, so that packages without it can use
both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SamplingParams:
    """Describe how tokens are drawn; the only place where the defaults stand.

    `temperature` 0 takes the likeliest token. `max_length` and `min_length` count the prompt's tokens too. The defaults
    are the published demo's; top_k 50 is transformers' own, which the demo leaves alone.
    """

    temperature: float = 0.95
    top_p: float = 0.7
    top_k: int = 50
    repetition_penalty: float = 1.0
    max_length: int = 2048
    min_length: int = 0


@dataclass(frozen=True)
class AnswerChunk:
    """The whole text of answer `index` so far, made of `tokens` tokens in `seconds`; it never ends in half a character.

    `done` marks an answer's last chunk.
    """

    index: int
    text: str
    done: bool
    tokens: int
    seconds: float
