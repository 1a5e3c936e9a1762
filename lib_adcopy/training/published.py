"""Scores that others published for AdvertiseGen's dev set, by the same definitions, for comparison."""

from __future__ import annotations

from collections.abc import Mapping

METRICS = ("bleu-4", "rouge-1", "rouge-2", "rouge-l")
# ChatGLM-6B as THUDM's ptuning README has it and the best found elsewhere; the floor is ours, from the 5,000 pairs.
PUBLISHED: Mapping[str, tuple[float, float, float, float]] = {
    "ChatGLM-6B, untuned": (4.56, 23.98, 3.95, 18.72),
    "ChatGLM-6B, P-Tuning v2 int4": (8.10, 31.12, 7.11, 24.97),
    "ChatGLM-6B, best found": (8.42, 31.75, 7.98, 25.28),
    "the nearest training brief's copy": (6.53, 22.90, 5.35, 22.25),
}


def beside(scores: Mapping[str, float], name: str) -> str:
    """Format one's own scores under `name` and the published ones as a table for a terminal."""
    rows = [(name, tuple(scores[metric] for metric in METRICS)), *PUBLISHED.items()]
    wide = max(len(title) for title, _ in rows)
    lines = [" " * wide + "".join(f"{metric:>10}" for metric in METRICS)]
    lines += [f"{title:<{wide}}" + "".join(f"{value:10.2f}" for value in values) for title, values in rows]
    return "\n".join(lines)
