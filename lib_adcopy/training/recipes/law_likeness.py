"""Trains the weights of law/likeness.py: which sentences are like violations of the advertising law, and like which.

    python -m lib_adcopy.training.recipes.law_likeness --human train.jsonl

Reads the training sets of law_sentences.py; AdvertiseGen copy and the template writer's own copy count as innocent.
Writes lib_adcopy/copywriting/data/law/likeness.json.

The likeness is a logistic regression over pieces scaled by their naive Bayes log-count ratio (Wang and Manning 2012,
"Baselines and Bigrams"). Its two thresholds are chosen on sentences of sets that were left out of the fit. The category
is the largest naive Bayes log-odds; violations under no heading are labelled by the rule that finds them.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.law import check
from lib_adcopy.copywriting.law.likeness import SCALE, linear, norm, pieces
from lib_adcopy.copywriting.law.spelling import Spelling
from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.copywriting.vocabulary import DATA
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.storage.atomic import write_atomic
from lib_adcopy.training.recipes.law_sentences import TRAIN_SETS, read_categories, read_set

_FILE = DATA / "law" / "likeness.json"
_BRIEFS = Path(__file__).with_name("law") / "briefs.txt"
_SENTENCE_ENDS = re.compile(r"[。！？!?\n]")
# Rows that a piece must occur in to get a weight.
_MIN_ROWS = 2
_SMOOTHING, _INVERSE_PENALTY, _STEPS = 0.1, 16.0, 60
# People's ad copy outnumbers the sets and is all of one kind, so each sentence counts less.
_HUMAN_SENTENCES, _HUMAN_WEIGHT = 3000, 0.3
_WRITTEN_SENTENCES, _WRITTEN_WEIGHT, _HUMAN_BRIEFS = 8000, 0.5, 240
_FOLDS = 4
# Of violations that a cautious rule finds, the share whose finding the threshold may drop; of sentences without a
# rule's finding, the shares of innocent, people's and the writer's that it may flag.
_DROPPED, _INNOCENT_FLAGGED, _HUMAN_FLAGGED, _WRITTEN_FLAGGED = 0.02, 0.04, 0.003, 0.004
# Scaled weights below this are noise and left out.
_MIN_WEIGHT = 7
_MIN_CATEGORY_WEIGHT = 80
_LINE_CHARACTERS = 100
# Categories that say the same of a sentence, by the one that speaks for them.
_MERGED = {
    "医疗暗示": "医疗用语",
    "需要检测": "需要出处",
    "绝对化-": "绝对化-慎用",
    # The English rules' names.
    "medical": "医疗用语",
    "evidence": "需要出处",
    "platform": "平台引流",
    "absolute": "绝对化-慎用",
}


@dataclass(frozen=True)
class Row:
    """A sentence to learn from; `fold` is the group of sets that is left out together."""

    text: str
    violation: bool
    weight: float
    kind: str
    fold: int


@dataclass(frozen=True)
class Fitted:
    """A likeness model before it is scaled to whole numbers."""

    weights: Mapping[str, float]
    bias: float

    def score(self, text: str) -> float:
        return linear(self.weights, pieces(text)) + self.bias


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--human", type=Path, required=True, help="AdvertiseGen rows: ad copy written by people")
    rows = read_rows(parser.parse_args().human)
    confirms, alone = _choose_thresholds(rows)
    model = _fit(rows)
    weights = _scaled(model.weights, _MIN_WEIGHT)
    text = serialise(round(model.bias * SCALE), round(confirms * SCALE), round(alone * SCALE), weights, _categories())
    write_atomic(_FILE, text)
    print(f"{len(weights)} pieces, thresholds {confirms:.2f} and {alone:.2f}, {_FILE.stat().st_size // 1000} kB")


def read_rows(human: Path) -> list[Row]:
    """Return the sentences to learn from: those of the training sets, people's and the writer's."""
    rows = []
    for at, name in enumerate(TRAIN_SETS):
        sentences = read_set(name)
        rows += [Row(text, True, 1.0, "set", at % _FOLDS) for text in sentences.violations]
        rows += [Row(text, False, 1.0, "set", at % _FOLDS) for text in sentences.innocent]
    people = _human_sentences(human)[:_HUMAN_SENTENCES]
    rows += [Row(text, False, _HUMAN_WEIGHT, "human", at % _FOLDS) for at, text in enumerate(people)]
    own = _written_sentences(human)[:_WRITTEN_SENTENCES]
    rows += [Row(text, False, _WRITTEN_WEIGHT, "written", at % _FOLDS) for at, text in enumerate(own)]
    return rows


def serialise(
    bias: int,
    confirms: int,
    alone: int,
    weights: Mapping[str, int],
    categories: Mapping[str, Mapping[str, int]],
) -> str:
    """Return the file's JSON in lines that a diff can show: each first character begins a line of its own."""
    parts = [f'"{name}":{{\n{_lines(found)}\n}}' for name, found in categories.items()]
    body = ",\n".join(parts)
    return (
        f'{{"bias":{bias},"confirms":{confirms},"alone":{alone},"weights":{{\n{_lines(weights)}\n}},\n'
        f'"categories":{{\n{body}}}}}\n'
    )


