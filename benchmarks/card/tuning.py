"""P-Tuning by the published recipe: steps a second and memory, beside the official method."""

from __future__ import annotations

import dataclasses
import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.card.noise import make_official, noise
from benchmarks.card.port import Card
from lib_adcopy.chatglm import load_tokenizer
from lib_adcopy.training.data import DataSet, Example
from lib_adcopy.training.settings import OFFICIAL, Settings
from lib_adcopy.training.training import Training

_STARTER = Path(__file__).resolve().parents[2] / "models" / "starter"
_STEPS = 3


def tuning(port: Card) -> Iterator[dict[str, Any]]:
    """Measure the full-size model at 4 bits; the first step of each, which compiles and takes memory, is left out."""
    tokenizer = load_tokenizer(_STARTER)
    marks = {"bos": tokenizer.bos_id, "eos": tokenizer.eos_id, "mask": tokenizer.mask_id, "gmask": tokenizer.gmask_id,
             "pad": tokenizer.pad_id}  # fmt: skip
    known = dataclasses.replace(port.config, **{f"{name}_token_id": at for name, at in marks.items()})
    settings = dataclasses.replace(OFFICIAL, held_out=0.0, steps=10, save_every=1000)
    if not port.is_card:
        settings = dataclasses.replace(settings, accumulation=1, prefix_length=4)
    port.reset_peak()
    model = noise(port, 4, known)
    ours = _steps_a_second(_training(model, tokenizer, settings))
    yield {"steps_per_s": ours, "peak_gb": port.peak_bytes() / 1e9}
    make_official(model)
    yield {"official_steps_per_s": _steps_a_second(_training(model, tokenizer, settings))}


def _training(model: Any, tokenizer: Any, settings: Settings) -> Training:
    """Make a training of examples that fill the recipe's lengths to the last token."""
    rows = [Example("裙衣裤领袖"[at % 5] * 200, "红黄蓝绿白"[at % 5] * 200, at) for at in range(32)]
    return Training(model, tokenizer, DataSet(tuple(rows), ()), settings)


def _steps_a_second(training: Training) -> float:
    run = training.run(threading.Event())
    next(run)
    started = time.perf_counter()
    for _ in itertools.islice(run, _STEPS):
        pass
    return _STEPS / (time.perf_counter() - started)
