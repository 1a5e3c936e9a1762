"""Describe who writes the copy, and how."""

from __future__ import annotations

from dataclasses import dataclass, field

from lib_adcopy.chatglm.generation_types import SamplingParams
from lib_adcopy.domain.fields import setting

# The writer that needs no model.
TEMPLATE = "template"
# The model of a server that the user runs himself.
SERVER = "server"
# The prefix chosen by the brief's category; no folder has this name.
AUTOMATIC = "*"


@dataclass(frozen=True)
class Sampling(SamplingParams):
    """Describe how a language model draws its tokens: SamplingParams, with the ranges of what a seller may set."""

    temperature: float = setting(SamplingParams.temperature, least=0.1, most=1.0, step=0.05)
    top_p: float = setting(SamplingParams.top_p, least=0.1, most=1.0, step=0.05)
    max_length: int = setting(SamplingParams.max_length, least=64, most=2048, step=64)


@dataclass(frozen=True)
class WriteOptions:
    """Describe who writes and how. `prefix` "" lets the base model write, AUTOMATIC takes the prefix for the brief's
    category where the model has one; `seed` -1 draws one; `count` candidates are written at once."""

    writer: str = setting(TEMPLATE, offered_by="writers")
    prefix: str = setting("", offered_by="prefixes")
    count: int = setting(1, least=1, most=6)
    seed: int = setting(-1, name="copy_seed", least=-1, most=2**31 - 1)
    sampling: Sampling = field(default_factory=Sampling)
