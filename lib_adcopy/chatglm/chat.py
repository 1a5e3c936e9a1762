"""A model and its tokenizer as somebody to talk to: prompts in, streamed text out."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.generate import Sampler, generate
from lib_adcopy.chatglm.load import add_prefix, load_model
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.offload import Parking
from lib_adcopy.chatglm.tokenizer import HALF_CHARACTER, ChatGLMTokenizer, Transcript, load_tokenizer

# Sentencepiece folds full-width punctuation; beside an ideograph it is given back.
_FOLDED = {",": "，", "!": "！", ":": "：", ";": "；", "?": "？"}
_BESIDE_IDEOGRAPH = re.compile("(?<=[\u4e00-\u9fff])[,!:;?]|[,!:;?](?=[\u4e00-\u9fff])")
# An answer needs room: older rounds go before the prompt leaves less than this.
_ANSWER_TOKENS = 256


@dataclass(frozen=True)
class TextPiece:
    """What answer `index` has said so far; `tokens` of it in `seconds`. `text` never shows half a character."""

    index: int
    text: str
    done: bool
    tokens: int
    seconds: float


class ChatModel:
    """One loaded model. Requests take turns: a second one waits until the first is done or stopped."""

    def __init__(self, model: ChatGLM, tokenizer: ChatGLMTokenizer) -> None:
        self._model: ChatGLM | None = model
        self.tokenizer = tokenizer
        self._turn = threading.Lock()
        self._parking = Parking(model)

    @classmethod
    def open(cls, folder: Path | str, **options: Any) -> ChatModel:
        """`options` are load_model's. Raises ChatGLMError, also for a folder without its tokenizer."""
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
        """Loads a P-Tuning prefix, once; `stream` chooses it by name."""
        add_prefix(self.model, name, folder)

    @property
    def size_bytes(self) -> int:
        """Of the weights and the prefixes loaded beside them."""
        return self._parking.size_bytes

    @property
    def host_bytes(self) -> int:
        """Of these, the bytes that have their copy in host memory already."""
        return self._parking.host_bytes

    @property
    def parked(self) -> bool:
        return self._parking.parked

    def park(self, *, pin: bool = False) -> None:
        """Off the card into host memory, once nobody is being answered; see Parking.leave."""
        with self._turn:
            self._parking.leave(pin=pin)

    def resume(self) -> None:
        """Back onto the card, before the next `stream`; see Parking.enter."""
        with self._turn:
            self._parking.enter()

    @contextmanager
    def borrowed(self) -> Iterator[ChatModel]:
        """The model on its device for a training; whoever asks meanwhile waits until it is given back."""
        with self._turn:
            self._parking.enter()
            yield self

    def close(self) -> None:
        """Frees the weights once nobody is being answered."""
        with self._turn:
            self._model = None
            self._parking.close()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def stream(
        self,
        query: str,
        *,
        history: Sequence[tuple[str, str]] = (),
        seeds: Sequence[int] = (0,),
        temperature: float = 0.95,
        top_p: float = 0.7,
        top_k: int = 50,
        repetition_penalty: float = 1.0,
        max_length: int = 2048,
        min_length: int = 0,
        prefix: str | None = None,
        prefixes: Sequence[str | None] | None = None,
        raw: bool = False,
        stop: threading.Event | None = None,
    ) -> Iterator[TextPiece]:
        """Answers to `query`, one a seed, in one batch. `raw` asks it alone, without the chat's rounds.

        `prefix` stands before all answers, or `prefixes` one before each. `max_length` and `min_length` count the
        prompt's tokens too: rounds of `history` go, oldest first, until an answer has room below `max_length`, and an
        answer that reaches it is cut there. Raises ChatGLMError where the query alone leaves no room.
        Ends within one token of `stop`, while the prompt is read within one layer; every answer's last piece is `done`,
        what was said until then is kept.
        """
        samplers = [
            Sampler(seed, temperature=temperature, top_p=top_p, top_k=top_k, repetition_penalty=repetition_penalty)
            for seed in seeds
        ]
        with self._turn:
            model = self.model
            before = list(prefixes) if prefixes is not None else [prefix] * len(samplers)
            limit = min(max_length, model.config.max_sequence_length)
            ids = self._prompt(query, () if raw else history, limit)
            started = time.perf_counter()
            said = [Transcript(self.tokenizer) for _ in samplers]
            ended: set[int] = set()
            prompt = torch.tensor([ids], device=model.device)
            stopped = stop.is_set if stop is not None else None
            for step in generate(
                model, prompt, samplers, max_length=limit, min_length=min_length, prefixes=before, stopped=stopped
            ):
                for index, token in step.items():
                    if token == model.config.eos_token_id:
                        ended.add(index)
                    else:
                        said[index].add(token)
                    yield _piece(index, said[index], index in ended, time.perf_counter() - started)
            for index in range(len(samplers)):
                if index not in ended:
                    yield _piece(index, said[index], True, time.perf_counter() - started)

    def _prompt(self, query: str, history: Sequence[tuple[str, str]], limit: int) -> list[int]:
        """The newest rounds that leave the answer room."""
        for dropped in range(len(history) + 1):
            ids = self.tokenizer.encode(build_prompt(query, history[dropped:]))
            if len(ids) + _ANSWER_TOKENS <= limit:
                break
        return ids


def _piece(index: int, said: Transcript, done: bool, seconds: float) -> TextPiece:
    whole = said.text.replace(HALF_CHARACTER, "")
    return TextPiece(index, process_response(whole), done, said.tokens, seconds)


def build_prompt(query: str, history: Sequence[tuple[str, str]]) -> str:
    """The published chat's form: the query alone, or rounds numbered from 0."""
    if not history:
        return query
    rounds = "".join(f"[Round {at}]\n问：{asked}\n答：{answer}\n" for at, (asked, answer) in enumerate(history))
    return f"{rounds}[Round {len(history)}]\n问：{query}\n答："


def process_response(text: str) -> str:
    """The published chat's last touch: blanks off, the placeholder for the training date filled, punctuation whole."""
    text = text.strip().replace("[[训练时间]]", "2023年")
    return _BESIDE_IDEOGRAPH.sub(lambda found: _FOLDED[found.group()], text)
