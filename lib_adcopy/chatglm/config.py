"""The configuration of a ChatGLM-6B folder, read from config.json and checked."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.formats import BadFileError, read_json_object

_LARGEST_CONFIG = 2**20
# Lowest and highest value of the sizes: room for any member of the family, none for a table that fills the memory.
_RANGES = {
    "vocab_size": (1, 2**20),
    "hidden_size": (1, 2**16),
    "inner_hidden_size": (1, 2**18),
    "num_layers": (1, 2**10),
    "num_attention_heads": (1, 2**10),
    "max_sequence_length": (1, 2**17),
    "num_image_tokens": (0, 2**20),
    "pre_seq_len": (0, 2**17),
}
_BITS = (0, 4, 8)


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
        """Read a folder's config.json. Raises ChatGLMError where it is missing, unreadable or another model's."""
        return cls.from_stored(read_config(folder), folder)

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any], folder: Path) -> ChatGLMConfig:
        """Check what `read_config` gave. Raises ChatGLMError for another model or a value that it cannot have."""
        problem = foreign(stored, folder)
        if problem:
            raise problem
        if stored["vocab_size"] == 150528:
            # Before v1.1 the first 20000 ids were image tokens and </s> ended an answer.
            stored = {"num_image_tokens": 20000, "mask_token_id": 150000, "gmask_token_id": 150001, **stored}
        given = {
            field.name: _checked(field.name, field.default, stored[field.name], folder)
            for field in fields(cls)
            if stored.get(field.name) is not None
        }
        config = cls(**given)
        check_consistency(config, folder, given.keys())
        return config


def read_config(folder: Path) -> dict[str, Any]:
    """Read config.json as it stands. Raises ChatGLMError where it is missing or no JSON object."""
    try:
        return read_json_object(folder / "config.json", largest=_LARGEST_CONFIG)
    except FileNotFoundError as error:
        raise ChatGLMError("no_config", folder=folder.name) from error
    except (OSError, BadFileError) as error:
        raise ChatGLMError("bad_config", folder=folder.name, reason=error) from error


def foreign(stored: Mapping[str, Any], folder: Path) -> ChatGLMError | None:
    """Return why this configuration is not ChatGLM-6B v1, None where it is. ChatGLM2 and 3 say "chatglm" too."""
    kind = stored.get("model_type", "unknown")
    if kind != "chatglm" or "inner_hidden_size" not in stored or "vocab_size" not in stored:
        later = "ChatGLM2/3" if "multi_query_attention" in stored or "padded_vocab_size" in stored else kind
        return ChatGLMError("not_chatglm", folder=folder.name, found=_shown(later))
    if stored.get("position_encoding_2d") is False:
        return ChatGLMError("positions", folder=folder.name)
    return None


def _checked(name: str, default: Any, value: Any, folder: Path) -> Any:
    """Return the value of a field in the field's own type. Raises ChatGLMError for one the model cannot have."""
    if isinstance(default, float):
        fine = type(value) in (int, float) and 0 < value < 1 and math.isfinite(value)
        value = float(value) if fine else value
    else:
        fine = type(value) is type(default)
        if fine and name == "quantization_bit":
            fine = value in _BITS
        elif fine and type(value) is int:
            # A token's id is compared with the vocabulary later.
            lowest, highest = _RANGES.get(name, (0, value))
            fine = lowest <= value <= highest
    if not fine:
        raise _bad_value(folder, name, value)
    return value


def check_consistency(config: ChatGLMConfig, folder: Path, names: Collection[str] | None = None) -> None:
    """Raise ChatGLMError where one of the fields `names`, by default any, does not fit the others."""
    names = {field.name for field in fields(config)} if names is None else names
    # Each half of a head is rotated in pairs.
    is_odd = config.hidden_size % config.num_attention_heads or config.head_dim % 4
    if is_odd and "num_attention_heads" in names:
        raise _bad_value(folder, "num_attention_heads", config.num_attention_heads)
    for name in names:
        if name.endswith("_token_id") and getattr(config, name) >= config.vocab_size:
            raise _bad_value(folder, name, getattr(config, name))


def _bad_value(folder: Path, name: str, value: object) -> ChatGLMError:
    return ChatGLMError("bad_value", folder=folder.name, name=name, value=_shown(value))


def _shown(value: object) -> str:
    """Return a value from a file as at most 40 characters of one line."""
    text = value if isinstance(value, str) else "[...]" if isinstance(value, list | dict) else repr(value)
    return "".join(letter if letter.isprintable() else " " for letter in text[:40])
