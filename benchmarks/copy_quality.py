"""What the built-in writer's copy is worth beside what people wrote: docs/quality.md, "Copy".

    python -m benchmarks.copy_quality --data dev.jsonl
"""

from __future__ import annotations

import argparse
import json
import threading
from pathlib import Path

from benchmarks.report import table, write_section
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.tuning.evaluation import evaluate

_SHAPE = (
    "coverage", "banned", "unsupported-claims", "distinct-1", "distinct-2", "distinct-3", "distinct-4", "repetition-4",
)  # fmt: skip
_OVERLAP = ("bleu-4", "rouge-1", "rouge-2", "rouge-l")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="AdvertiseGen rows")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines() if line.strip()]
    queries, labels = [row["content"] for row in rows], [row["summary"] for row in rows]
    written = [_written(query, seed) for seed, query in enumerate(queries)]
    template, human = evaluate(queries, labels, written), evaluate(queries, labels, labels)
    targets = {"coverage": ">= 98", "banned": "0", "unsupported-claims": "0", "distinct-2": ">= 25"}
    shown = [
        [name, f"{template[name]:.2f}", "" if name in _OVERLAP else f"{human[name]:.2f}", targets.get(name, "")]
        for name in (*_SHAPE, *_OVERLAP)
    ]
    text = table([f"over {len(rows)} briefs", "template writer", "people", "target"], shown)
    text += "\n\nIn per cent; BLEU and ROUGE are against the people's copy."
    text += " Made by `python -m benchmarks.copy_quality --data dev.jsonl`."
    write_section("quality.md", "Copy", text)
    print(text)


def _written(query: str, seed: int) -> str:
    brief = parse_brief(query)
    drafts = TemplateWriter().write(brief, count=1, seed=seed, sampling=Sampling(), stop=threading.Event())
    return list(drafts)[-1].copy.body


if __name__ == "__main__":
    main()
