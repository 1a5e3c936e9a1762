"""P-Tuning v2: a prefix trained on the user's examples while the model itself stays as it is."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from lib_adcopy.chatglm import ChatGLMError, check_folder, load_model, load_tokenizer
from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.data import DataSet, overview, read_data
from lib_adcopy.training.distributed import Alone, Crew
from lib_adcopy.training.estimate import Estimate, Pass, estimate
from lib_adcopy.training.prefix import save_prefix, saving
from lib_adcopy.training.settings import OFFICIAL, Settings, check_settings
from lib_adcopy.training.training import CHECKPOINT, Progress, Training

# A step of a large model takes long: what a kill costs is bounded in time as well.
_KEPT_SECONDS = 60
_log = logging.getLogger("adcopy.tuning")


def check_free(out: Path) -> None:
    """Raises AdCopyError where `out` holds a model or a finished prefix: they are not written over."""
    if (out / "config.json").exists() and not (out / CHECKPOINT).is_file():
        raise AdCopyError("training.name_taken", name=out.name)


def tune(
    *,
    data: Path,
    model: Path,
    out: Path,
    settings: Settings = OFFICIAL,
    general: Path | None = None,
    device: str = "",
    quantization_bit: int | None = None,
    on_start: Callable[[DataSet, DataSet | None, Estimate], None] | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    stop: threading.Event | None = None,
    crew: Crew | None = None,
) -> dict[str, Any]:
    """Loads `model` and trains a prefix for it on `data` mixed with `general` pairs, as `train` says.

    `on_start` is told what the two files hold and what the training will take, before anything is loaded. Raises
    AdCopyError.
    """
    check_settings(settings, mixing=general is not None)
    examples, others = read_data(data), read_data(general) if general else None
    crew = crew or Alone()
    device = device or crew.device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        if on_start is not None:
            config, bits = ChatGLMConfig.read(model), quantization_bit or check_folder(model).bits
            one = Pass.of(config, settings, examples.examples, device=device, bits=bits)
            on_start(examples, others, estimate(one, one.seconds(), settings, examples.examples))
        dtype = torch.float16 if device.startswith("cuda") else torch.float32
        network = load_model(model, device=device, dtype=dtype, quantization_bit=quantization_bit)
        tokenizer = load_tokenizer(model, offset=network.config.num_image_tokens)
    except ChatGLMError as error:
        raise AdCopyError(f"chatglm.{error.code}", **error.params) from error
    training = Training(network, tokenizer, examples, settings, general=others, crew=crew)
    card = train(training, base=model, out=out, on_progress=on_progress, stop=stop or threading.Event())
    told = {"data": asdict(overview(examples)), "left_out": _left_out(examples)}
    return {**card, **told, **({"general_left_out": _left_out(others)} if others else {})}


def train(
    training: Training,
    *,
    base: Path,
    out: Path,
    on_progress: Callable[[Progress], None],
    stop: threading.Event,
    on_resumed: Callable[[Sequence[Progress]], None] = lambda past: None,
) -> dict[str, Any]:
    """Takes the training to its end, with checkpoints, and saves the prefix of `base` as the folder `out`.

    Goes on where a killed run in `out` stood; `on_resumed` is given what it told. `stop` ends it after the step in
    progress, saved to go on later; before the first, nothing is. Returns the prefix's card, where it lies, and whether
    it was stopped. Raises AdCopyError.
    """
    with saving(out):
        out.mkdir(parents=True, exist_ok=True)
    training.resume(out)
    on_resumed(tuple(training.past))
    kept = time.monotonic()
    for progress in training.run(stop):
        on_progress(progress)
        _log.info("step %d of %d: %.3f", progress.step, progress.steps, progress.loss)
        if progress.step % training.settings.save_every == 0 or time.monotonic() - kept >= _KEPT_SECONDS:
            training.keep(out)
            kept = time.monotonic()
    stopped = training.step < training.settings.steps
    if not training.step:
        return not_begun(out)
    if stopped:
        training.keep(out)
    card = training.card(base.name)
    if training.first:
        save_prefix(training.encoder, base, out, training.settings, card)
        if not stopped:
            (out / CHECKPOINT).unlink(missing_ok=True)
    return {"out": str(out), "stopped": stopped, **card}


def not_begun(out: Path) -> dict[str, Any]:
    """What `train` returns of a prefix that is noise so far: nothing to try, nothing to go on with."""
    return {"out": str(out), "stopped": True, "step": 0}


def _left_out(examples: DataSet) -> list[dict[str, Any]]:
    return [{"line": found.line, "why": found.why.text("en")} for found in examples.findings if not found.kept]
