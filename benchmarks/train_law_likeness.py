"""Learns which sentences are like violations of the advertising law: lib_adcopy/copywriting/data/law/likeness.json.

    python -m benchmarks.train_law_likeness --human train.jsonl

Besides the sets there are sentences written to be learnt from (learnt_*.txt). The last set is never learnt from:
benchmarks.law measures on it. The threshold is chosen on the set before it, by a model that has not seen that one
either: the lowest at which few innocent sentences are held.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections.abc import Mapping
from pathlib import Path

import torch

from benchmarks.law import SETS, UNSEEN, sentences
from lib_adcopy.copywriting.law.likeness import SCALE, pieces

_FILE = Path(__file__).resolve().parents[1] / "lib_adcopy" / "copywriting" / "data" / "law" / "likeness.json"
_ENDS = re.compile(r"[。！？!?\n]")
_EPOCHS, _BATCH, _RATE = 20, 256, 0.02
# Rows that a piece must stand in to be learnt.
_FEWEST = 2
# Ad copy of people is far more than the sets and all of a kind; it counts less.
_HUMANS, _HUMAN_WEIGHT = 3000, 0.3
_INNOCENT_HELD, _HUMAN_HELD = 0.04, 0.003
# Weights below this are noise and left out.
_LEAST = 50
# Characters of a line of the file.
_LINE = 100

Row = tuple[frozenset[str], float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--human", type=Path, required=True, help="AdvertiseGen rows: ad copy written by people")
    humans = _human_sentences(parser.parse_args().human)
    learnt, held = humans[:_HUMANS], humans[_HUMANS : 2 * _HUMANS]
    names = ["learnt_", "", *(f"{name}_" for name in SETS if name not in UNSEEN)]
    threshold = _threshold(names, learnt, held)
    weights, bias = _fit(_rows(names, learnt))
    kept = {piece: whole for piece, weight in sorted(weights.items()) if abs(whole := round(weight * SCALE)) >= _LEAST}
    _FILE.write_text(stored(kept, round(bias * SCALE), round(threshold * SCALE)), encoding="utf-8")
    print(f"{len(kept)} pieces, threshold {threshold:.2f}, {_FILE.stat().st_size // 1000} kB")


def stored(weights: Mapping[str, int], bias: int, threshold: int) -> str:
    """JSON in lines that a diff can show: those of each first character begin a line of their own."""
    lines: list[str] = []
    begun = ""
    for piece in sorted(weights):
        entry = f"{json.dumps(piece, ensure_ascii=False)}:{weights[piece]},"
        if piece[0] == begun and len(lines[-1]) + len(entry) <= _LINE:
            lines[-1] += entry
        else:
            lines.append(entry)
            begun = piece[0]
    body = "\n".join(lines).removesuffix(",")
    return f'{{"bias":{bias},"threshold":{threshold},"weights":{{\n{body}\n}}}}\n'


def _threshold(names: list[str], learnt: list[str], held: list[str]) -> float:
    weights, bias = _fit(_rows(names[:-1], learnt))

    def highest_but(share: float, texts: list[str]) -> float:
        scores = sorted((_score(weights, bias, text) for text in texts), reverse=True)
        return scores[int(share * len(scores))]

    innocent = highest_but(_INNOCENT_HELD, sentences(f"{names[-1]}innocent.txt"))
    return max(innocent, highest_but(_HUMAN_HELD, held))


def _rows(names: list[str], humans: list[str]) -> list[Row]:
    return [
        *((pieces(text), 1.0, 1.0) for name in names for text in sentences(f"{name}violations.txt")),
        *((pieces(text), 0.0, 1.0) for name in names for text in sentences(f"{name}innocent.txt")),
        *((pieces(text), 0.0, _HUMAN_WEIGHT) for text in humans),
    ]


def _fit(rows: list[Row]) -> tuple[dict[str, float], float]:
    """Weights of the pieces that are not too rare, and the bias; the same for the same rows."""
    counts: dict[str, int] = {}
    for found, _, _ in rows:
        for piece in found:
            counts[piece] = counts.get(piece, 0) + 1
    known = sorted(piece for piece, count in counts.items() if count >= _FEWEST)
    places = {piece: place for place, piece in enumerate(known)}
    torch.manual_seed(0)
    weights = torch.nn.EmbeddingBag(len(places), 1, mode="sum")
    torch.nn.init.zeros_(weights.weight)
    bias = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([weights.weight, bias], lr=_RATE)
    order = random.Random(0)
    for _ in range(_EPOCHS):
        order.shuffle(rows)
        for start in range(0, len(rows), _BATCH):
            loss = _loss(rows[start : start + _BATCH], places, weights, bias)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    found = weights.weight.detach().squeeze(1).tolist()
    return dict(zip(places, found, strict=True)), float(bias.detach())


def _loss(
    rows: list[Row], places: dict[str, int], weights: torch.nn.EmbeddingBag, bias: torch.Tensor
) -> torch.Tensor:
    bags = [[places[piece] for piece in sorted(found) if piece in places] for found, _, _ in rows]
    starts = torch.tensor([sum(map(len, bags[:at])) for at in range(len(bags))])
    sums = weights(torch.tensor([place for bag in bags for place in bag]), starts).squeeze(1)
    scores = sums / torch.tensor([math.sqrt(len(found)) for found, _, _ in rows]) + bias
    wanted, counted = torch.tensor([row[1] for row in rows]), torch.tensor([row[2] for row in rows])
    each = torch.nn.functional.binary_cross_entropy_with_logits(scores, wanted, reduction="none")
    return (each * counted).mean()


def _score(weights: dict[str, float], bias: float, text: str) -> float:
    found = pieces(text)
    return sum(weights.get(piece, 0.0) for piece in found) / math.sqrt(len(found)) + bias


def _human_sentences(file: Path) -> list[str]:
    copies = [json.loads(line)["summary"] for line in file.read_text(encoding="utf-8").splitlines()]
    found = [part for copy in copies for part in _ENDS.split(copy) if 8 < len(part) < 60]
    random.Random(0).shuffle(found)
    return found


if __name__ == "__main__":
    main()
