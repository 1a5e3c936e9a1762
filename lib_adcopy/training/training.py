"""Trains one prefix: steps, held-out loss, samples, and checkpoints that it resumes from exactly.

Step k's examples and dropout, and the prefix's initial weights, depend on the seed and k alone, so a training that was
killed and resumed ends with the weights of one that was not.
"""

from __future__ import annotations

import functools
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from lib_adcopy.chatglm.generate import generate
from lib_adcopy.chatglm.generation_types import SamplingParams
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.sampling import Sampler
from lib_adcopy.chatglm.tokenizer import ChatGLMTokenizer
from lib_adcopy.chatglm.torch_file import load_torch_file
from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.data import DataSet, mixed
from lib_adcopy.training.distributed import Distributed, SingleProcess
from lib_adcopy.training.loss import encode_pairs, loss_sum, mean_loss, with_prefix
from lib_adcopy.training.prefix import PrefixEncoder, save_errors_reported, save_tensors
from lib_adcopy.training.settings import Settings, check_settings

CHECKPOINT = "checkpoint.pt"
# Held-out loss is computed with every checkpoint, so on a sample; the scores need generated answers, so on fewer.
_MAX_HELD_OUT = 100
_MAX_SCORED = 20



@dataclass(frozen=True)
class StepResult:
    """The state after a step.

    `loss` is in nats a token over the step's examples, each with its <sop>. Where a checkpoint is due, `held_out` is
    the held-out loss of the copies alone and `sample` is (brief, generated copy). `seconds` are the training time so
    far, that before a resume included.
    """

    step: int
    steps: int
    loss: float
    held_out: float | None
    seconds: float
    sample: tuple[str, str] | None = None


