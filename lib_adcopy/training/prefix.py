"""The trainable side of P-Tuning v2 and the folder it is saved as: the published scripts' keys and shapes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig, read_config
from lib_adcopy.chatglm.prefix import Prefix
from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.atomic import write_atomic
from lib_adcopy.training.settings import Settings

_ROOT = "transformer.prefix_encoder."
# What save_prefix writes, in this order: a folder without config.json is not listed.
PREFIX_FILES = ("pytorch_model.bin", "card.json", "config.json")


class PrefixEncoder(torch.nn.Module):
    """Keys and values for `prefix_length` positions of every layer, in fp32.

    Weights: embedding (length, layers * 2 * hidden); with the projection, embedding (length, hidden), then a linear
    layer trans.0 (hidden, hidden), tanh and a linear layer trans.2 (hidden, layers * 2 * hidden).
    """

    def __init__(self, config: ChatGLMConfig, settings: Settings) -> None:
        super().__init__()
        self._config = config
        wide, hidden = config.num_layers * 2 * config.hidden_size, config.hidden_size
        generator = torch.Generator().manual_seed(settings.seed)
        self.embedding = torch.nn.Embedding(settings.prefix_length, hidden if settings.projection else wide)
        # Not torch.nn.init: torch 2.1's takes no generator, and a webui that loads a checkpoint switches it off.
        self.embedding.weight.data.normal_(generator=generator)
        self.trans: torch.nn.Module | None = None
        if settings.projection:
            first, second = torch.nn.Linear(hidden, hidden), torch.nn.Linear(hidden, wide)
            for linear in (first, second):
                linear.weight.data.uniform_(-(hidden**-0.5), hidden**-0.5, generator=generator)
                linear.bias.data.zero_()
            self.trans = torch.nn.Sequential(first, torch.nn.Tanh(), second)

    def forward(self, dtype: torch.dtype, dropout: torch.Tensor | None = None) -> Prefix:
        """Return the prefix in the model's dtype; `dropout` (length, layers * 2 * hidden) scales its values."""
        values = self.embedding.weight if self.trans is None else self.trans(self.embedding.weight)
        if dropout is not None:
            values = values * dropout
        config = self._config
        heads = values.view(len(values), 2 * config.num_layers, config.num_attention_heads, config.head_dim)
        return Prefix(heads.permute(1, 2, 0, 3).to(dtype))

    def weights(self) -> dict[str, torch.Tensor]:
        """Return copies of the weights under the published scripts' names."""
        return {f"{_ROOT}{name}": weight.detach().cpu().clone() for name, weight in self.state_dict().items()}


def save_prefix(encoder: PrefixEncoder, base: Path, out: Path, settings: Settings, card: dict[str, Any]) -> None:
    """Write the folder that the published scripts read, and card.json. Raises AdCopyError."""
    config = read_config(base)
    config.update(pre_seq_len=settings.prefix_length, prefix_projection=settings.projection)
    with save_errors_reported(out):
        out.mkdir(parents=True, exist_ok=True)
        weights_file, *json_files = PREFIX_FILES
        save_tensors(encoder.weights(), out / weights_file)
        for name, content in zip(json_files, (card, config), strict=True):
            write_atomic(out / name, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def save_tensors(content: dict[str, Any], file: Path) -> None:
    """Write what torch.save writes, whole or not at all. Raises OSError."""
    # Made in memory first: torch's own writer hides what the disk said behind a complaint of its zip's.
    buffer = io.BytesIO()
    torch.save(content, buffer)
    write_atomic(file, buffer.getbuffer())


@contextmanager
def save_errors_reported(out: Path) -> Iterator[None]:
    """Raise OSErrors of the block (full or unwritable disk) as AdCopyError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise AdCopyError("training.cannot_save", out=out.name, reason=reason) from error
