"""Scores of the starter on held-out briefs, as its model card states them.

    python -m benchmarks.starter_scores --data dev.jsonl --train train.jsonl --model models/starter \
        --prefix models/starter-adgen --write

The first sample of each brief is scored by lib_adcopy.training.evaluation; the others count for the best of several.
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
from lib_adcopy.chatglm import ChatModel
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.review import rank
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.writing import Sampling
from lib_adcopy.training.evaluation import evaluate
from lib_adcopy.training.published import METRICS, PUBLISHED
from lib_adcopy.training.recipes.starter_data import read_pairs

_PROCESSES = 2
_TIMED, _ROUNDS = 20, 3


def main() -> None:
    options = _options()
    rows = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines()[: options.count]]
    training = "\n".join(text for _, text in read_pairs(options.train))
    found = {}
    for prefix in (None, *options.prefix):
        name = f"with {prefix.name}" if prefix else "alone"
        found[name] = {**_scores(options, rows, prefix, training), **_speed(options, rows[:_TIMED], prefix)}
        print(name, json.dumps(found[name], ensure_ascii=False, indent=1), flush=True)
    if options.write:
        _write(found, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "train", "model"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--prefix", type=Path, action="append", default=[], help="scored too; may be given again")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--temperature", type=float, default=0.95)
    parser.add_argument("--top-p", type=float, default=0.7)
    parser.add_argument("--write", action="store_true", help="the scores into docs/quality.md")
    return parser.parse_args()


def _scores(
    options: argparse.Namespace, rows: list[dict[str, str]], prefix: Path | None, training: str
) -> dict[str, Any]:
    given = [(options, prefix, number, row["content"]) for number, row in enumerate(rows)]
    # One process a core, each with a model of its own: they share nothing and wait for nobody.
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        answered = list(pool.map(_answer, given, chunksize=5))
    texts = [copies[0].body for copies in answered]
    briefs = [parse_brief(row["content"]) for row in rows]
    reviews = [rank(brief, copies)[0].review for brief, copies in zip(briefs, answered, strict=True)]
    shared = [_longest_shared(text, training) for text in texts]
    lengths = list(map(len, shared))
    return {
        **evaluate([row["content"] for row in rows], [row["summary"] for row in rows], texts),
        # Of the whole copy, by which the best is chosen; the evaluation's own coverage is of the body.
        f"coverage, title and hashtags too, best of {options.samples}": round(
            100 * statistics.mean(one.coverage for one in reviews), 1
        ),
        "banned terms after review": sum(len(one.banned) for one in reviews),
        "distinct texts": len(set(texts)),
        "characters a text": round(statistics.mean(map(len, texts)), 1),
        "longest run shared with a training text, median": statistics.median(lengths),
        "longest run shared with a training text, of all": max(lengths),
    }


@cache
def _writer(model: Path, prefix: Path | None, threads: int) -> ChatGLMWriter:
    torch.set_num_threads(threads)
    chat = ChatModel.open(model)
    if prefix:
        chat.add_prefix(prefix.name, prefix)
    return ChatGLMWriter(chat, prefix=prefix.name if prefix else None, ad_model=True)


def _answer(given: tuple[argparse.Namespace, Path | None, int, str]) -> list[Copy]:
    options, prefix, number, query = given
    drafts = _writer(options.model, prefix, 1).write(
        parse_brief(query),
        count=options.samples,
        seed=number * 100,
        sampling=Sampling(temperature=options.temperature, top_p=options.top_p),
        stop=threading.Event(),
    )
    return [draft.copy for draft in sorted((one for one in drafts if one.done), key=lambda one: one.index)]


def _speed(options: argparse.Namespace, rows: list[dict[str, str]], prefix: Path | None) -> dict[str, float]:
    """Of one answer at a time on two cores: seconds to its first token and for 100 characters, medians over the rows.

    The quickest of several rounds, for other work on the machine only ever adds to them.
    """
    rounds = [_timed(options, rows, prefix) for _ in range(_ROUNDS)]
    first, hundred = (min(one[at] for one in rounds) for at in (0, 1))
    return {"seconds to the first token": round(first, 3), "seconds for 100 characters": round(hundred, 2)}


def _timed(options: argparse.Namespace, rows: list[dict[str, str]], prefix: Path | None) -> tuple[float, float]:
    first, hundred = [], []
    for row in rows:
        writer, started, seen = _writer(options.model, prefix, 2), time.perf_counter(), 0.0
        for draft in writer.write(
            parse_brief(row["content"]), count=1, seed=1, sampling=Sampling(), stop=threading.Event()
        ):
            seen = seen or time.perf_counter() - started
            last = draft
        first.append(seen)
        hundred.append(100 * (time.perf_counter() - started) / max(len(last.copy.text), 1))
    return statistics.median(first), statistics.median(hundred)


def _write(found: dict[str, dict[str, Any]], options: argparse.Namespace) -> None:
    rows = [[f"starter {name}", *(f"{scores[metric]:.2f}" for metric in METRICS)] for name, scores in found.items()]
    rows += [[title, *(f"{value:.2f}" for value in values)] for title, values in PUBLISHED.items()]
    others = [metric for metric in next(iter(found.values())) if metric not in METRICS]
    more = [[metric, *(str(scores[metric]) for scores in found.values())] for metric in others]
    text = (
        f"{options.count} held-out AdvertiseGen briefs, one sample each, temperature {options.temperature:g}, top_p "
        f"{options.top_p:g}; ROUGE over jieba's words, BLEU-4 over characters, x 100. Made by "
        f"`python -m benchmarks.starter_scores`.\n\n{table(['', *METRICS], rows)}\n\n"
        f"{table(['', *found], more)}"
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
