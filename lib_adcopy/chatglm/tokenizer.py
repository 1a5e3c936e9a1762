"""The ice_text sentencepiece model with ChatGLM's own handling of line breaks, tabs and runs of spaces.

Special pieces written out in a text ("<sop>", "[MASK]") become their ids, as in the official tokenizer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.errors import ChatGLMError

_RUNS = re.compile(" {2,80}")
_SPECIAL_PIECES = ("<sop>", "<eop>", "<unk>", "<pad>", "[MASK]")
_SPECIAL = re.compile("(" + "|".join(map(re.escape, _SPECIAL_PIECES)) + ")")
# What sentencepiece decodes bytes to that are no character, or not a whole one yet.
HALF_CHARACTER = "\ufffd"
# There are pieces for 2 to 80 spaces; any other number is ordinary text.
_BLANKS = re.compile(r"<\|blank_([2-9]|[1-7]\d|80)\|>", re.ASCII)
# The published one has 2.7 MB.
_LARGEST_TOKENIZER = 64 * 2**20


class ChatGLMTokenizer:
    """The official encoding and decoding over a sentencepiece processor.

    `offset` is added to every sentencepiece id: 20000 in checkpoints before v1.1, where images had the first ids.
    """

    def __init__(self, processor: Any, offset: int = 0) -> None:
        self._pieces = processor
        self._offset = offset
        self.mask_id, self.gmask_id = self.piece_id("[MASK]"), self.piece_id("[gMASK]")
        self.bos_id, self.eos_id, self.pad_id = map(self.piece_id, ("<sop>", "<eop>", "<pad>"))
        self._special_ids = frozenset(map(self.piece_id, _SPECIAL_PIECES))

    def piece_id(self, piece: str) -> int:
        return self._pieces.PieceToId(piece) + self._offset

    def encode(self, text: str, *, special: bool = True) -> list[int]:
        """Return the official ids of `text`; with `special`, [gMASK] and <sop> after them, as the model expects."""
        ids: list[int] = []
        parts = _SPECIAL.split(text)
        for at, part in enumerate(parts):
            if at % 2:
                ids.append(self.piece_id(part))
                continue
            # The official tokenizer strips the blanks around a special piece.
            part = part.lstrip() if at > 0 else part
            part = part.rstrip() if at < len(parts) - 1 else part
            if part:
                ids += [piece + self._offset for piece in self._pieces.EncodeAsIds(_escape_whitespace(part))]
        return [*ids, self.gmask_id, self.bos_id] if special else ids

    def encode_pair(self, query: str, answer: str) -> list[int]:
        """Return query and answer as the model is trained on them: query [gMASK] <sop> answer <eop>."""
        return [*self.encode(query), *self.encode(answer, special=False), self.eos_id]

    def decode(self, ids: Sequence[int], *, skip_special: bool = True) -> str:
        """Return the text of `ids`; ids without a piece are skipped, where the official tokenizer raises."""
        return _unescape_whitespace(self.join_pieces(ids, skip_special=skip_special))

    def join_pieces(self, ids: Sequence[int], *, skip_special: bool = True) -> str:
        """Return the text of `ids` with line breaks, tabs and runs of spaces still as their pieces."""
        size = self._pieces.GetPieceSize()
        skipped = self._special_ids if skip_special else frozenset((self.pad_id,))
        pieces = [one - self._offset for one in ids if one not in skipped and 0 <= one - self._offset < size]
        return self._pieces.DecodeIds(pieces) if pieces else ""


class IncrementalDecoder:
    """Decodes ids that come one at a time: `text` is what decode gives for all of them, but each is decoded once."""

    def __init__(self, tokenizer: ChatGLMTokenizer) -> None:
        self._tokenizer = tokenizer
        # A text's first blank is dropped, a later one is not: later ids are decoded behind this piece.
        self._anchor = [tokenizer.piece_id("<n>")]
        self._anchor_length = len(tokenizer.join_pieces(self._anchor))
        self._complete = ""
        # Ids whose last character is not complete yet, and their text so far.
        self._pending: list[int] = []
        self._pending_text = ""
        self.tokens = 0

    def add(self, token: int) -> None:
        self.tokens += 1
        self._pending.append(token)
        if self._complete:
            anchored = self._tokenizer.join_pieces([*self._anchor, *self._pending])
            self._pending_text = anchored[self._anchor_length :]
        else:
            self._pending_text = self._tokenizer.join_pieces(self._pending)
        if self._pending_text and not self._pending_text.endswith(HALF_CHARACTER):
            self._complete += self._pending_text
            self._pending, self._pending_text = [], ""

    @property
    def text(self) -> str:
        return _unescape_whitespace(self._complete + self._pending_text)


def missing_package() -> ChatGLMError | None:
    """Return why this Python can load no model at all; None where it can."""
    return None if find_spec("sentencepiece") else ChatGLMError("no_sentencepiece")


def load_tokenizer(folder: Path | str, *, offset: int = 0) -> ChatGLMTokenizer:
    """Load the tokenizer of a model folder. Raises ChatGLMError for a missing sentencepiece, missing or broken file."""
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


def _escape_whitespace(text: str) -> str:
    text = text.replace("\n", "<n>").replace("\t", "<|tab|>")
    return _RUNS.sub(lambda run: f"<|blank_{len(run.group())}|>", text)


def _unescape_whitespace(text: str) -> str:
    text = text.replace("<n>", "\n").replace("<|tab|>", "\t")
    return _BLANKS.sub(lambda run: " " * int(run[1]), text)
