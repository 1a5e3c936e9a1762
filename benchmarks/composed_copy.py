"""What the template writer makes of a file of briefs on every platform: docs/quality.md, "Composed copy".

    python -m benchmarks.composed_copy --briefs briefs.jsonl
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import time
from pathlib import Path

from benchmarks.report import table, write_section
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.copywriting.writers.template import composed
from lib_adcopy.domain.brief import PLATFORMS

_SEED = 3
# How the law's findings by likeness begin their category.
_LIKE = "疑似"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefs", type=Path, required=True, help='one JSON object a line: "brief", "tone", "length"')
    rows = [json.loads(line) for line in parser.parse_args().briefs.read_text(encoding="utf-8").splitlines()]
    said = lost = changed = flagged = ours = 0
    seconds, shared = [], []
    for row in rows:
        texts = []
        for platform in PLATFORMS:
            brief = parse_brief(row["brief"], platform=platform, tone=row["tone"], length=row["length"])
            started = time.perf_counter()
            copy = composed(brief, _SEED)
            seconds.append(time.perf_counter() - started)
            review = review_copy(brief, copy)
            said, lost, changed = said + len(review.covered), lost + len(review.missing), changed + len(review.changed)
            flagged += bool(review.findings)
            told = {finding.category.removeprefix(_LIKE) for finding in check_text(brief.text)}
            ours += any(finding.category.removeprefix(_LIKE) not in told for finding in review.findings)
            texts.append(_grams(copy.text))
        pairs = itertools.combinations(texts, 2)
        shared += [len(one & other) / len(one | other) for one, other in pairs if one | other]
    whole, texts_written = said + lost + changed, len(rows) * len(PLATFORMS)
    figures = [
        ["facts said", f"{100 * said / whole:.1f} % ({said} of {whole})", ">= 98 %"],
        ["facts changed", str(changed), "0"],
        ["4-grams two platforms' texts of one brief share, mean", f"{100 * statistics.mean(shared):.0f} %", "<= 30 %"],
        ["texts with a finding of a kind the brief has not", f"{100 * ours / texts_written:.1f} %", "<= 3 %"],
        ["texts with any finding, the seller's own words too", f"{100 * flagged / texts_written:.1f} %", ""],
        ["time for one, median and most", f"{statistics.median(seconds):.3f} and {max(seconds):.3f} s", "0.3 s"],
    ]
    text = table([f"{len(rows)} briefs on {len(PLATFORMS)} platforms", "found", "target"], figures)
    note = (
        "The copy is made of the seller's own whole statements, so that the platforms' texts of one brief share these. "
        "A clause of the seller's that is doubted by itself and not among its neighbours counts as a finding of ours. "
        "The slowest text is the first, which loads the data. What editors said stands below."
    )
    command = "Made by `python -m benchmarks.composed_copy --briefs briefs.jsonl`."
    write_section("quality.md", "Composed copy", f"{text}\n\n{note}\n\n{command}")
    print(text)


def _grams(text: str) -> set[str]:
    plain = re.sub(r"\s", "", text)
    return {plain[at : at + 4] for at in range(len(plain) - 3)}


if __name__ == "__main__":
    main()
