"""Tunes the prefixes that ship beside the starter, by the extension's own P-Tuning v2: one command.

    python -m benchmarks.train_starter_prefixes --data train.jsonl --model models/starter --out models

starter-adgen returns to AdvertiseGen's own way of writing, from its pairs; starter-beauty writes posts for beauty
products, from pairs that the template writer makes.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import replace
from pathlib import Path

import torch

from benchmarks import train_starter_data as data
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.tuning.settings import PRESETS
from lib_adcopy.tuning.training import Progress
from lib_adcopy.tuning.tune import tune

_SETTINGS = replace(PRESETS["long"], prefix_length=16, max_source=128, max_target=200, batch=16, accumulation=1,
                    held_out=0.02, save_every=100, gradient_checkpointing=False)  # fmt: skip
_CATEGORY = "beauty"
_SHORTEST, _LONGEST, _MOST_REPEATED = 70, 140, 0.02


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build"), help="where the pairs are written")
    parser.add_argument("--steps", type=int, default=300)
    options = parser.parse_args()
    torch.set_num_threads(2)
    options.work.mkdir(parents=True, exist_ok=True)
    lessons = {
        "starter-adgen": _adgen(data.read_pairs(options.data)),
        f"starter-{_CATEGORY}": data.template_pairs(1500, data.common_characters(), random.Random(1), _CATEGORY),
    }
    for name, pairs in lessons.items():
        file, started = options.work / f"{name}.jsonl", time.monotonic()
        rows = [json.dumps({"content": one.query, "summary": one.answer}, ensure_ascii=False) for one in pairs]
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        settings = replace(_SETTINGS, steps=options.steps)
        card = tune(data=file, model=options.model, out=options.out / name, settings=settings, on_progress=_told)
        print(f"{name}: {card['examples']} pairs, held-out loss {card['held_out_loss']}, "
              f"{time.monotonic() - started:.0f} s", flush=True)  # fmt: skip


def _adgen(rows: list) -> list[data.Pair]:
    """The pairs to learn from: all of what is asked for is said, in a usual length, without saying it twice."""
    kept = []
    for pair in data.adgen_pairs(rows, random.Random(0), swapped=0.0):
        review = review_copy(parse_brief(pair.query), Copy(title="", body=pair.answer))
        unsaid = [one for one in review.missing if one[0] != "类型"]
        whole = not unsaid and not review.banned and review.repetition <= _MOST_REPEATED
        if whole and _SHORTEST <= len(pair.answer) <= _LONGEST:
            kept.append(pair)
    return kept


def _told(progress: Progress) -> None:
    if progress.step % 25 == 0:
        held = "" if progress.held_out is None else f", held out {progress.held_out:.3f}"
        print(f"  step {progress.step}: {progress.loss:.3f}{held}", flush=True)


if __name__ == "__main__":
    main()
