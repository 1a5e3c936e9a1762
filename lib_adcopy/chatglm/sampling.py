"""From logits to the next token, in fp32: guard, repetition penalty, ban, temperature, top-k, top-p, draw.

The guard comes first: after the ban it would take the ban's own -inf for a broken logit.
"""

from __future__ import annotations

import torch

from lib_adcopy.chatglm.generation_types import SamplingParams

# The reference forces this token where a logit is NaN or infinite.
_GUARD_TOKEN, _GUARD_LOGIT = 5, 5e4


def guard(logits: torch.Tensor) -> torch.Tensor:
    """Replace (batch, vocab) as a whole where any logit is NaN or infinite, as the reference does."""
    if torch.isfinite(logits).all():
        return logits
    replaced = torch.zeros_like(logits)
    replaced[..., _GUARD_TOKEN] = _GUARD_LOGIT
    return replaced


def penalize(logits: torch.Tensor, seen: torch.Tensor, penalty: float) -> torch.Tensor:
    """Make the tokens `seen` (batch, n) less likely: divide positive logits by `penalty`, multiply negative ones."""
    if penalty == 1.0:
        return logits
    old = logits.gather(1, seen)
    return logits.scatter(1, seen, torch.where(old < 0, old * penalty, old / penalty))


def warp(logits: torch.Tensor, temperature: float, top_k: int, top_p: float) -> torch.Tensor:
    """Divide by the temperature and set to -inf what is outside the top k or the nucleus of mass `top_p`.

    Ties at the k-th place are kept, and a nucleus keeps the token that crosses `top_p`, as transformers does.
    """
    logits = logits / temperature
    if top_k > 0:
        kth = logits.topk(min(top_k, logits.size(-1))).values[..., -1, None]
        logits = logits.masked_fill(logits < kth, -torch.inf)
    if top_p < 1.0:
        # Sort only the fifty of 130528 that top-k left.
        left = int(torch.isfinite(logits).sum(dim=-1).max()) if top_k > 0 else logits.size(-1)
        descending, order = logits.topk(max(left, 1))
        ascending, order = descending.flip(-1), order.flip(-1)
        outside = ascending.softmax(dim=-1).cumsum(dim=-1) <= 1 - top_p
        outside[..., -1] = False
        logits = logits.scatter(1, order, ascending.masked_fill(outside, -torch.inf))
    return logits


class Sampler:
    """Draws one sequence's tokens; the same seed draws the same ones."""

    def __init__(self, seed: int, sampling: SamplingParams | None = None) -> None:
        self.sampling = sampling or SamplingParams()
        # On the CPU: the same seed means the same text on every device.
        self._generator = torch.Generator().manual_seed(seed)

    def draw(self, logits: torch.Tensor, seen: torch.Tensor, banned: int | None = None) -> int:
        """Draw the next token from logits (1, vocab) after the tokens `seen` (1, n); never `banned`."""
        sampling = self.sampling
        logits = penalize(guard(logits.float()), seen, sampling.repetition_penalty)
        if banned is not None:
            logits = logits.index_fill(1, torch.tensor([banned], device=logits.device), -torch.inf)
        if sampling.temperature <= 0:
            return int(logits.argmax(dim=-1))
        probabilities = warp(logits, sampling.temperature, sampling.top_k, sampling.top_p).softmax(dim=-1)
        return int(torch.multinomial(probabilities.cpu(), 1, generator=self._generator))