class Training:
    """A prefix's weights, optimizer and examples.

    `step` counts the steps done, `past` holds each one's result, those before a resume included; `is_main` tells
    whether this process evaluates and saves.
    """

    def __init__(
        self,
        model: ChatGLM,
        tokenizer: ChatGLMTokenizer,
        examples: DataSet,
        settings: Settings,
        *,
        general: DataSet | None = None,
        distributed: Distributed | None = None,
    ) -> None:
        """Prepare a training; `general` pairs are mixed in up to settings.general_share. Raises AdCopyError."""
        taught, held_out = examples.split(settings.held_out, settings.seed)
        if not taught:
            raise AdCopyError("training.no_training_rows", held=len(held_out))
        check_settings(settings, mixing=general is not None)
        self._own_count = len(taught)
        in_pairs = sum("#" in one.query for one in taught)
        self._asked_as = "pairs" if 2 * in_pairs >= len(taught) else "words"
        if general is not None:
            taught = mixed(taught, general.examples, settings.general_share, settings.seed)
        self._model, self._tokenizer, self.settings = model, tokenizer, settings
        self._digest, self._general = examples.digest, general.digest if general else None
        self._distributed = distributed or SingleProcess()
        self.is_main = self._distributed.is_main
        self._scored = (held_out or taught)[:_MAX_SCORED]
        self._examples = encode_pairs(taught, tokenizer, settings)
        self._held_out = encode_pairs(held_out[:_MAX_HELD_OUT], tokenizer, settings)
        self.encoder = PrefixEncoder(model.config, settings).to(model.device)
        optimizer = torch.optim.AdamW(self.encoder.parameters(), lr=settings.rate, weight_decay=0.0)
        self._optimizer = self._distributed.prepare(optimizer)
        self.step, self._seconds, self.past = 0, 0.0, list[StepResult]()

    def run(self, stop: threading.Event) -> Iterator[StepResult]:
        """Take the steps one by one, until `stop` is set. Raises AdCopyError where the loss becomes NaN."""
        settings = self.settings
        while self.step < settings.steps and not self._distributed.any(stop.is_set()):
            started = time.monotonic()
            loss = self._one_step()
            if loss != loss:
                raise AdCopyError("training.diverged", step=self.step + 1)
            self.step += 1
            checkpoint_due = self.step % settings.save_every == 0 or self.step == settings.steps
            evaluates = checkpoint_due and self.is_main
            held_out, sample = (self.held_out_loss(), self.sample()) if evaluates else (None, None)
            self._seconds += time.monotonic() - started
            self.past.append(StepResult(self.step, settings.steps, loss, held_out, self._seconds, sample))
            yield self.past[-1]

    def held_out_loss(self, *, tuned: bool = True) -> float | None:
        """Return the mean nats a token over held-out examples, None without any; the base model's where not `tuned`."""
        if not self._held_out:
            return None
        with torch.no_grad(), with_prefix(self._model, self.encoder(self._model.dtype) if tuned else None):
            return mean_loss(self._model, self._held_out)

    def sample(self) -> tuple[str, str]:
        """Return the first held-out brief (a trained one where none is held out) and the copy generated for it."""
        return self._scored[0].query, self._answer(self._scored[0].query)

    def scores(self) -> dict[str, float] | None:
        """Score greedy answers to up to 20 held-out examples; None without any."""
        if not self._held_out:
            return None
        from lib_adcopy.training.evaluation import evaluate, faithfulness_scores

        queries, labels = [one.query for one in self._scored], [one.answer for one in self._scored]
        answers = [self._answer(query) for query in queries]
        try:
            return evaluate(queries, labels, answers)
        except ImportError:
            # A webui may lack the published metrics' packages; these scores need none.
            return faithfulness_scores(queries, answers)

    def _answer(self, query: str) -> str:
        settings, tokenizer = self.settings, self._tokenizer
        asked = tokenizer.encode(query, special=False)[: settings.max_source - 1]
        ids = torch.tensor([[*asked, tokenizer.gmask_id, tokenizer.bos_id]], device=self._model.device)
        greedy = [Sampler(0, SamplingParams(temperature=0.0))]
        with torch.no_grad(), with_prefix(self._model, self.encoder(self._model.dtype)):
            steps = generate(self._model, ids, greedy, max_length=ids.size(1) + settings.max_target)
            said = [step[0] for step in steps]
        return tokenizer.decode(said)

    def save_checkpoint(self, out: Path) -> None:
        """Write what `resume` needs; the previous checkpoint stays until this one is complete. Raises AdCopyError."""
        state = {
            "run": self._run_id(),
            "step": self.step,
            "seconds": self._seconds,
            "past": [asdict(one) for one in self.past],
            "encoder": self.encoder.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            # The name that the first version gave it.
            "crew": self._distributed.state_dict(),
        }
        if self.is_main:
            with save_errors_reported(out):
                save_tensors(state, out / CHECKPOINT)

    def resume(self, out: Path) -> None:
        """Go on from the checkpoint in `out`, if there is one; AdCopyError for a damaged or another run's."""
        file = out / CHECKPOINT
        if not file.is_file():
            return
        try:
            stored = load_torch_file(file, device=self._model.device)
            if stored["run"] != self._run_id():
                raise AdCopyError("training.other_run", out=out.name)
            self._restore(stored)
        except (AdCopyError, MemoryError, torch.cuda.OutOfMemoryError):
            raise
        except Exception as error:
            # torch's unpickler, and a checkpoint that lacks an entry, raise errors of many kinds.
            raise AdCopyError("training.damaged_checkpoint", out=out.name) from error

    def _restore(self, stored: dict[str, Any]) -> None:
        self.encoder.load_state_dict(stored["encoder"])
        self._optimizer.load_state_dict(stored["optimizer"])
        self._distributed.load_state_dict(stored["crew"])
        self.step, self._seconds = int(stored["step"]), float(stored["seconds"])
        # Checkpoints of the first version have none.
        self.past = [StepResult(**one) for one in stored.get("past", ())]

    def card(self, base: str) -> dict[str, Any]:
        """Return how this prefix was made: data, settings, time, losses in nats a token."""
        held_out, untuned = self.held_out_loss(), self.held_out_loss(tuned=False)
        return {
            "base_model": base,
            "method": "P-Tuning v2",
            "data_sha256": self._digest,
            "examples": self._own_count,
            "general_examples": len(self._examples) - self._own_count,
            "general_sha256": self._general,
            "held_out_examples": len(self._held_out),
            "asked_as": self._asked_as,
            "settings": asdict(self.settings),
            "step": self.step,
            "seconds": round(self._seconds, 1),
            "first_loss": round(self.past[0].loss, 4) if self.past else None,
            "last_loss": round(self.past[-1].loss, 4) if self.past else None,
            "held_out_loss": None if held_out is None else round(held_out, 4),
            "untuned_held_out_loss": None if untuned is None else round(untuned, 4),
            "scores": self.scores(),
        }

    def _run_id(self) -> dict[str, Any]:
        settings = {name: value for name, value in asdict(self.settings).items() if name != "save_every"}
        return {"data": self._digest, "general": self._general, "settings": settings}

    def _one_step(self) -> float:
        """Take one step; returns its loss in nats a token, over all processes."""
        settings, model, distributed = self.settings, self._model, self._distributed
        size = settings.batch * settings.accumulation
        chosen = list(_example_indices(len(self._examples), self.step, size, settings.seed))
        micro = [chosen[at : at + settings.batch] for at in range(0, size, settings.batch)]
        self._optimizer.zero_grad(set_to_none=True)
        self._optimizer.param_groups[0]["lr"] = settings.rate * (1 - self.step / settings.steps)
        step_loss = 0.0
        for number, indices in list(enumerate(micro))[distributed.rank :: distributed.world_size]:
            dropout = self._dropout(number)
            with distributed.autocast(), self._with_prefix(dropout):
                total, count = loss_sum(model, [self._examples[index] for index in indices], with_bos=True)
                loss = total / count / len(micro)
            distributed.backward(loss)
            step_loss += float(loss.detach())
        return distributed.step(self._optimizer, list(self.encoder.parameters()), settings.clip, step_loss)

    def _with_prefix(self, dropout: torch.Tensor | None) -> AbstractContextManager[None]:
        encoded = self.encoder(self._model.dtype, dropout)
        return with_prefix(self._model, encoded, checkpointing=self.settings.gradient_checkpointing)

    def _dropout(self, number: int) -> torch.Tensor | None:
        """Return the dropout's scale (length, layers * 2 * hidden) for micro-batch `number` of this step."""
        share, config = self.settings.dropout, self._model.config
        if not share:
            return None
        generator = torch.Generator().manual_seed(hash((self.settings.seed, self.step, number)) % 2**63)
        size = (self.settings.prefix_length, config.num_layers * 2 * config.hidden_size)
        return (torch.rand(size, generator=generator) >= share).to(self._model.device) / (1 - share)


def _example_indices(count: int, step: int, size: int, seed: int) -> Iterator[int]:
    """Yield the indices of a step's examples: epochs over all of them, each in an order of its own."""
    for position in range(step * size, (step + 1) * size):
        yield _order(count, seed, position // count)[position % count]


@functools.lru_cache(maxsize=4)
def _order(count: int, seed: int, epoch: int) -> Sequence[int]:
    order = list(range(count))
    random.Random(f"{seed} {epoch}").shuffle(order)
    return order
