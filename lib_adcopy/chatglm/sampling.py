"""From logits to the next token: guard, repetition penalty, ban, temperature, top-k, top-p, draw. In that order, fp32.

The guard comes first: behind a ban it would take the ban's own -inf for a broken score.
"""

from __future__ import annotations

import torch

# The reference forces this token where scores are NaN or infinite.
_GUARD_TOKEN, _GUARD_SCORE = 5, 5e4


def guard(scores: torch.Tensor) -> torch.Tensor:
    """(batch, vocab) without NaN and infinity: a call that has any is replaced whole, as the reference does."""
    if torch.isfinite(scores).all():
        return scores
    replaced = torch.zeros_like(scores)
    replaced[..., _GUARD_TOKEN] = _GUARD_SCORE
    return replaced


def penalise(scores: torch.Tensor, seen: torch.Tensor, penalty: float) -> torch.Tensor:
    """Scores of the tokens `seen` (batch, n) made less likely: divided where positive, multiplied where negative."""
    if penalty == 1.0:
        return scores
    found = scores.gather(1, seen)
    return scores.scatter(1, seen, torch.where(found < 0, found * penalty, found / penalty))


def warp(scores: torch.Tensor, temperature: float, top_k: int, top_p: float) -> torch.Tensor:
    """Scores over temperature, everything outside the top k and outside the nucleus of mass `top_p` at -inf.

    Ties at the k-th place are kept, and a nucleus keeps the token that crosses `top_p`, as transformers does.
    """
    scores = scores / temperature
    if top_k > 0:
        kth = scores.topk(min(top_k, scores.size(-1))).values[..., -1, None]
        scores = scores.masked_fill(scores < kth, -torch.inf)
    if top_p < 1.0:
        # Only what top-k left has to be sorted: that is fifty of 130528.
        left = int(torch.isfinite(scores).sum(dim=-1).max()) if top_k > 0 else scores.size(-1)
        descending, order = scores.topk(max(left, 1))
        ascending, order = descending.flip(-1), order.flip(-1)
        outside = ascending.softmax(dim=-1).cumsum(dim=-1) <= 1 - top_p
        outside[..., -1] = False
        scores = scores.scatter(1, order, ascending.masked_fill(outside, -torch.inf))
    return scores


class Sampler:
    """Draws one sequence's tokens. Temperature 0 takes the likeliest; the same seed draws the same."""

    def __init__(
        self,
        seed: int,
        *,
        temperature: float = 0.95,
        top_p: float = 0.7,
        top_k: int = 50,
        repetition_penalty: float = 1.0,
    ) -> None:
        self._temperature, self._top_p, self._top_k = temperature, top_p, top_k
        self._penalty = repetition_penalty
        # Drawn on the CPU: the same seed means the same text whatever the model runs on.
        self._chance = torch.Generator().manual_seed(seed)

    def draw(self, scores: torch.Tensor, seen: torch.Tensor, banned: int | None = None) -> int:
        """The next token for scores (1, vocab) after the tokens `seen` (1, n); never `banned`."""
        scores = penalise(guard(scores.float()), seen, self._penalty)
        if banned is not None:
            scores = scores.index_fill(1, torch.tensor([banned], device=scores.device), -torch.inf)
        if self._temperature <= 0:
            return int(scores.argmax(dim=-1))
        probabilities = warp(scores, self._temperature, self._top_k, self._top_p).softmax(dim=-1)
        return int(torch.multinomial(probabilities.cpu(), 1, generator=self._chance))
