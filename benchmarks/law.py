"""How much of what the law forbids is found, and how much that it does not: docs/quality.md, "Advertising law".

    python -m benchmarks.law [--human train.jsonl]
"""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from benchmarks.report import table, write_section
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.training.recipes.law_sentences import HOLDOUT_SETS, RULE_SETS, read_set

_BRIEFS = 60
# Violations found, innocent sentences banned, and with any finding ("" where it was not counted), in per cent: each
# measured once, on the rules as they stood before the set was read; none can be measured so again.
_FIRST_RUNS: dict[str, tuple[float, float, float | str]] = {
    "short claims": (75.0, 3.2, ""),
    "social notes": (91.9, 0.8, ""),
    "formal copy": (98.8, 1.9, ""),
    "livestream": (88.8, 1.9, ""),
    "spoken, first half": (77.0, 1.2, ""),
    "spoken, second half": (61.5, 3.1, ""),
    "spoken threshold": (55.5, 2.5, ""),
    "known groups (holdout), by rules alone": (62.0, 2.2, ""),
    "penalty cases (holdout), by rules alone": (78.5, 1.6, ""),
    "mixed goods, before the kinds were mended": (95.2, 3.1, 17.4),
    "oblique, first half": (82.0, 3.9, 10.1),
    "plain claims": (96.9, 4.3, 6.8),
    "oblique, second half": (81.2, 2.4, 7.3),
    "all kinds (holdout)": (96.9, 3.1, 7.5),
    "last (holdout)": (94.4, 1.3, 5.1),
    "everyday trades": (90.8, 4.3, 12.2),
    "long sentences": (91.1, 2.7, 10.1),
    "dialect and emoji": (86.2, 3.9, 15.8),
    "near pairs": (93.2, 2.1, 10.4),
    "shop talk": (83.0, 1.9, 10.0),
    "plain and subtle": (94.4, 4.5, 9.8),
    "weak kinds": (78.6, 3.1, 29.7),
    "daily notices": (87.2, 2.1, 16.7),
    "shop copy (holdout)": (97.3, 2.0, 6.7),
}
_SEQUENCE = """Language models wrote all the sets, as sellers would; no set is of people's sentences. Found is any
finding, a caution too. Only a first run says what to expect of texts of a new kind. The sets before "mixed goods" were
written without sight of the rules. Those from "mixed goods" on were written by the one who changed the rules, each
before it was measured, so that they are fresh sentences and no independent judgement. Rules, weights and thresholds
were changed after each but "shop copy", whose row is of the check as it ships, on plain claims; nothing has learnt from
it. In the oblique sets, in shop talk and in weak kinds claims are made without their words on purpose, and a fifth of
them was missed; most innocent sentences of weak kinds hold a word that the rules look for. So of claims made without
their words expect four in five to be found, of plain ones 94 to 97 in a hundred.

A sentence that no rule has words for is judged by its likeness to known ones (`python -m
lib_adcopy.training.recipes.law_likeness`): a caution, never a ban, that names the rule it resembles. The same likeness
decides whether a cautious rule's finding counts, so that 完美 or 减肥 alone is none, and makes a caution of a ban in a
sentence that is like innocent ones. It learnt from the sets under `train/`, from people's copy and from the template
writer's own, counted as innocent. The template writer's texts with a finding are measured on briefs and seeds that it
did not learn from.

"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--human", type=Path, help="AdvertiseGen rows: ad copy written by people")
    options = parser.parse_args()
    rows = []
    for name, title in {**RULE_SETS, **HOLDOUT_SETS}.items():
        sentences = read_set(name)
        violations, innocent = sentences.violations, sentences.innocent
        rows.append([f"`{name}` violations: {title}", str(len(violations)), share(violations, found), "found, >= 95 %"])
        rows.append([f"`{name}` innocent sentences", str(len(innocent)), share(innocent, banned), "banned, <= 2 %"])
        rows.append(["the same", str(len(innocent)), share(innocent, found), "with any finding, <= 10 %"])
    if options.human:
        lines = options.human.read_text(encoding="utf-8").splitlines()
        copies = [json.loads(line)["summary"] for line in lines]
        rows.append(["human ad copy (AdvertiseGen)", str(len(copies)), share(copies, banned), "banned, <= 1 %"])
        rows.append(["the same", str(len(copies)), share(copies, found), "with any finding, <= 6 %"])
        own = _written_copies(lines)
        rows.append(["the template writer's copy", str(len(own)), share(own, found), "with any finding, <= 3 %"])
    text = table(["texts", "number", "share", "of what, and the target"], rows)
    first = [[name, *(f"{value} %" if value != "" else "" for value in run)] for name, run in _FIRST_RUNS.items()]
    heading = ["first run", "violations found (>= 96 %)", "innocent banned (<= 2 %)", "with any finding (<= 10 %)"]
    unseen = table(heading, first)
    command = "Made by `python -m benchmarks.law --human train.jsonl`."
    write_section("quality.md", "Advertising law", f"{text}\n\n{_SEQUENCE}{unseen}\n\n{command}")
    print(text)


def _written_copies(lines: Sequence[str]) -> list[str]:
    """Return the template writer's copy for the last rows' briefs on every platform; the likeness learnt on others."""
    writer, stop = TemplateWriter(), threading.Event()
    copies = []
    for seed, line in enumerate(lines[-_BRIEFS:], 1000):
        for platform in platforms():
            brief = parse_brief(json.loads(line)["content"], platform=platform)
            *_, draft = writer.write(brief, count=1, seed=seed, sampling=Sampling(), stop=stop)
            copies.append(draft.copy.text)
    return copies


@cache
def levels(text: str) -> frozenset[str]:
    return frozenset(finding.level for finding in check_text(text))


def found(text: str) -> bool:
    return bool(levels(text))


def banned(text: str) -> bool:
    return "ban" in levels(text)


def share(texts: Sequence[str], what) -> str:
    return f"{100 * sum(map(what, texts)) / len(texts):.2f} %"


if __name__ == "__main__":
    main()
