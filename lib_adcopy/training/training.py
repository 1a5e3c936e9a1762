"""One prefix on its way: steps, held-out loss, samples, and a checkpoint from which it goes on as if never stopped.

Step k's examples, its dropout and the prefix's start depend on the seed and k alone, so a training that was killed and
started again ends with the weights of one that was not.
"""

from __future__ import annotations

import functools
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint

from lib_adcopy.chatglm.generate import generate
from lib_adcopy.chatglm.generation_types import SamplingParams
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.positions import build_inputs
from lib_adcopy.chatglm.sampling import Sampler
from lib_adcopy.chatglm.tokenizer import ChatGLMTokenizer
from lib_adcopy.chatglm.torch_file import load_torch_file
from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.data import DataSet, Example, mixed
from lib_adcopy.training.distributed import Alone, Crew
from lib_adcopy.training.prefix import PrefixEncoder, saving, write_tensors
from lib_adcopy.training.settings import Settings, check_settings

CHECKPOINT = "checkpoint.pt"
_NAME = "being tuned"
# Held-out loss is looked at with every checkpoint, so on a sample; the scores need whole answers, so on fewer.
_HELD_OUT_AT_MOST = 100
_SCORED_AT_MOST = 20

Pair = tuple[list[int], int]


@dataclass(frozen=True)
class Progress:
    """After a step: mean nats a token of its examples, each with its <sop>; `held_out`, of the copies alone, and
    `sample` (brief, answer) where a checkpoint is due. `seconds` are this training's own so far, those before a resume
    among them."""

    step: int
    steps: int
    loss: float
    held_out: float | None
    seconds: float
    sample: tuple[str, str] | None = None


