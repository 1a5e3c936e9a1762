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
from pathlib import Path
from typing import Any

import torch

from benchmarks.report import table, write_section
from benchmarks.train_starter_data import read_pairs
from lib_adcopy.chatglm import ChatModel
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.review import rank
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter
from lib_adcopy.tuning.evaluation import evaluate
from lib_adcopy.tuning.published import METRICS, PUBLISHED


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
    torch.set_num_threads(2)
    chat = ChatModel.open(options.model)
    if options.prefix:
        chat.add_prefix(options.prefix.name, options.prefix)
    writer = ChatGLMWriter(chat, prefix=options.prefix.name if options.prefix else None, ad_model=True)
    sampling = Sampling(temperature=options.temperature, top_p=options.top_p)
    rows = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines()[: options.count]]
    best, queries, texts, speeds, banned = [], [], [], [], 0
    for number, row in enumerate(rows):
        queries.append(row["content"])
        brief = parse_brief(row["content"])
        started = time.perf_counter()
        drafts = writer.write(
            brief, count=options.samples, seed=number * 100, sampling=sampling, stop=threading.Event()
        )
        done = [draft for draft in drafts if draft.done]
        speeds.append(sum(draft.tokens for draft in done) / (time.perf_counter() - started))
        copies = [draft.copy for draft in sorted(done, key=lambda draft: draft.index)]
        ranked = rank(brief, copies)
        best.append(ranked[0].review.coverage if ranked[0].review else 0.0)
        banned += len(ranked[0].review.banned) if ranked[0].review else 0
        texts.append(copies[0].text)
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
        **evaluate(queries, [row["summary"] for row in rows], texts),
        f"coverage-best-of-{options.samples}": round(100 * statistics.mean(best), 1),
        "banned-best": banned,
        "distinct": len(set(texts)),
        "characters": round(statistics.mean(map(len, texts)), 1),
        "longest-run-shared-with-training": {"median": statistics.median(lengths), "most": max(lengths)},
        "runs-over-24": {run: training.count(run) for run in shared if len(run) > 24},
        "tokens-a-second": round(statistics.mean(speeds), 1),
    }
    print(json.dumps(scores, ensure_ascii=False, indent=1))
    if options.write:
        _write(scores, options)


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
