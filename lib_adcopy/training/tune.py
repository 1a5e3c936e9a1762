"""Runs P-Tuning v2 from files to a saved prefix; the model itself stays as it is."""

from __future__ import annotations

import functools
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
from lib_adcopy.training.distributed import Distributed, SingleProcess
from lib_adcopy.training.estimate import Estimate, Pass, estimate
from lib_adcopy.training.prefix import PREFIX_FILES, save_errors_reported, save_prefix
from lib_adcopy.training.settings import OFFICIAL, Settings, check_settings
from lib_adcopy.training.training import CHECKPOINT, StepResult, Training

# A step of a large model takes long: the work that a kill costs is bounded in time as well.
_CHECKPOINT_SECONDS = 60
_log = logging.getLogger("adcopy.training")


def check_free(out: Path) -> None:
    """Raise AdCopyError where `out` holds files of a prefix or a model: only an unfinished training goes on there."""
    if not (out / CHECKPOINT).is_file() and any((out / name).exists() for name in PREFIX_FILES):
        raise AdCopyError("training.name_taken", name=out.name)


def tune(
    *,
    data: Path,
    model: Path,
    out: Path,
    settings: Settings = OFFICIAL,
    general: Path | None = None,
    skip_broken: bool = False,
    device: str = "",
    quantization_bit: int | None = None,
    on_start: Callable[[DataSet, DataSet | None, Estimate], None] | None = None,
    on_progress: Callable[[StepResult], None] = lambda progress: None,
    stop: threading.Event | None = None,
    distributed: Distributed | None = None,
) -> dict[str, Any]:
    """Load `model` and train a prefix for it on `data` mixed with `general` pairs, as `train` does.

    `skip_broken` leaves out lines that are not in their file's encoding.
    `on_start` is called with what the two files hold and what the training will take, before anything is loaded.
    Raises AdCopyError.
    """
    check_settings(settings, mixing=general is not None)
    read = functools.partial(read_data, skip_broken=skip_broken)
    examples, others = read(data), read(general) if general else None
    distributed = distributed or SingleProcess()
    device = device or distributed.device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        if on_start is not None:
            config, bits = ChatGLMConfig.read(model), quantization_bit or check_folder(model).bits
            one_pass = Pass.of(config, settings, examples.examples, device=device, bits=bits)
            on_start(examples, others, estimate(one_pass, one_pass.seconds(), settings, examples.examples))
        dtype = torch.float16 if device.startswith("cuda") else torch.float32
        network = load_model(model, device=device, dtype=dtype, quantization_bit=quantization_bit)
        tokenizer = load_tokenizer(model, offset=network.config.num_image_tokens)
    except ChatGLMError as error:
        raise AdCopyError(f"chatglm.{error.code}", **error.params) from error
    training = Training(network, tokenizer, examples, settings, general=others, distributed=distributed)
    card = train(training, base=model, out=out, on_progress=on_progress, stop=stop or threading.Event())
    report = {"data": asdict(overview(examples)), "left_out": _left_out(examples)}
    return {**card, **report, **({"general_left_out": _left_out(others)} if others else {})}


def train(
    training: Training,
    *,
    base: Path,
    out: Path,
    on_progress: Callable[[StepResult], None],
    stop: threading.Event,
    on_resumed: Callable[[Sequence[StepResult]], None] = lambda past: None,
) -> dict[str, Any]:
    """Take the training to its end, with checkpoints, and save the prefix of `base` as the folder `out`.

    Goes on from the checkpoint of a killed run in `out`; `on_resumed` is called with that run's steps. `stop` ends the
    training after the step in progress, with a checkpoint to go on from; before the first step nothing is saved.
    Returns the prefix's card, its folder, and whether it was stopped. Raises AdCopyError.
    """
    with save_errors_reported(out):
        out.mkdir(parents=True, exist_ok=True)
    training.resume(out)
    on_resumed(tuple(training.past))
    saved_at = time.monotonic()
    for result in training.run(stop):
        on_progress(result)
        _log.info("step %d of %d: %.3f", result.step, result.steps, result.loss)
        if result.step % training.settings.save_every == 0 or time.monotonic() - saved_at >= _CHECKPOINT_SECONDS:
            training.save_checkpoint(out)
            saved_at = time.monotonic()
    stopped = training.step < training.settings.steps
    if not training.step:
        return not_begun(out)
    # Of a finished training too: killed while the prefix is written, it writes it again and not the steps.
    training.save_checkpoint(out)
    card = training.card(base.name)
    if training.is_main:
        save_prefix(training.encoder, base, out, training.settings, card)
        if not stopped:
            (out / CHECKPOINT).unlink(missing_ok=True)
    return {"out": str(out), "stopped": stopped, **card}


def not_begun(out: Path) -> dict[str, Any]:
    """Return the card of a training that was stopped before its first step: nothing was saved."""
    return {"out": str(out), "stopped": True, "step": 0}


def _left_out(examples: DataSet) -> list[dict[str, Any]]:
    return [{"line": issue.line, "why": issue.reason.text("en")} for issue in examples.issues if not issue.is_kept]
