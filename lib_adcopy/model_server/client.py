"""The calls to a model server: its models, an answer as it is written, and that it lets a model go."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib_adcopy.chatglm.generation_types import SamplingParams
from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_server.address import ServerAddress
from lib_adcopy.model_server.events import DONE, event_data
from lib_adcopy.model_server.exchange import Exchange, Timeouts
from lib_adcopy.model_server.refusals import json_object, reason_of, refusal

# An answer of 2,048 tokens, each in an event of its own with everything a server adds to one.
_LARGEST_ANSWER = 8 * 2**20
_LARGEST_LIST = 2**20
_MOST_MODELS, _LONGEST_NAME = 500, 200
_KEY = re.compile(r"[\x21-\x7e]{0,500}")
_SEEDS = 2**31
# Seconds in which a server's memory is free after it said that a model goes.
_UNLOAD_SECONDS, _UNLOAD_POLL_SECONDS = 5.0, 0.1
_SHORT = Timeouts(connect=3.0, read=10.0, whole=20.0)

Message = Mapping[str, str]


@dataclass(frozen=True)
class AnswerPart:
    """Part of an answer: some text, or thoughts that are no part of it. `finish` is set with its end."""

    text: str = ""
    is_thought: bool = False
    finish: str = ""


class ServerClient:
    """Talks to one server. `key` is sent to its address alone and stands in no error.

    Every method raises AdCopyError("model_server....") with one sentence, and ExchangeStoppedError where `stop` was
    set.
    """

    def __init__(
        self,
        address: ServerAddress,
        *,
        key: str = "",
        any_address: bool = False,
        timeouts: Timeouts | None = None,
    ) -> None:
        """`any_address` allows servers on the internet; otherwise this machine's and private networks' only."""
        if not _KEY.fullmatch(key):
            raise AdCopyError("model_server.bad_key")
        self.address = address
        self._key, self._any_address = key, any_address
        self._timeouts = timeouts or Timeouts()

    def models(self, stop: threading.Event | None = None) -> tuple[str, ...]:
        """List the names of the server's models."""
        told = self._json("GET", f"{self.address.path}/models", stop=stop)
        listed = told.get("data")
        if not isinstance(listed, list):
            raise AdCopyError("model_server.no_api", address=self.address.origin)
        names = [one.get("id") for one in listed[:_MOST_MODELS] if isinstance(one, dict)]
        return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME))

    def answer(
        self,
        model: str,
        messages: Sequence[Message],
        *,
        seed: int,
        sampling: SamplingParams,
        stop: threading.Event | None = None,
    ) -> Iterator[AnswerPart]:
        """Stream an answer; its last part has a `finish`, and a stream that ends without one raises "cut"."""
        body = {
            "messages": list(messages),
            "model": model,
            "max_tokens": sampling.max_length,
            "seed": seed % _SEEDS,
            "stream": True,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
        }
        path = f"{self.address.path}/chat/completions"
        with self._exchange("POST", path, body, stop=stop, largest=_LARGEST_ANSWER) as exchange:
            self._check(exchange, model)
            if exchange.content_type.startswith("application/json"):
                # A server that does not stream gives the whole answer at once.
                part = self._part(exchange.read())
                yield part if part.finish else AnswerPart(part.text, part.is_thought, "stop")
                return
            if exchange.content_type.startswith("text/html"):
                raise AdCopyError("model_server.no_api", address=self.address.origin)
            yield from self._parts(exchange)

    def unload(self, model: str) -> bool:
        """Have an Ollama server free the model's memory, and wait until it did; False for a server without the call."""
        root = self.address.root
        try:
            version = self._json("GET", f"{root}/api/version").get("version")
        except AdCopyError:
            # Nothing to call there, or nobody there: no model of ours is in its memory.
            return False
        if not isinstance(version, str):
            return False
        self._json("POST", f"{root}/api/generate", {"model": model, "keep_alive": 0})
        deadline = time.monotonic() + _UNLOAD_SECONDS
        while self._is_loaded(model) and time.monotonic() < deadline:
            time.sleep(_UNLOAD_POLL_SECONDS)
        return True

    def _is_loaded(self, model: str) -> bool:
        listed = self._json("GET", f"{self.address.root}/api/ps").get("models")
        names = {one.get("name") for one in listed if isinstance(one, dict)} if isinstance(listed, list) else set()
        return bool(names & {model, f"{model}:latest"})

    def _parts(self, exchange: Exchange) -> Iterator[AnswerPart]:
        finish = ""
        try:
            for data in event_data(exchange.lines()):
                if data == DONE:
                    finish = finish or "stop"
                    break
                part = self._part(data)
                finish = part.finish or finish
                if part.text:
                    yield AnswerPart(part.text, part.is_thought)
        except AdCopyError:
            # Nothing is missing from an answer that was said to be finished.
            if not finish:
                raise
        if not finish:
            raise AdCopyError("model_server.cut", address=self.address.origin)
        yield AnswerPart(finish=finish)

    def _part(self, data: str | bytes) -> AnswerPart:
        """Read one event of a stream, or a whole answer."""
        told = json_object(data)
        if told is not None and told.get("error"):
            reason = reason_of(told, self._key) or "?"
            raise AdCopyError("model_server.failed", address=self.address.origin, reason=reason)
        choices = told.get("choices") if told is not None else None
        if told is None or (not isinstance(choices, list) and "usage" not in told):
            raise AdCopyError("model_server.bad_answer", address=self.address.origin)
        choice = choices[0] if choices and isinstance(choices[0], dict) else {}
        said = choice.get("delta") or choice.get("message") or {}
        said = said if isinstance(said, dict) else {}
        text = said.get("content")
        thought = said.get("reasoning_content") or said.get("reasoning")
        finish = choice.get("finish_reason")
        is_thought = not text and isinstance(thought, str)
        return AnswerPart(
            text if isinstance(text, str) else str(thought) if is_thought else "",
            is_thought,
            finish if isinstance(finish, str) else "",
        )

    def _json(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, stop: threading.Event | None = None
    ) -> dict[str, Any]:
        """Make a short call and return its JSON object."""
        with self._exchange(method, path, body, stop=stop, largest=_LARGEST_LIST, timeouts=_SHORT) as exchange:
            self._check(exchange, str((body or {}).get("model", "")))
            told = json_object(exchange.read())
        if told is None:
            raise AdCopyError("model_server.no_api", address=self.address.origin)
        return told

    def _check(self, exchange: Exchange, model: str) -> None:
        """Raise AdCopyError for an answer that is not 200."""
        if exchange.status != 200:
            body = b"" if 300 <= exchange.status < 400 else exchange.read()
            raise refusal(self.address, exchange.status, body, model=model, key=self._key)

    def _exchange(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        stop: threading.Event | None,
        largest: int,
        timeouts: Timeouts | None = None,
    ) -> Exchange:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "ad-copy"}
        sent = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            # Half an emoji is no UTF-8.
            sent = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return Exchange(
            self.address,
            method,
            path,
            headers,
            sent,
            any_address=self._any_address,
            timeouts=_shorter(timeouts, self._timeouts),
            largest=largest,
            stop=stop or threading.Event(),
        )


def _shorter(wanted: Timeouts | None, limit: Timeouts) -> Timeouts:
    """Return the wanted time-outs, none of them longer than the client's own."""
    if wanted is None:
        return limit
    return Timeouts(min(wanted.connect, limit.connect), min(wanted.read, limit.read), min(wanted.whole, limit.whole))
