"""Scores of the starter on held-out briefs, as its model card states them.

    python -m benchmarks.train_starter_scores --data dev.jsonl --train train.jsonl --model models/starter

The first sample of each brief is scored by lib_adcopy.tuning.evaluation; the others count for the best of several.
"""

from __future__ import annotations

import argparse
import json
import statistics
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from benchmarks.report import table, write_section
from benchmarks.train_starter_data import read_pairs
from lib_adcopy.chatglm import ChatModel
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.copywriting.review import rank
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter
from lib_adcopy.tuning.evaluation import evaluate
from lib_adcopy.tuning.published import METRICS, PUBLISHED

_PROCESSES = 2
_TIMED = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "train", "model"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--temperature", type=float, default=0.95)
    parser.add_argument("--top-p", type=float, default=0.7)
    parser.add_argument("--prefix", type=Path)
    parser.add_argument("--predictions", type=Path, help="where the first samples go, one JSON object a line")
    parser.add_argument("--write", action="store_true", help="the scores into docs/quality.md")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines()[: options.count]]
    given = [(options, number, row["content"]) for number, row in enumerate(rows)]
    # One process a core, each with a model of its own: they share nothing and wait for nobody.
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        answered = list(pool.map(_answer, given, chunksize=5))
    texts = [copies[0].body for copies in answered]
    briefs = [parse_brief(row["content"]) for row in rows]
    ranked = [rank(brief, copies)[0].review for brief, copies in zip(briefs, answered, strict=True)]
    reviews = [review for review in ranked if review]
    if options.predictions:
        lines = [
            json.dumps({"labels": row["summary"], "predict": text}, ensure_ascii=False)
            for row, text in zip(rows, texts, strict=True)
        ]
        options.predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    training = "\n".join(text for _, text in read_pairs(options.train))
    shared = [_longest_shared(text, training) for text in texts]
    lengths = list(map(len, shared))
    scores = {
        **evaluate([row["content"] for row in rows], [row["summary"] for row in rows], texts),
        f"coverage-best-of-{options.samples}": round(100 * statistics.mean(one.coverage for one in reviews), 1),
        "banned-best": sum(len(one.banned) for one in reviews),
        "distinct": len(set(texts)),
        "characters": round(statistics.mean(map(len, texts)), 1),
        "longest-run-shared-with-training": {"median": statistics.median(lengths), "most": max(lengths)},
        "runs-over-24": {run: training.count(run) for run in shared if len(run) > 24},
        **_speed(options, rows[:_TIMED]),
    }
    print(json.dumps(scores, ensure_ascii=False, indent=1))
    if options.write:
        _write(scores, options)


@cache
def _writer(model: Path, prefix: Path | None, threads: int) -> ChatGLMWriter:
    torch.set_num_threads(threads)
    chat = ChatModel.open(model)
    if prefix:
        chat.add_prefix(prefix.name, prefix)
    return ChatGLMWriter(chat, prefix=prefix.name if prefix else None, ad_model=True)


def _answer(given: tuple[argparse.Namespace, int, str]) -> list[Copy]:
    options, number, query = given
    drafts = _writer(options.model, options.prefix, 1).write(
        parse_brief(query),
        count=options.samples,
        seed=number * 100,
        sampling=Sampling(temperature=options.temperature, top_p=options.top_p),
        stop=threading.Event(),
    )
    return [draft.copy for draft in sorted((one for one in drafts if one.done), key=lambda one: one.index)]


def _speed(options: argparse.Namespace, rows: list[dict[str, str]]) -> dict[str, float]:
    """Of one answer at a time on two cores: seconds to its first token and for 100 characters."""
    first, hundred = [], []
    for row in rows:
        writer, started, seen = _writer(options.model, options.prefix, 2), time.perf_counter(), 0.0
        for draft in writer.write(
            parse_brief(row["content"]), count=1, seed=1, sampling=Sampling(), stop=threading.Event()
        ):
            seen = seen or time.perf_counter() - started
            last = draft
        first.append(seen)
        hundred.append(100 * (time.perf_counter() - started) / max(len(last.copy.text), 1))
    return {
        "seconds-to-first-token": round(statistics.median(first), 3),
        "seconds-for-100-characters": round(statistics.median(hundred), 2),
    }


def _write(scores: dict[str, Any], options: argparse.Namespace) -> None:
    shown = {name: f"{scores[name]:.2f}" for name in METRICS}
    rows = [["starter, one sample", *shown.values()]]
    rows += [[title, *(f"{value:.2f}" for value in values)] for title, values in PUBLISHED.items()]
    more = [[name, str(value)] for name, value in scores.items() if name not in (*METRICS, "runs-over-24")]
    text = (
        f"`python -m benchmarks.train_starter_scores` on {options.count} held-out AdvertiseGen briefs, temperature "
        f"{options.temperature:g}, top_p {options.top_p:g}; ROUGE over jieba's words, BLEU-4 over characters, x 100."
        f"\n\n{table(['', *METRICS], rows)}\n\n{table(['also', ''], more)}"
    )
    write_section("quality.md", "The starter model", text)


def _longest_shared(text: str, training: str) -> str:
    """The longest run of characters that stands in any training text too."""
    longest = ""
    for at in range(len(text)):
        while at + len(longest) < len(text) and text[at : at + len(longest) + 1] in training:
            longest = text[at : at + len(longest) + 1]
    return longest


if __name__ == "__main__":
    main()
