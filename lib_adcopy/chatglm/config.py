"""config.json of a ChatGLM-6B folder, checked."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

from lib_adcopy.chatglm.errors import ChatGLMError


@dataclass(frozen=True)
class ChatGLMConfig:
    """Sizes and special ids under their names in config.json; the defaults are the published model's (v1.1)."""

    vocab_size: int = 130528
    hidden_size: int = 4096
    inner_hidden_size: int = 16384
    num_layers: int = 28
    num_attention_heads: int = 32
    layernorm_epsilon: float = 1e-5
    max_sequence_length: int = 2048
    bos_token_id: int = 130004
    eos_token_id: int = 130005
    mask_token_id: int = 130000
    gmask_token_id: int = 130001
    pad_token_id: int = 3
    quantization_bit: int = 0
    quantization_embeddings: bool = False
    tie_word_embeddings: bool = True
    num_image_tokens: int = 0
    pre_seq_len: int = 0
    prefix_projection: bool = False

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads

    @classmethod
    def read(cls, folder: Path) -> ChatGLMConfig:
        """Raises ChatGLMError for a folder without one, with an unreadable one, or of another model."""
        stored = read_config(folder)
        problem = foreign(stored, folder)
        if problem:
            raise problem
        early = stored["vocab_size"] == 150528
        if early:
            # Before v1.1 the first 20000 ids were image tokens and </s> ended an answer.
            stored = {"num_image_tokens": 20000, "mask_token_id": 150000, "gmask_token_id": 150001, **stored}
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in stored.items() if name in known and value is not None}
        return cls(**given)


def read_config(folder: Path) -> dict:
    """config.json as it stands. Raises ChatGLMError where it is missing or not JSON."""
    try:
        stored = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ChatGLMError("no_config", folder=folder.name) from error
    except (OSError, ValueError) as error:
        raise ChatGLMError("bad_config", folder=folder.name, reason=error) from error
    if not isinstance(stored, dict):
        raise ChatGLMError("bad_config", folder=folder.name, reason="no JSON object")
    return stored


def foreign(stored: dict, folder: Path) -> ChatGLMError | None:
    """Why this configuration is not ChatGLM-6B v1, None where it is. ChatGLM2 and 3 say "chatglm" too."""
    kind = str(stored.get("model_type", "unknown"))
    if kind != "chatglm" or "inner_hidden_size" not in stored or "vocab_size" not in stored:
        later = "ChatGLM2/3" if "multi_query_attention" in stored or "padded_vocab_size" in stored else kind
        return ChatGLMError("not_chatglm", folder=folder.name, found=later)
    if stored.get("position_encoding_2d") is False:
        return ChatGLMError("positions", folder=folder.name)
    return None
