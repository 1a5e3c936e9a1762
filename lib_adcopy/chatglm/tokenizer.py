"""The ice_text sentencepiece model with ChatGLM's own handling of line breaks, tabs and runs of spaces.

Special pieces written out in a text ("<sop>", "[MASK]") become their ids, as the official tokenizer has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.errors import ChatGLMError

_RUNS = re.compile(" {2,80}")
_SPLIT_OUT = ("<sop>", "<eop>", "<unk>", "<pad>", "[MASK]")
_SPECIAL = re.compile("(" + "|".join(map(re.escape, _SPLIT_OUT)) + ")")
# What sentencepiece gives for bytes that are no character, or not yet.
HALF_CHARACTER = "\ufffd"
# The pieces there are: of 2 to 80 spaces. Any other number is a text's own words.
_BLANKS = re.compile(r"<\|blank_([2-9]|[1-7]\d|80)\|>", re.ASCII)
# The published one has 2.7 MB.
_LARGEST_TOKENIZER = 64 * 2**20


class ChatGLMTokenizer:
    """`offset` is added to every sentencepiece id: 20000 in checkpoints before v1.1, where images had the first ids."""

    def __init__(self, processor: Any, offset: int = 0) -> None:
        self._pieces = processor
        self._offset = offset
        find = self.piece_id
        self.mask_id, self.gmask_id = find("[MASK]"), find("[gMASK]")
        self.bos_id, self.eos_id, self.pad_id = find("<sop>"), find("<eop>"), find("<pad>")
        self._hidden = frozenset(map(find, _SPLIT_OUT))

    def piece_id(self, piece: str) -> int:
        return self._pieces.PieceToId(piece) + self._offset

    def encode(self, text: str, *, special: bool = True) -> list[int]:
        """The official ids of `text`; with `special`, [gMASK] and <sop> after them, as the model is asked."""
        ids: list[int] = []
        parts = _SPECIAL.split(text)
        for at, part in enumerate(parts):
            if at % 2:
                ids.append(self.piece_id(part))
                continue
            # The official tokenizer takes the blanks off around a special piece.
            part = part.lstrip() if at > 0 else part
            part = part.rstrip() if at < len(parts) - 1 else part
            if part:
                ids += [found + self._offset for found in self._pieces.EncodeAsIds(_written(part))]
        return [*ids, self.gmask_id, self.bos_id] if special else ids

    def encode_pair(self, query: str, answer: str) -> list[int]:
        """Query and answer as the model is trained on: query [gMASK] <sop> answer <eop>."""
        return [*self.encode(query), *self.encode(answer, special=False), self.eos_id]

    def decode(self, ids: Sequence[int], *, skip_special: bool = True) -> str:
        """The text of `ids`; ids that have no piece say nothing, the official tokenizer raises on them."""
        return _read(self.spell(ids, skip_special=skip_special))

    def spell(self, ids: Sequence[int], *, skip_special: bool = True) -> str:
        """The text of `ids` with line breaks, tabs and runs of spaces still as their pieces."""
        size = self._pieces.GetPieceSize()
        hidden = self._hidden if skip_special else frozenset((self.pad_id,))
        kept = [found - self._offset for found in ids if found not in hidden and 0 <= found - self._offset < size]
        return self._pieces.DecodeIds(kept) if kept else ""


class Transcript:
    """The text of ids that come one at a time: always what decode gives for all of them, but each is read once."""

    def __init__(self, tokenizer: ChatGLMTokenizer) -> None:
        self._tokenizer = tokenizer
        # A text's first blank is dropped, a later one is not: what comes later is spelt behind this.
        self._before = [tokenizer.piece_id("<n>")]
        self._known = len(tokenizer.spell(self._before))
        self._settled = ""
        self._open: list[int] = []
        self._spelt = ""
        self.tokens = 0

    def add(self, token: int) -> None:
        self.tokens += 1
        self._open.append(token)
        if self._settled:
            self._spelt = self._tokenizer.spell([*self._before, *self._open])[self._known :]
        else:
            self._spelt = self._tokenizer.spell(self._open)
        if self._spelt and not self._spelt.endswith(HALF_CHARACTER):
            self._settled += self._spelt
            self._open, self._spelt = [], ""

    @property
    def text(self) -> str:
        return _read(self._settled + self._spelt)


def missing_package() -> ChatGLMError | None:
    """Why no model at all can be loaded in this Python; None where one can."""
    return None if find_spec("sentencepiece") else ChatGLMError("no_sentencepiece")


def load_tokenizer(folder: Path | str, *, offset: int = 0) -> ChatGLMTokenizer:
    """The tokenizer of a model folder. Raises ChatGLMError where ice_text.model or sentencepiece is missing, or the
    file not whole."""
    problem = missing_package()
    if problem:
        raise problem
    import sentencepiece

    file = Path(folder) / "ice_text.model"
    if not file.is_file():
        raise ChatGLMError("no_tokenizer", folder=Path(folder).name)
    try:
        with file.open("rb") as opened:
            stored = opened.read(_LARGEST_TOKENIZER + 1)
    except OSError as error:
        raise ChatGLMError("unreadable", file=file.name, reason=error.strerror or error) from error
    if stored.startswith(b"version https://git-lfs"):
        raise ChatGLMError("lfs_pointer", file=file.name)
    processor = sentencepiece.SentencePieceProcessor()
    try:
        if len(stored) > _LARGEST_TOKENIZER or not processor.LoadFromSerializedProto(stored):
            raise ChatGLMError("truncated", file=file.name)
    except RuntimeError as error:
        raise ChatGLMError("truncated", file=file.name) from error
    return ChatGLMTokenizer(processor, offset)


def _written(text: str) -> str:
    text = text.replace("\n", "<n>").replace("\t", "<|tab|>")
    return _RUNS.sub(lambda run: f"<|blank_{len(run.group())}|>", text)


def _read(text: str) -> str:
    text = text.replace("<n>", "\n").replace("<|tab|>", "\t")
    return _BLANKS.sub(lambda run: " " * int(run[1]), text)
