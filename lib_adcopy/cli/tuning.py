"""Teaching and measuring: evaluate, tune, bench."""

from __future__ import annotations

import argparse
import functools
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.cli.arguments import Commands
from lib_adcopy.cli.opening import given

if TYPE_CHECKING:
    from lib_adcopy.training.data import DataSet
    from lib_adcopy.training.estimate import Estimate
    from lib_adcopy.training.settings import Settings
    from lib_adcopy.training.training import StepResult


def add(commands: Commands) -> None:
    evaluate = commands.add("evaluate", _evaluate, "score predictions against a data set")
    evaluate.add_argument("--data", type=Path, required=True)
    evaluate.add_argument("--predictions", type=Path, required=True)
    evaluate.add_argument("--label-tokens", type=int, help="cut labels to this many, as the official script does")
    evaluate.add_argument("--model", type=Path, help="whose tokenizer cuts the labels")
    tune = commands.add("tune", _tune, "tune a prefix on your own examples (P-Tuning v2)")
    for name in ("data", "model", "out"):
        tune.add_argument(f"--{name}", type=Path, required=True)
    tune.add_argument("--preset", choices=("official", "long", "few", "starter"), default="official", help="the recipe")
    tune.add_argument("--general", type=Path, help="pairs to mix in, so that not every answer becomes an ad")
    tune.add_argument("--skip-broken", action="store_true", help="leave out lines that are in another encoding")
    tune.add_argument("--general-share", type=float, help="of general pairs in the whole, 0 to 0.9 (0)")
    tune.add_argument("--projection", action="store_true", default=None, help="the prefix through a projection")
    tune.add_argument("--steps", type=int, help="instead of the recipe's")
    tune.add_argument("--rate", type=float, help="the learning rate, instead of the recipe's")
    tune.add_argument("--held-out", type=float, help="share of examples that are not taught (0.1)")
    tune.add_argument("--seed", type=int, help="instead of the recipe's")
    tune.add_argument("--bits", type=int, choices=(4, 8), help="quantise the model while it is read")
    bench = commands.add("bench", _bench, "measure speed and memory")
    bench.add_argument("--size", choices=("tiny", "6b"), default="tiny")


def _evaluate(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.training.evaluation import evaluate_files
    from lib_adcopy.training.published import beside

    scores: dict[str, Any] = evaluate_files(
        options.data, options.predictions, label_tokens=options.label_tokens, model=options.model
    )
    if not options.json:
        print(beside(scores, options.predictions.name))
    return scores


def _tune(options: argparse.Namespace) -> dict[str, Any] | None:
    from lib_adcopy.training.distributed import AccelerateProcesses, SingleProcess
    from lib_adcopy.training.settings import PRESETS
    from lib_adcopy.training.tune import check_free, tune

    check_free(options.out)
    distributed = AccelerateProcesses() if "ACCELERATE_MIXED_PRECISION" in os.environ else SingleProcess()
    changed = given(options, "steps", "rate", "held_out", "seed", "general_share", "projection")
    settings = replace(PRESETS[options.preset], **changed)
    stop = threading.Event()
    # Ctrl+C ends it after the step in progress, saved to go on later.
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    on_start = functools.partial(_looked, settings=settings, language=options.language)
    try:
        card = tune(
            data=options.data,
            model=options.model,
            out=options.out,
            settings=settings,
            general=options.general,
            skip_broken=options.skip_broken,
            quantization_bit=options.bits,
            on_start=on_start if distributed.is_main else None,
            on_progress=_told if distributed.is_main else lambda progress: None,
            stop=stop,
            distributed=distributed,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    return card if distributed.is_main else None


def _looked(
    examples: DataSet, general: DataSet | None, taken: Estimate, *, settings: Settings, language: str
) -> None:
    """Say what the files hold, what is taught and what it will take, before it starts."""
    from lib_adcopy.training import report

    lines = _held(examples, language)
    if general is not None:
        lines += [report.general(language), *_held(general, language)]
    lines += [report.split(examples, settings, language), report.cost(taken, language)]
    print("\n".join(lines), file=sys.stderr, flush=True)


def _held(data: DataSet, language: str) -> list[str]:
    from lib_adcopy.training import report
    from lib_adcopy.training.data import overview

    seen = overview(data)
    told = [text for text, _ in report.facts(seen, language)]
    return ["; ".join(told), report.lengths(seen, language), *report.rows(data, language, len(data.issues))]


def _told(progress: StepResult) -> None:
    if progress.step % 10 and progress.held_out is None:
        return
    left = progress.seconds / progress.step * (progress.steps - progress.step) / 60
    held = "" if progress.held_out is None else f", held out {progress.held_out:.3f}"
    told = f"step {progress.step} of {progress.steps}: loss {progress.loss:.3f}{held}, {left:.1f} minutes left"
    print(told, file=sys.stderr, flush=True)
    if progress.sample:
        print("  {} -> {}".format(*progress.sample), file=sys.stderr, flush=True)


def _bench(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.chatglm.bench import run

    return run(size=options.size)