def _lines(weights: Mapping[str, int]) -> str:
    lines: list[str] = []
    first_character: str | None = None
    for piece in sorted(weights):
        entry = f"{json.dumps(piece, ensure_ascii=False)}:{weights[piece]},"
        if piece[:1] == first_character and len(lines[-1]) + len(entry) <= _LINE_CHARACTERS:
            lines[-1] += entry
        else:
            lines.append(entry)
            first_character = piece[:1]
    return "\n".join(lines).removesuffix(",")


def _choose_thresholds(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the scores above which a cautious finding counts, and above which none is needed."""
    scores: dict[int, float] = {}
    for fold in range(_FOLDS):
        model = _fit([row for row in rows if row.fold != fold])
        scores |= {at: model.score(row.text) for at, row in enumerate(rows) if row.fold == fold}
    levels = [_level(row.text) if row.kind == "set" else "" for row in rows]

    def reached(share: float, chosen: Callable[[int], bool]) -> float:
        """Return the score that the share `share` of the chosen rows reaches."""
        found = sorted((scores[at] for at in range(len(rows)) if chosen(at)), reverse=True)
        return found[min(int(share * len(found)), len(found) - 1)]

    confirms = reached(1 - _DROPPED, lambda at: rows[at].violation and levels[at] == "cautious")
    alone = max(
        reached(_INNOCENT_FLAGGED, lambda at: rows[at].kind == "set" and not rows[at].violation and not levels[at]),
        reached(_HUMAN_FLAGGED, lambda at: rows[at].kind == "human"),
        reached(_WRITTEN_FLAGGED, lambda at: rows[at].kind == "written"),
    )
    left = [scores[at] > alone for at in range(len(rows)) if rows[at].violation and not levels[at]]
    print(f"{100 * sum(left) / len(left):.1f} % found of {len(left)} held-out violations that no rule finds")
    return confirms, alone


def _level(text: str) -> str:
    """Return "ban", "cautious" or "" as the rules find a sentence."""
    spelt = Spelling(text).text
    found = [finding for _, sentence in check.sentences(spelt) for finding in check.find_by_rule(sentence)[0]]
    return "" if not found else "ban" if any(finding.level == "ban" for finding in found) else "cautious"


def _fit(rows: Sequence[Row]) -> Fitted:
    """Return the regression's weights by piece, the same for the same rows."""
    found = [pieces(row.text) for row in rows]
    counts = Counter(piece for row in found for piece in row)
    known = sorted(piece for piece, count in counts.items() if count >= _MIN_ROWS)
    places = {piece: at for at, piece in enumerate(known)}
    columns = [[places[piece] for piece in sorted(row) if piece in places] for row in found]
    ratios = _log_count_ratios(rows, columns, len(places))
    starts = torch.tensor([0, *torch.tensor([len(row) for row in columns]).cumsum(0).tolist()])
    flat = torch.tensor([column for row in columns for column in row])
    scale = torch.tensor([1 / norm(row) for row in found]).repeat_interleave(starts.diff())
    matrix = torch.sparse_csr_tensor(starts, flat, scale * ratios[flat], size=(len(rows), len(places)))
    solved = _solve(matrix, rows)
    weights = (solved[:-1] * ratios).tolist()
    return Fitted(dict(zip(places, weights, strict=True)), float(solved[-1]))


def _log_count_ratios(rows: Sequence[Row], columns: Sequence[Sequence[int]], size: int) -> torch.Tensor:
    """Return each piece's log ratio of its share among violations to its share among innocent sentences."""
    sums = torch.full((2, size), _SMOOTHING)
    for row, found in zip(rows, columns, strict=True):
        sums[int(row.violation), found] += row.weight
    shares = sums / sums.sum(1, keepdim=True)
    return (shares[1] / shares[0]).log()


def _solve(matrix: torch.Tensor, rows: Sequence[Row]) -> torch.Tensor:
    """Return the weights and the bias that minimise the penalised logistic loss, by L-BFGS."""
    labels = torch.tensor([float(row.violation) for row in rows])
    row_weights = torch.tensor([row.weight for row in rows])
    transposed = matrix.t().to_sparse_csr()
    solved = torch.zeros(matrix.shape[1] + 1, requires_grad=True)
    optimizer = torch.optim.LBFGS([solved], max_iter=_STEPS, history_size=10, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        values = solved.detach()
        scores = (matrix @ values[:-1, None]).squeeze(1) + values[-1]
        losses = torch.nn.functional.binary_cross_entropy_with_logits(scores, labels, reduction="none")
        errors = (scores.sigmoid() - labels) * row_weights * _INVERSE_PENALTY
        gradient = (transposed @ errors[:, None]).squeeze(1)
        solved.grad = torch.cat((gradient + values[:-1], (errors.sum() + values[-1])[None]))
        return _INVERSE_PENALTY * (losses * row_weights).sum() + values.square().sum() / 2

    optimizer.step(closure)
    return solved.detach()


def _categories() -> dict[str, dict[str, int]]:
    """Return each category's weights by piece and, under "", its bias."""
    labelled = _labelled()
    totals: Counter[str] = Counter()
    by_category: dict[str, Counter[str]] = {}
    for text, category in labelled:
        found = pieces(text)
        totals.update(found)
        by_category.setdefault(category, Counter()).update(found)
    rows = Counter(category for _, category in labelled)
    weights: dict[str, dict[str, int]] = {}
    for category in sorted(by_category):
        inside, outside = rows[category], len(labelled) - rows[category]
        odds = {
            piece: math.log((count + 0.5) / (inside + 1)) - math.log((totals[piece] - count + 0.5) / (outside + 1))
            for piece, count in by_category[category].items()
            if totals[piece] > _MIN_ROWS
        }
        weights[category] = {**_scaled(odds, _MIN_CATEGORY_WEIGHT), "": round(SCALE * 0.3 * math.log(inside / outside))}
    return weights


def _labelled() -> list[tuple[str, str]]:
    """Violations with the category of their rule: under headings, or as the rules find them."""
    found = []
    for name in TRAIN_SETS:
        headings = read_categories(name)
        for text in read_set(name).violations:
            by_rule = [finding.category for finding in check.find_by_rule(Spelling(text).text)[0]]
            for category in [headings[text]] if text in headings else by_rule[:1]:
                merged = next((to for start, to in _MERGED.items() if category.startswith(start)), category)
                found.append((text, merged))
    return found


def _scaled(weights: Mapping[str, float], least: int) -> dict[str, int]:
    scaled = {piece: round(weight * SCALE) for piece, weight in sorted(weights.items())}
    return {piece: weight for piece, weight in scaled.items() if abs(weight) >= least}


def _human_sentences(file: Path) -> list[str]:
    copies = [json.loads(line)["summary"] for line in file.read_text(encoding="utf-8").splitlines()]
    return _shuffled(part for copy in copies for part in _SENTENCE_ENDS.split(copy) if 8 < len(part) < 60)


def _written_sentences(human: Path) -> list[str]:
    """Return sentences of the template writer, of briefs of many trades and AdvertiseGen's for every platform."""
    writer, stop = TemplateWriter(), threading.Event()
    found: set[str] = set()
    pairs = [json.loads(line)["content"] for line in human.read_text(encoding="utf-8").splitlines()[:_HUMAN_BRIEFS]]
    for seed, line in enumerate([*_BRIEFS.read_text(encoding="utf-8").splitlines(), *pairs]):
        for platform in platforms():
            brief = parse_brief(line, platform=platform)
            drafts = writer.write(brief, count=2, seed=seed, sampling=Sampling(), stop=stop)
            texts = {draft.index: draft.copy.text for draft in drafts}
            found |= {part.strip() for text in texts.values() for part in _SENTENCE_ENDS.split(text)}
    return _shuffled(text for text in sorted(found) if len(text) > 5 and not text.startswith("#"))


def _shuffled(texts: Iterable[str]) -> list[str]:
    found = list(texts)
    random.Random(0).shuffle(found)
    return found


if __name__ == "__main__":
    main()
