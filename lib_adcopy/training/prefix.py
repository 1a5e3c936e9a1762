"""The trainable side of P-Tuning v2 and the folder it is saved as: the published scripts' keys and shapes."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig, read_config
from lib_adcopy.chatglm.prefix import Prefix
from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.settings import Settings

_ROOT = "transformer.prefix_encoder."


class PrefixEncoder(torch.nn.Module):
    """Keys and values for `prefix_length` positions of every layer, in fp32.

    embedding (length, layers * 2 * hidden), or with the projection embedding (length, hidden), trans.0, tanh, trans.2.
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

    def forward(self, dtype: torch.dtype, keep: torch.Tensor | None = None) -> Prefix:
        """The prefix in the model's dtype; `keep` (length, layers * 2 * hidden) scales its values, for dropout."""
        values = self.embedding.weight if self.trans is None else self.trans(self.embedding.weight)
        if keep is not None:
            values = values * keep
        config = self._config
        heads = values.view(len(values), 2 * config.num_layers, config.num_attention_heads, config.head_dim)
        return Prefix(heads.permute(1, 2, 0, 3).to(dtype))

    def weights(self) -> dict[str, torch.Tensor]:
        return {f"{_ROOT}{name}": weight.detach().cpu().clone() for name, weight in self.state_dict().items()}


def save_prefix(encoder: PrefixEncoder, base: Path, out: Path, settings: Settings, card: dict[str, Any]) -> None:
    """The folder the published scripts read: config.json, pytorch_model.bin; card.json says how it was made."""
    config = read_config(base)
    config.update(pre_seq_len=settings.prefix_length, prefix_projection=settings.projection)
    with saving(out):
        out.mkdir(parents=True, exist_ok=True)
        write_tensors(encoder.weights(), out / "pytorch_model.bin")
        for name, content in (("config.json", config), ("card.json", card)):
            write_whole((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode(), out / name)


def write_tensors(content: dict[str, Any], file: Path) -> None:
    """torch.save, the file in place once it is whole."""
    # Made whole in memory: torch's own writer hides what the disk said behind a complaint of its zip's.
    made = io.BytesIO()
    torch.save(content, made)
    write_whole(made.getbuffer(), file)


def write_whole(content: bytes | memoryview, file: Path) -> None:
    """Leaves the old file as it is until the new one is on the disk, and nothing half written."""
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def saving(out: Path) -> Iterator[None]:
    """A full or unwritable disk as the user's error."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise AdCopyError("training.cannot_save", out=out.name, reason=reason) from error
