"""A server's model, asked as a chat model of ours is: streamed answers, one for each seed."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence

from lib_adcopy.chatglm.generation_types import AnswerChunk, SamplingParams
from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_server.client import Message, ServerClient
from lib_adcopy.model_server.exchange import ExchangeStoppedError

# Characters of earlier rounds that are sent again: many servers read 4,096 tokens and drop the beginning of more,
# which is the instruction.
_HISTORY_CHARACTERS = 3000
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
# A chat template may have opened the thoughts itself.
_THOUGHTS_END = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL)
_SENTENCE_END = re.compile(r"[。！？!?…~～\n]|\.(?=\s|$)")


class ServerModel:
    """One model of a server. Answers are asked for one after the other, each with its own seed.

    Not at once: servers on a user's machine work on one at a time and let the others wait, silently, until those time
    out.
    """

    def __init__(self, client: ServerClient, name: str) -> None:
        self._client, self._name = client, name

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
    ) -> Iterator[AnswerChunk]:
        """Stream as TextModel does; the text so far is kept at a stop, and of a broken answer nothing.

        `prefix` and `raw` are for models of ours and change nothing. Raises AdCopyError with one sentence.
        """
        stop = stop or threading.Event()
        messages = _messages(query, () if raw else history)
        for index, seed in enumerate(seeds):
            if stop.is_set():
                return
            yield from self._answer(index, messages, seed, sampling or SamplingParams(), stop)

    def _answer(
        self, index: int, messages: Sequence[Message], seed: int, sampling: SamplingParams, stop: threading.Event
    ) -> Iterator[AnswerChunk]:
        text, finish, parts, thought = "", "", 0, False
        started = time.monotonic()
        try:
            for part in self._client.answer(self._name, messages, seed=seed, sampling=sampling, stop=stop):
                parts += bool(part.text)
                finish, thought = part.finish, thought or part.is_thought
                if part.text and not part.is_thought:
                    text += part.text
                yield AnswerChunk(index, visible(text), False, parts, time.monotonic() - started)
        except ExchangeStoppedError:
            yield AnswerChunk(index, visible(text), True, parts, time.monotonic() - started)
            return
        said = visible(text)
        if not said:
            raise AdCopyError("model_server.only_thoughts" if thought or text.strip() else "model_server.empty",
                              model=self._name)  # fmt: skip
        if finish == "length":
            said = to_last_sentence(said)
        yield AnswerChunk(index, said, True, parts, time.monotonic() - started)


def visible(text: str) -> str:
    """Return an answer without its thoughts, also while they are being written."""
    return _THOUGHTS_END.sub("", _THOUGHTS.sub("", text)).strip()


def to_last_sentence(text: str) -> str:
    """Return the whole sentences of an answer that was cut at its greatest length; all of it where there is none."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]].rstrip() if ends else text


def _messages(query: str, history: Sequence[tuple[str, str]]) -> list[Message]:
    """Return the rounds of a chat, the newest of the earlier ones as far as they fit."""
    kept: list[Message] = []
    left = _HISTORY_CHARACTERS
    for asked, answered in reversed(history):
        left -= len(asked) + len(answered)
        if left < 0:
            break
        kept[:0] = [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return [*kept, {"role": "user", "content": query}]