class Training:
    """`step` counts the steps that are done, `past` holds what was told after each, before a resume too; `first` says
    whether this process is the one that looks and saves."""

    def __init__(
        self,
        model: ChatGLM,
        tokenizer: ChatGLMTokenizer,
        examples: DataSet,
        settings: Settings,
        *,
        general: DataSet | None = None,
        crew: Crew | None = None,
    ) -> None:
        """`general` pairs are mixed in until they are settings.general_share of what is taught."""
        taught, held = examples.split(settings.held_out, settings.seed)
        if not taught:
            raise AdCopyError("training.no_training_rows", held=len(held))
        check_settings(settings, mixing=general is not None)
        self._own = len(taught)
        in_pairs = sum("#" in one.query for one in taught)
        self._asked_as = "pairs" if 2 * in_pairs >= len(taught) else "words"
        if general is not None:
            taught = mixed(taught, general.examples, settings.general_share, settings.seed)
        self._model, self._tokenizer, self.settings = model, tokenizer, settings
        self._digest, self._general = examples.digest, general.digest if general else None
        self._crew = crew or Alone()
        self.first = self._crew.first
        self._asked = (held or taught)[:_SCORED_AT_MOST]
        self._taught = _encode(taught, tokenizer, settings)
        self._held = _encode(held[:_HELD_OUT_AT_MOST], tokenizer, settings)
        self.encoder = PrefixEncoder(model.config, settings).to(model.device)
        optimizer = torch.optim.AdamW(self.encoder.parameters(), lr=settings.rate, weight_decay=0.0)
        self._optimizer = self._crew.prepared(optimizer)
        self.step, self._seconds, self.past = 0, 0.0, list[Progress]()

    def run(self, stop: threading.Event) -> Iterator[Progress]:
        """Step by step to the last, or until `stop`. Raises AdCopyError where the loss is no number any more."""
        settings = self.settings
        while self.step < settings.steps and not self._crew.any(stop.is_set()):
            started = time.monotonic()
            loss = self._one_step()
            if loss != loss:
                raise AdCopyError("training.diverged", step=self.step + 1)
            self.step += 1
            at_rest = self.step % settings.save_every == 0 or self.step == settings.steps
            seen = at_rest and self.first
            held, sample = (self.held_out_loss(), self.sample()) if seen else (None, None)
            self._seconds += time.monotonic() - started
            self.past.append(Progress(self.step, settings.steps, loss, held, self._seconds, sample))
            yield self.past[-1]

    def held_out_loss(self, *, tuned: bool = True) -> float | None:
        """Mean nats a token over held-out examples, None without any; the model's own where not `tuned`."""
        if not self._held:
            return None
        with torch.no_grad(), _prefixed(self._model, self.encoder(self._model.dtype) if tuned else None):
            return _mean_loss(self._model, self._held)

    def sample(self) -> tuple[str, str]:
        """(brief, what the prefix as it is now answers), for the first example held out, or taught where none is."""
        return self._asked[0].query, self._answer(self._asked[0].query)

    def scores(self) -> dict[str, float] | None:
        """The evaluation's scores of up to 20 held-out examples, answered greedily; None without any."""
        if not self._held:
            return None
        from lib_adcopy.training.evaluation import evaluate, promises

        queries, labels = [one.query for one in self._asked], [one.answer for one in self._asked]
        answers = [self._answer(query) for query in queries]
        try:
            return evaluate(queries, labels, answers)
        except ImportError:
            # A webui need not have the published metric's packages; the rest needs none.
            return promises(queries, answers)

    def _answer(self, query: str) -> str:
        settings, tokenizer = self.settings, self._tokenizer
        asked = tokenizer.encode(query, special=False)[: settings.max_source - 1]
        ids = torch.tensor([[*asked, tokenizer.gmask_id, tokenizer.bos_id]], device=self._model.device)
        greedy = [Sampler(0, SamplingParams(temperature=0.0))]
        with torch.no_grad(), _prefixed(self._model, self.encoder(self._model.dtype)):
            steps = generate(self._model, ids, greedy, max_length=ids.size(1) + settings.max_target)
            said = [step[0] for step in steps]
        return tokenizer.decode(said)

    def keep(self, out: Path) -> None:
        """Writes what `resume` needs; the checkpoint before it stays until this one is whole."""
        state = {
            "run": self._run_id(),
            "step": self.step,
            "seconds": self._seconds,
            "past": [asdict(one) for one in self.past],
            "encoder": self.encoder.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "crew": self._crew.state(),
        }
        if self.first:
            with saving(out):
                write_tensors(state, out / CHECKPOINT)

    def resume(self, out: Path) -> None:
        """Goes on where the checkpoint in `out` stands, if there is one. Raises AdCopyError for another run's."""
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
            # torch's unpickler, and a checkpoint that lacks a part, raise whatever they stumble over.
            raise AdCopyError("training.damaged_checkpoint", out=out.name) from error

    def _restore(self, stored: dict[str, Any]) -> None:
        self.encoder.load_state_dict(stored["encoder"])
        self._optimizer.load_state_dict(stored["optimizer"])
        self._crew.restore(stored["crew"])
        self.step, self._seconds = int(stored["step"]), float(stored["seconds"])
        # Checkpoints of the first version have none.
        self.past = [Progress(**one) for one in stored.get("past", ())]

    def card(self, base: str) -> dict[str, Any]:
        """How this prefix was made: data, settings, time, losses in nats a token."""
        held, untuned = self.held_out_loss(), self.held_out_loss(tuned=False)
        return {
            "base_model": base,
            "method": "P-Tuning v2",
            "data_sha256": self._digest,
            "examples": self._own,
            "general_examples": len(self._taught) - self._own,
            "general_sha256": self._general,
            "held_out_examples": len(self._held),
            "asked_as": self._asked_as,
            "settings": asdict(self.settings),
            "step": self.step,
            "seconds": round(self._seconds, 1),
            "first_loss": round(self.past[0].loss, 4) if self.past else None,
            "last_loss": round(self.past[-1].loss, 4) if self.past else None,
            "held_out_loss": None if held is None else round(held, 4),
            "untuned_held_out_loss": None if untuned is None else round(untuned, 4),
            "scores": self.scores(),
        }

    def _run_id(self) -> dict[str, Any]:
        settings = {name: value for name, value in asdict(self.settings).items() if name != "save_every"}
        return {"data": self._digest, "general": self._general, "settings": settings}

    def _one_step(self) -> float:
        settings, model, crew = self.settings, self._model, self._crew
        chosen = list(_chosen(len(self._taught), self.step, settings.batch * settings.accumulation, settings.seed))
        micro = [chosen[at : at + settings.batch] for at in range(0, len(chosen), settings.batch)]
        self._optimizer.zero_grad(set_to_none=True)
        self._optimizer.param_groups[0]["lr"] = settings.rate * (1 - self.step / settings.steps)
        whole = 0.0
        for number, indices in list(enumerate(micro))[crew.number :: crew.count]:
            keep = self._kept_values(number)
            with crew.autocast(), self._prefix_on(keep):
                total, count = _loss_sum(model, [self._taught[index] for index in indices], with_bos=True)
                loss = total / count / len(micro)
            crew.backward(loss)
            whole += float(loss.detach())
        return crew.stepped(self._optimizer, list(self.encoder.parameters()), settings.clip, whole)

    def _prefix_on(self, keep: torch.Tensor | None) -> AbstractContextManager[None]:
        encoded = self.encoder(self._model.dtype, keep)
        return _prefixed(self._model, encoded, checkpointing=self.settings.gradient_checkpointing)

    def _kept_values(self, number: int) -> torch.Tensor | None:
        """The dropout's scale of every value of the prefix, the same whenever this part of the step is worked out."""
        share, config = self.settings.dropout, self._model.config
        if not share:
            return None
        generator = torch.Generator().manual_seed(hash((self.settings.seed, self.step, number)) % 2**63)
        size = (self.settings.prefix_length, config.num_layers * 2 * config.hidden_size)
        return (torch.rand(size, generator=generator) >= share).to(self._model.device) / (1 - share)


