"""Turns the logits of all answers into their next tokens: a shortlist on the device, the draw on the host.

The device applies the repetition penalty and takes each row's best logits with one top-k over the batch; some seventy
values and ids a row reach the host in one copy. There each row goes the reference's way: guard, ban, temperature,
top-k, top-p, draw. Candidates are in the order of (score, id), so that which of two equal scores a device's top-k names
first changes nothing: the same logits and seed give the same token on every device and with every torch.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from typing import NamedTuple

import torch

from lib_adcopy.chatglm.generation_types import SamplingParams

# The reference forces this token where a logit is NaN or infinite.
_GUARD_TOKEN, _GUARD_LOGIT = 5, 5e4
# Beside the top k: the banned token, and scores equal to the k-th, which are kept. bfloat16 has many equal ones.
_SPARE = 20


class ScoredToken(NamedTuple):
    """A token that may be drawn."""

    score: float
    token: int


class Sampler:
    """Draws one sequence's tokens; the same seed draws the same ones."""

    def __init__(self, seed: int, sampling: SamplingParams | None = None) -> None:
        self.sampling = sampling or SamplingParams()
        # Python's generator, whose numbers no version of torch and no device changes.
        self._generator = random.Random(seed)

    def draw(self, candidates: Sequence[ScoredToken]) -> int:
        """Draw a token of the candidates, best first, which are the top k or everything."""
        if self.sampling.temperature <= 0:
            return candidates[0].token
        shares = nucleus([score for score, _ in candidates], self.sampling.temperature, self.sampling.top_p)
        limit = self._generator.random() * sum(shares)
        reached = next((at for at, sum_ in enumerate(itertools.accumulate(shares)) if sum_ > limit), len(shares) - 1)
        return candidates[reached].token


def nucleus(scores: Sequence[float], temperature: float, top_p: float) -> list[float]:
    """Return the probabilities of the fewest candidates, best first, whose mass reaches `top_p`; at least one.

    Probabilities are those among all `scores`, heated by the temperature, and not yet normalised to the nucleus.
    """
    weights = [math.exp((score - scores[0]) / temperature) for score in scores]
    total, above = sum(weights), 0.0
    shares: list[float] = []
    for weight in weights:
        if shares and top_p < 1.0 and above >= top_p:
            break
        shares.append(weight / total)
        above += shares[-1]
    return shares


class BatchSampler:
    """Draws the next token of every answer of a batch, each by its own sampler."""

    def __init__(self, samplers: Sequence[Sampler], prompts: Sequence[Sequence[int]]) -> None:
        """`prompts` are the tokens that each answer's repetition penalty begins with."""
        self._samplers, self._prompts = samplers, prompts
        self._penalties = [sampler.sampling.repetition_penalty for sampler in samplers]
        # bool (answers, vocab) on the logits' device, made where a penalty needs it.
        self._seen: torch.Tensor | None = None

    def draw(self, logits: torch.Tensor, answers: Sequence[int], banned: int | None = None) -> dict[int, int]:
        """Return {answer: its next token} from logits (answers, vocab), row by row those of `answers`.

        `banned` is not drawn.
        """
        samplers = [self._samplers[answer] for answer in answers]
        rows = top_candidates(self._penalised(logits, answers), [each.sampling for each in samplers], banned)
        drawn = {at: each.draw(row) for at, each, row in zip(answers, samplers, rows, strict=True)}
        if self._seen is not None:
            self._seen[list(drawn), list(drawn.values())] = True
        return drawn

    def _penalised(self, logits: torch.Tensor, answers: Sequence[int]) -> torch.Tensor:
        """Make seen tokens less likely: positive logits are divided by the penalty, negative ones multiplied."""
        if all(penalty == 1.0 for penalty in self._penalties):
            return logits
        logits = logits.float()
        if self._seen is None:
            self._seen = torch.zeros(len(self._samplers), logits.size(1), dtype=torch.bool, device=logits.device)
            for answer, tokens in enumerate(self._prompts):
                self._seen[answer, list(tokens)] = True
        seen = self._seen if len(answers) == len(self._seen) else self._seen[list(answers)]
        penalties = logits.new_tensor([[self._penalties[answer]] for answer in answers])
        return torch.where(seen, torch.where(logits < 0, logits * penalties, logits / penalties), logits)


def top_candidates(
    logits: torch.Tensor, sampling: Sequence[SamplingParams], banned: int | None = None
) -> list[list[ScoredToken]]:
    """Return for each row of logits (rows, vocab) its top k without `banned`, by falling score and rising id.

    Scores equal to the k-th are kept, as transformers does; top_k 0 is the whole vocabulary, temperature 0 the best.
    A row with a NaN or an infinite logit is the guard token alone, as the reference has it.
    """
    vocabulary = logits.size(1)
    wanted = [1 if each.temperature <= 0 else each.top_k or vocabulary for each in sampling]
    count = min(max(wanted) + _SPARE, vocabulary)
    # The guard looks at all logits, before the ban: the best and the lowest say whether any is broken.
    lowest = logits.amin(dim=1, keepdim=True).float()
    while True:
        scores, ids = logits.topk(count)
        # As bits of one tensor, for one copy.
        together = torch.cat([lowest.view(torch.int32), scores.float().view(torch.int32), ids.int()], dim=1).cpu()
        numbers, tokens = together[:, : count + 1].view(torch.float32).tolist(), together[:, count + 1 :].tolist()
        rows = [
            _top(row, own, banned, k, is_all=count == vocabulary)
            for row, own, k in zip(numbers, tokens, wanted, strict=True)
        ]
        found = [row for row in rows if row is not None]
        if len(found) == len(rows):
            return found
        count = min(4 * count, vocabulary)


def _top(
    numbers: Sequence[float], tokens: Sequence[int], banned: int | None, k: int, *, is_all: bool
) -> list[ScoredToken] | None:
    """Return a row's top k of its lowest score, then its best ones; None where more may equal the k-th."""
    lowest, scores = numbers[0], numbers[1:]
    if not (math.isfinite(lowest) and math.isfinite(scores[0])):
        return [ScoredToken(_GUARD_LOGIT, _GUARD_TOKEN)]
    allowed = [ScoredToken(score, token) for score, token in zip(scores, tokens, strict=True) if token != banned]
    least = allowed[min(k, len(allowed)) - 1].score
    if allowed[-1].score >= least and not is_all:
        return None
    return sorted((each for each in allowed if each.score >= least), key=lambda each: (-each.score, each.token))
