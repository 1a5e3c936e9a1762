"""Tunes the prefixes that ship beside the starter, by the extension's own P-Tuning v2: one command.

    python -m lib_adcopy.training.recipes.starter_prefixes --data train.jsonl --dev dev.jsonl \
        --model models/starter --out models

The starter has read AdvertiseGen itself, so more of the same teaches it nothing; each prefix teaches a form it does not
know. starter-adgen: AdvertiseGen's copy, opened by a sentence that names the garment with all that was asked for; it
says more of a brief than the base does, so it takes the category's briefs where nobody chose. starter-beauty: long,
lively notes on beauty products, from pairs that the template writer makes; it says less of a brief, so it is only there
to be chosen.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from lib_adcopy.chatglm import load_model, load_tokenizer
from lib_adcopy.chatglm.load import add_prefix
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.copywriting.review.review import says
from lib_adcopy.domain.copy import Copy
from lib_adcopy.training.data import read_data
from lib_adcopy.training.loss import held_out_loss
from lib_adcopy.training.recipes import starter_data as data
from lib_adcopy.training.recipes.starter_phrases import expand, joined, shown
from lib_adcopy.training.settings import PRESETS
from lib_adcopy.training.training import StepResult
from lib_adcopy.training.tune import tune

_SETTINGS = replace(PRESETS["starter"], held_out=0.02)
_STEPS = {"starter-adgen": 400, "starter-beauty": 240}
# The category whose briefs a prefix takes where nobody chose one.
_TAKES = {"starter-adgen": "clothing"}
# Rows whose copy says what was asked for, in a usual length and without saying it twice.
_SHORTEST, _LONGEST, _MOST_REPEATED = 50, 140, 0.02
# What may stand before the garment's name; the rest is details.
_LOOK = ("颜色", "版型", "风格", "图案", "材质")
_ENDS = {
    True: "[一样不落|都安排上了|样样都有]。",
    False: "[越看越喜欢|实穿又好看|怎么搭都行]。",
}
_NOTES, _NOTES_SEED, _DEV_SEED = 1500, 1, 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "dev", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build"), help="where the pairs are written")
    parser.add_argument("--only", choices=tuple(_STEPS))
    options = parser.parse_args()
    torch.set_num_threads(2)
    options.work.mkdir(parents=True, exist_ok=True)
    clothing = [_named_first(data.read_pairs(file), random.Random(0)) for file in (options.data, options.dev)]
    beauty = [_notes(count, random.Random(seed)) for count, seed in ((_NOTES, _NOTES_SEED), (100, _DEV_SEED))]
    for name, pairs in (("starter-adgen", clothing), ("starter-beauty", beauty)):
        if options.only in (None, name):
            train, dev = pairs
            _teach(name, train, dev, options)


def _teach(
    name: str, taught: Sequence[data.Pair], unseen: Sequence[data.Pair], options: argparse.Namespace
) -> None:
    started, out = time.monotonic(), options.out / name
    file, settings = _written(taught, options.work / f"{name}.jsonl"), replace(_SETTINGS, steps=_STEPS[name])
    card = tune(data=file, model=options.model, out=out, settings=settings, on_progress=_told)
    minutes = round((time.monotonic() - started) / 60, 1)
    losses = _dev_losses(options.model, out, _written(unseen, options.work / f"{name}-dev.jsonl"))
    _complete(out / "card.json", category=_TAKES.get(name, ""), minutes=minutes, dev=losses)
    print(f"{name}: {card['examples']} pairs, {minutes} minutes, nats a token on unseen pairs {losses}", flush=True)


def _named_first(rows: Sequence[data.Row], chance: random.Random) -> list[data.Pair]:
    """Copies that say all that was asked for but perhaps the garment's name, after a sentence that says all of it."""
    made = []
    for attributes, text in rows:
        query = _query(attributes)
        review = review_copy(parse_brief(query), Copy(title="", body=text))
        whole = all(name == "类型" for name, _ in review.missing) and not review.banned
        if whole and review.repetition <= _MOST_REPEATED and _SHORTEST <= len(text) <= _LONGEST:
            made.append(data.Pair(query, _opening(attributes, chance) + text, ()))
    return made


def _opening(attributes: Sequence[tuple[str, str]], chance: random.Random) -> str:
    """ "白色、条纹的衬衫，圆领和泡泡袖，这件上衣都安排上了。": says every attribute."""
    product = shown("", parse_brief(_query(attributes)).product)
    look = dict.fromkeys(shown(*pair) for name in _LOOK for pair in attributes if pair[0] == name)
    unsaid = [pair for pair in attributes if pair[0] not in _LOOK and not says(product, *pair)]
    details = joined([shown(*pair) for pair in unsaid if pair[0] != "类型"])
    garment = "".join(f"这件{value}" for name, value in unsaid if name == "类型")
    named = f"{'、'.join(look)}的{product}" if look else product
    parts = [named, details, garment] if details and garment else [named, details + garment]
    return expand("，".join(parts) + _ENDS[bool(details)], chance)


def _query(attributes: Sequence[tuple[str, str]]) -> str:
    return "*".join(f"{name}#{value}" for name, value in attributes)


def _notes(count: int, chance: random.Random) -> list[data.Pair]:
    return data.template_pairs(
        count, data.common_characters(), chance, "beauty", tone="lively", lengths=("long",), made_up=0.5
    )


def _written(pairs: Sequence[data.Pair], file: Path) -> Path:
    rows = [json.dumps({"content": one.query, "summary": one.answer}, ensure_ascii=False) for one in pairs]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def _dev_losses(model: Path, prefix: Path, file: Path) -> dict[str, float]:
    """Nats a token on pairs that neither the base nor the prefix was trained on: {"base": ..., "prefix": ...}."""
    network, tokenizer = load_model(model), load_tokenizer(model)
    add_prefix(network, prefix.name, prefix)
    examples = read_data(file).examples[:100]
    losses = {}
    for of, name in (("base", None), ("prefix", prefix.name)):
        network.use_prefix(name)
        losses[of] = round(held_out_loss(network, tokenizer, examples, _SETTINGS), 3)
    return losses


def _complete(file: Path, **more: Any) -> None:
    card = json.loads(file.read_text(encoding="utf-8"))
    # Of held-out rows of the training file, which the base has read: they would flatter it.
    del card["scores"]
    file.write_text(json.dumps({**card, **more}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _told(progress: StepResult) -> None:
    if progress.step % 20 == 0:
        held = "" if progress.held_out is None else f", held out {progress.held_out:.3f}"
        print(f"  step {progress.step}: {progress.loss:.3f}{held}, {progress.seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