def _chosen(count: int, step: int, size: int, seed: int) -> Iterator[int]:
    """Which examples a step takes: rounds through all of them, each in an order of its own."""
    for position in range(step * size, (step + 1) * size):
        yield _order(count, seed, position // count)[position % count]


@functools.lru_cache(maxsize=4)
def _order(count: int, seed: int, turn: int) -> Sequence[int]:
    order = list(range(count))
    random.Random(f"{seed} {turn}").shuffle(order)
    return order


def _encode(examples: Sequence[Example], tokenizer: ChatGLMTokenizer, settings: Settings) -> list[Pair]:
    """Ids and where the answer starts, cut as the published script cuts them: room for the special tokens is kept."""
    pairs = []
    for example in examples:
        query = tokenizer.encode(example.query, special=False)[: settings.max_source - 1]
        answer = tokenizer.encode(example.answer, special=False)[: settings.max_target - 2]
        ids = [*query, tokenizer.gmask_id, tokenizer.bos_id, *answer, tokenizer.eos_id]
        pairs.append((ids, len(query) + 2))
    return pairs


@torch.no_grad()
def held_out_loss(
    model: ChatGLM, tokenizer: ChatGLMTokenizer, examples: Sequence[Example], settings: Settings
) -> float:
    """Mean nats a token of the answers, by the model as it is; texts are cut as for a training."""
    return _mean_loss(model, _encode(examples, tokenizer, settings))


def _mean_loss(model: ChatGLM, pairs: Sequence[Pair]) -> float:
    sums = [_loss_sum(model, [pair]) for pair in pairs]
    return sum(float(loss) for loss, _ in sums) / sum(count for _, count in sums)


def _loss_sum(model: ChatGLM, batch: Sequence[Pair], *, with_bos: bool = False) -> tuple[torch.Tensor, int]:
    """Summed nats of the answers' tokens, and how many. Padding stands on the right, where no row looks.

    `with_bos` counts <sop> before an answer too: the published script's labels are all ids from there on.
    """
    longest = max(len(ids) for ids, _ in batch)
    pad = model.config.pad_token_id
    ids = torch.tensor([ids + [pad] * (longest - len(ids)) for ids, _ in batch], device=model.device)
    attention_mask, position_ids = build_inputs(ids, model.config)
    logits = model(ids, attention_mask, position_ids)
    total, count = torch.zeros((), device=model.device), 0
    for row, (found, start) in enumerate(batch):
        first = start - with_bos
        said = logits[row, first - 1 : len(found) - 1].float()
        total = total + F.cross_entropy(said, ids[row, first : len(found)], reduction="sum")
        count += len(found) - first
    return total, count


@contextmanager
def _prefixed(model: ChatGLM, prefix: Any, *, checkpointing: bool = False) -> Iterator[None]:
    """The prefix on (None: no prefix) until the block ends; `checkpointing` works the blocks out again on the way back
    instead of keeping what they held."""
    before = model.active_prefix
    model.prefixes[_NAME] = prefix
    model.use_prefix(_NAME)
    blocks = list(model.transformer.layers) if checkpointing else []
    for block in blocks:
        block.forward = functools.partial(checkpoint, block.forward, use_reentrant=False)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for block in blocks:
            del block.forward
        model.use_prefix(before)
        del model.prefixes[_NAME]
