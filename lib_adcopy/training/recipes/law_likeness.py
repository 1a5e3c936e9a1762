"""Trains the weights of law/likeness.py: which sentences are like violations of the advertising law.

    python -m lib_adcopy.training.recipes.law_likeness --human train.jsonl

Reads the training sets of law_sentences.py and AdvertiseGen copy as innocent sentences; writes
lib_adcopy/copywriting/data/law/likeness.json. The threshold is the lowest at which few innocent sentences are flagged,
chosen on one training set by weights that were trained without it.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import torch

from lib_adcopy.copywriting.law.likeness import SCALE, pieces
from lib_adcopy.copywriting.vocabulary import DATA
from lib_adcopy.storage.atomic import write_atomic
from lib_adcopy.training.recipes.law_sentences import THRESHOLD, TRAIN_SETS, read_set

_FILE = DATA / "law" / "likeness.json"
_SENTENCE_ENDS = re.compile(r"[。！？!?\n]")
_EPOCHS, _BATCH, _LEARNING_RATE = 20, 256, 0.02
# Rows that a piece must occur in to get a weight.
_MIN_ROWS = 2
# People's ad copy outnumbers the sets and is all of one kind, so each sentence counts less.
_HUMAN_SENTENCES, _HUMAN_WEIGHT = 3000, 0.3
# Shares of innocent sentences, and of people's copy, that the threshold may flag.
_INNOCENT_FLAGGED, _HUMAN_FLAGGED = 0.04, 0.003
# Scaled weights below this are noise and left out.
_MIN_WEIGHT = 50
_LINE_CHARACTERS = 100

# The pieces of a sentence, its label (1.0 violation, 0.0 innocent) and its weight in the loss.
Row = tuple[frozenset[str], float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--human", type=Path, required=True, help="AdvertiseGen rows: ad copy written by people")
    humans = _human_sentences(parser.parse_args().human)
    taught, unseen = humans[:_HUMAN_SENTENCES], humans[_HUMAN_SENTENCES : 2 * _HUMAN_SENTENCES]
    threshold = _choose_threshold(taught, unseen)
    weights, bias = _fit(_rows(TRAIN_SETS, taught))
    scaled = {piece: round(weight * SCALE) for piece, weight in sorted(weights.items())}
    scaled = {piece: weight for piece, weight in scaled.items() if abs(weight) >= _MIN_WEIGHT}
    write_atomic(_FILE, serialise(scaled, round(bias * SCALE), round(threshold * SCALE)))
    print(f"{len(scaled)} pieces, threshold {threshold:.2f}, {_FILE.stat().st_size // 1000} kB")


def serialise(weights: Mapping[str, int], bias: int, threshold: int) -> str:
    """Return the file's JSON in lines that a diff can show: each first character begins a line of its own."""
    lines: list[str] = []
    first_character = ""
    for piece in sorted(weights):
        entry = f"{json.dumps(piece, ensure_ascii=False)}:{weights[piece]},"
        if piece[0] == first_character and len(lines[-1]) + len(entry) <= _LINE_CHARACTERS:
            lines[-1] += entry
        else:
            lines.append(entry)
            first_character = piece[0]
    body = "\n".join(lines).removesuffix(",")
    return f'{{"bias":{bias},"threshold":{threshold},"weights":{{\n{body}\n}}}}\n'


def _choose_threshold(taught: Sequence[str], unseen: Sequence[str]) -> float:
    weights, bias = _fit(_rows([name for name in TRAIN_SETS if name != THRESHOLD], taught))

    def quantile(share: float, texts: Sequence[str]) -> float:
        """Return the score that the share `share` of the texts reaches."""
        scores = sorted((_score(weights, bias, text) for text in texts), reverse=True)
        return scores[int(share * len(scores))]

    return max(quantile(_INNOCENT_FLAGGED, read_set(THRESHOLD).innocent), quantile(_HUMAN_FLAGGED, unseen))


def _rows(names: Iterable[str], humans: Sequence[str]) -> list[Row]:
    sets = [read_set(name) for name in names]
    return [
        *((pieces(text), 1.0, 1.0) for sentences in sets for text in sentences.violations),
        *((pieces(text), 0.0, 1.0) for sentences in sets for text in sentences.innocent),
        *((pieces(text), 0.0, _HUMAN_WEIGHT) for text in humans),
    ]


def _fit(rows: list[Row]) -> tuple[dict[str, float], float]:
    """Return the logistic regression's weight of each frequent piece, and its bias; the same for the same rows."""
    counts: dict[str, int] = {}
    for row_pieces, _, _ in rows:
        for piece in row_pieces:
            counts[piece] = counts.get(piece, 0) + 1
    known = sorted(piece for piece, count in counts.items() if count >= _MIN_ROWS)
    places = {piece: place for place, piece in enumerate(known)}
    torch.manual_seed(0)
    weights = torch.nn.EmbeddingBag(len(places), 1, mode="sum")
    torch.nn.init.zeros_(weights.weight)
    bias = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([weights.weight, bias], lr=_LEARNING_RATE)
    order = random.Random(0)
    for _ in range(_EPOCHS):
        order.shuffle(rows)
        for start in range(0, len(rows), _BATCH):
            loss = _loss(rows[start : start + _BATCH], places, weights, bias)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    values = weights.weight.detach().squeeze(1).tolist()
    return dict(zip(places, values, strict=True)), float(bias.detach())


def _loss(
    rows: list[Row], places: dict[str, int], weights: torch.nn.EmbeddingBag, bias: torch.Tensor
) -> torch.Tensor:
    bags = [[places[piece] for piece in sorted(row_pieces) if piece in places] for row_pieces, _, _ in rows]
    starts = torch.tensor([sum(map(len, bags[:at])) for at in range(len(bags))])
    sums = weights(torch.tensor([place for bag in bags for place in bag]), starts).squeeze(1)
    scores = sums / torch.tensor([math.sqrt(len(row_pieces)) for row_pieces, _, _ in rows]) + bias
    labels, row_weights = torch.tensor([row[1] for row in rows]), torch.tensor([row[2] for row in rows])
    losses = torch.nn.functional.binary_cross_entropy_with_logits(scores, labels, reduction="none")
    return (losses * row_weights).mean()


def _score(weights: dict[str, float], bias: float, text: str) -> float:
    text_pieces = pieces(text)
    return sum(weights.get(piece, 0.0) for piece in text_pieces) / math.sqrt(len(text_pieces)) + bias


def _human_sentences(file: Path) -> list[str]:
    copies = [json.loads(line)["summary"] for line in file.read_text(encoding="utf-8").splitlines()]
    sentences = [part for copy in copies for part in _SENTENCE_ENDS.split(copy) if 8 < len(part) < 60]
    random.Random(0).shuffle(sentences)
    return sentences


if __name__ == "__main__":
    main()
