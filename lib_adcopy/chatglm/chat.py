"""A model with its tokenizer: prompts in, streamed text out."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.generate import generate
from lib_adcopy.chatglm.generation_types import AnswerChunk, SamplingParams
from lib_adcopy.chatglm.load import add_prefix, load_model
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.offload import WeightOffloader
from lib_adcopy.chatglm.sampling import Sampler
from lib_adcopy.chatglm.tokenizer import (
    HALF_CHARACTER,
    ChatGLMTokenizer,
    IncrementalDecoder,
    load_tokenizer,
)

# Sentencepiece makes full-width punctuation half-width; beside an ideograph it is made full-width again.
_FULL_WIDTH = {",": "，", "!": "！", ":": "：", ";": "；", "?": "？"}
_BESIDE_IDEOGRAPH = re.compile("(?<=[\u4e00-\u9fff])[,!:;?]|[,!:;?](?=[\u4e00-\u9fff])")
# Tokens kept for the answer: older rounds are dropped before the prompt leaves fewer.
_ANSWER_TOKENS = 256


class ChatModel:
    """One loaded model. It serves one request at a time: a second one waits until the first is done or stopped."""

    def __init__(self, model: ChatGLM, tokenizer: ChatGLMTokenizer) -> None:
        self._model: ChatGLM | None = model
        self.tokenizer = tokenizer
        self._lock = threading.Lock()
        self._offloader = WeightOffloader(model)

    @classmethod
    def open(cls, folder: Path | str, **options: Any) -> ChatModel:
        """Open a model folder; `options` are load_model's. Raises ChatGLMError, also for a missing tokenizer."""
        folder = Path(folder)
        # The tokenizer first: what is wrong with it need not wait for gigabytes of weights.
        tokenizer = load_tokenizer(folder, offset=ChatGLMConfig.read(folder).num_image_tokens)
        return cls(load_model(folder, **options), tokenizer)

    @property
    def model(self) -> ChatGLM:
        if self._model is None:
            raise ChatGLMError("closed")
        return self._model

    @property
    def device(self) -> torch.device:
        return self.model.device

    def add_prefix(self, name: str, folder: Path | str) -> None:
        """Load a P-Tuning prefix, once; `stream` chooses it by name."""
        add_prefix(self.model, name, folder)

    @property
    def size_bytes(self) -> int:
        """Size of the weights and of the prefixes loaded beside them."""
        return self._offloader.size_bytes

    @property
    def host_bytes(self) -> int:
        """Return how many bytes of it have a copy in host memory."""
        return self._offloader.host_bytes

    @property
    def is_offloaded(self) -> bool:
        return self._offloader.is_offloaded

    def offload(self, *, pin: bool = False) -> None:
        """Move from the GPU to host memory once no answer is being written; see WeightOffloader.offload."""
        with self._lock:
            self._offloader.offload(pin=pin)

    def reload(self) -> None:
        """Move back to the GPU, before the next `stream`; see WeightOffloader.reload."""
        with self._lock:
            self._offloader.reload()

    @contextmanager
    def exclusive(self) -> Iterator[ChatModel]:
        """Hold the model on its device, for a training; other requests wait until the block ends."""
        with self._lock:
            self._offloader.reload()
            yield self

    def close(self) -> None:
        """Free the weights once no answer is being written."""
        with self._lock:
            self._model = None
            self._offloader.close()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def stream(
        self,
        query: str,
        *,
        history: Sequence[tuple[str, str]] = (),
        seeds: Sequence[int] = (0,),
        sampling: SamplingParams | None = None,
        prefix: str | None = None,
        prefixes: Sequence[str | None] | None = None,
        raw: bool = False,
        stop: threading.Event | None = None,
    ) -> Iterator[AnswerChunk]:
        """Stream answers to `query`, one for each seed, in one batch.

        `raw` sends the query without the chat's rounds. `prefix` applies to all answers, or `prefixes` one to each.
        Rounds of `history` are dropped, oldest first, until enough of `sampling.max_length` is left for an answer;
        an answer that reaches it is cut there. Raises ChatGLMError where the query alone is too long.
        Ends within one token of `stop`, and within one layer while the prompt is read; the text so far is kept and
        every answer's last chunk is `done`.
        """
        sampling = sampling or SamplingParams()
        samplers = [Sampler(seed, sampling) for seed in seeds]
        with self._lock:
            model = self.model
            limit = min(sampling.max_length, model.config.max_sequence_length)
            ids = self._prompt(query, () if raw else history, limit)
            started = time.perf_counter()
            decoders = [IncrementalDecoder(self.tokenizer) for _ in samplers]
            ended: set[int] = set()
            steps = generate(
                model,
                torch.tensor([ids], device=model.device),
                samplers,
                max_length=limit,
                min_length=sampling.min_length,
                prefixes=list(prefixes) if prefixes is not None else [prefix] * len(samplers),
                should_stop=stop.is_set if stop is not None else None,
            )
            for step in steps:
                for index, token in step.items():
                    if token == model.config.eos_token_id:
                        ended.add(index)
                    else:
                        decoders[index].add(token)
                    yield _chunk(index, decoders[index], index in ended, time.perf_counter() - started)
            for index in range(len(samplers)):
                if index not in ended:
                    yield _chunk(index, decoders[index], True, time.perf_counter() - started)

    def _prompt(self, query: str, history: Sequence[tuple[str, str]], limit: int) -> list[int]:
        """Encode the query with the newest rounds that leave enough tokens for an answer."""
        for dropped in range(len(history) + 1):
            ids = self.tokenizer.encode(build_prompt(query, history[dropped:]))
            if len(ids) + _ANSWER_TOKENS <= limit:
                break
        return ids


def _chunk(index: int, decoder: IncrementalDecoder, done: bool, seconds: float) -> AnswerChunk:
    whole = decoder.text.replace(HALF_CHARACTER, "")
    return AnswerChunk(index, process_response(whole), done, decoder.tokens, seconds)


def build_prompt(query: str, history: Sequence[tuple[str, str]]) -> str:
    """Build the published chat's prompt: the query alone, or rounds numbered from 0."""
    if not history:
        return query
    rounds = "".join(f"[Round {at}]\n问：{question}\n答：{answer}\n" for at, (question, answer) in enumerate(history))
    return f"{rounds}[Round {len(history)}]\n问：{query}\n答："


def process_response(text: str) -> str:
    """Clean an answer as the published chat does: strip it, fill in the training date, make punctuation full-width."""
    text = text.strip().replace("[[训练时间]]", "2023年")
    return _BESIDE_IDEOGRAPH.sub(lambda match: _FULL_WIDTH[match.group()], text)
