"""P-Tuning v2: a prefix trained on the user's examples while the model itself stays as it is.

Step k's examples, its dropout and the prefix's start depend on the seed and k alone, so a training that was killed and
started again ends with the weights of one that was not.
"""

from __future__ import annotations

import functools
import logging
import pickle
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch.serialization import load as torch_load
from torch.utils.checkpoint import checkpoint

from lib_adcopy.chatglm import ChatGLMError, load_model, load_tokenizer
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.positions import build as layout
from lib_adcopy.chatglm.tokenizer import ChatGLMTokenizer
from lib_adcopy.errors import AdCopyError
from lib_adcopy.tuning.data import DataSet, Example, overview, read_data
from lib_adcopy.tuning.prefix import PrefixEncoder, save_prefix, saving, write_tensors
from lib_adcopy.tuning.settings import OFFICIAL, Settings

_log = logging.getLogger("adcopy.tuning")
_CHECKPOINT = "checkpoint.pt"
_NAME = "being tuned"
# Held-out loss is looked at with every checkpoint, so on a sample.
_HELD_OUT_AT_MOST = 100

Pair = tuple[list[int], int]


@dataclass(frozen=True)
class Progress:
    """After a step: mean nats a token of its examples; `held_out` where it was measured."""

    step: int
    steps: int
    loss: float
    held_out: float | None
    seconds: float


def tune(
    *,
    data: Path,
    model: Path,
    out: Path,
    settings: Settings = OFFICIAL,
    device: str = "",
    quantization_bit: int | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    stop: threading.Event | None = None,
) -> dict[str, Any]:
    """Trains a prefix for `model` on `data` and saves it as the folder `out`; goes on where a killed run stood.

    `stop` ends it after the step in progress, saved to go on later. Raises AdCopyError.
    """
    examples = read_data(data)
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        dtype = torch.float16 if device.startswith("cuda") else torch.float32
        network = load_model(model, device=device, dtype=dtype, quantization_bit=quantization_bit)
        tokenizer = load_tokenizer(model, offset=network.config.num_image_tokens)
    except ChatGLMError as error:
        raise AdCopyError(f"chatglm.{error.code}", **error.params) from error
    training = Training(network, tokenizer, examples, settings)
    with saving(out):
        out.mkdir(parents=True, exist_ok=True)
    training.resume(out)
    for progress in training.run(stop or threading.Event()):
        on_progress(progress)
        _log.info("step %d of %d: %.3f", progress.step, progress.steps, progress.loss)
        if progress.step % settings.save_every == 0:
            training.keep(out)
    stopped = training.step < settings.steps
    if stopped:
        training.keep(out)
    card = training.card(model.name)
    save_prefix(training.encoder, model, out, settings, card)
    if not stopped:
        (out / _CHECKPOINT).unlink(missing_ok=True)
    left_out = [
        {"line": found.line, "why": found.why.text("en")} for found in examples.findings if not found.kept
    ]
    return {"out": str(out), "stopped": stopped, **card, "data": asdict(overview(examples)), "left_out": left_out}


class Training:
    """One prefix on its way. `step` counts the steps that are done."""

    def __init__(
        self, model: ChatGLM, tokenizer: ChatGLMTokenizer, examples: DataSet, settings: Settings
    ) -> None:
        taught, held = examples.split(settings.held_out, settings.seed)
        if not taught:
            raise AdCopyError("tuning.no_training_rows", held=len(held))
        self._model, self._settings, self._digest = model, settings, examples.digest
        self._taught = _encode(taught, tokenizer, settings)
        self._held = _encode(held[:_HELD_OUT_AT_MOST], tokenizer, settings)
        self.encoder = PrefixEncoder(model.config, settings).to(model.device)
        self._optimizer = torch.optim.AdamW(self.encoder.parameters(), lr=settings.rate, weight_decay=0.0)
        self.step, self._seconds, self._curve = 0, 0.0, list[float]()

    def run(self, stop: threading.Event) -> Iterator[Progress]:
        """Step by step to the last, or until `stop`. Raises AdCopyError where the loss is no number any more."""
        settings = self._settings
        while self.step < settings.steps and not stop.is_set():
            started = time.monotonic()
            loss = self._one_step()
            if loss != loss:
                raise AdCopyError("tuning.diverged", step=self.step + 1)
            self.step += 1
            self._curve.append(round(loss, 4))
            at_rest = self.step % settings.save_every == 0 or self.step == settings.steps
            held = self.held_out_loss() if at_rest else None
            self._seconds += time.monotonic() - started
            yield Progress(self.step, settings.steps, loss, held, self._seconds)

    def held_out_loss(self) -> float | None:
        """Mean nats a token over held-out examples, None without any."""
        if not self._held:
            return None
        with torch.no_grad(), _prefixed(self._model, self.encoder(self._model.dtype)):
            sums = [_loss_sum(self._model, [pair]) for pair in self._held]
        return sum(float(loss) for loss, _ in sums) / sum(count for _, count in sums)

    def keep(self, out: Path) -> None:
        """Writes what `resume` needs; the checkpoint before it stays until this one is whole."""
        state = {
            "run": self._run_id(),
            "step": self.step,
            "seconds": self._seconds,
            "curve": self._curve,
            "encoder": self.encoder.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        with saving(out):
            write_tensors(state, out / _CHECKPOINT)

    def resume(self, out: Path) -> None:
        """Goes on where the checkpoint in `out` stands, if there is one. Raises AdCopyError for another run's."""
        file = out / _CHECKPOINT
        if not file.is_file():
            return
        try:
            kept = torch_load(file, map_location=self._model.device, weights_only=True)
        except (RuntimeError, OSError, EOFError, pickle.UnpicklingError) as error:
            raise AdCopyError("tuning.damaged_checkpoint", out=out.name) from error
        if kept["run"] != self._run_id():
            raise AdCopyError("tuning.other_run", out=out.name)
        self.encoder.load_state_dict(kept["encoder"])
        self._optimizer.load_state_dict(kept["optimizer"])
        self.step, self._seconds, self._curve = kept["step"], kept["seconds"], kept["curve"]

    def card(self, base: str) -> dict[str, Any]:
        """How this prefix was made: data, settings, time, losses in nats a token."""
        held = self.held_out_loss()
        return {
            "base_model": base,
            "method": "P-Tuning v2",
            "data_sha256": self._digest,
            "examples": len(self._taught),
            "held_out_examples": len(self._held),
            "settings": asdict(self._settings),
            "step": self.step,
            "seconds": round(self._seconds, 1),
            "first_loss": self._curve[0] if self._curve else None,
            "last_loss": self._curve[-1] if self._curve else None,
            "held_out_loss": None if held is None else round(held, 4),
        }

    def _run_id(self) -> dict[str, Any]:
        settings = {name: value for name, value in asdict(self._settings).items() if name != "save_every"}
        return {"data": self._digest, "settings": settings}

    def _one_step(self) -> float:
        settings, model = self._settings, self._model
        chosen = list(_chosen(len(self._taught), self.step, settings.batch * settings.accumulation, settings.seed))
        micro = [chosen[at : at + settings.batch] for at in range(0, len(chosen), settings.batch)]
        self._optimizer.zero_grad(set_to_none=True)
        self._optimizer.param_groups[0]["lr"] = settings.rate * (1 - self.step / settings.steps)
        whole = 0.0
        for number, indices in enumerate(micro):
            keep = self._kept_values(number)
            with _prefixed(model, self.encoder(model.dtype, keep), checkpointing=settings.gradient_checkpointing):
                total, count = _loss_sum(model, [self._taught[index] for index in indices])
                loss = total / count / len(micro)
                loss.backward()
            whole += float(loss.detach())
        torch.nn.utils.clip_grad_norm_(self.encoder.parameters(), settings.clip)
        self._optimizer.step()
        return whole

    def _kept_values(self, number: int) -> torch.Tensor | None:
        """The dropout's scale of every value of the prefix, the same whenever this part of the step is worked out."""
        share, config = self._settings.dropout, self._model.config
        if not share:
            return None
        generator = torch.Generator().manual_seed(hash((self._settings.seed, self.step, number)) % 2**63)
        size = (self._settings.prefix_length, config.num_layers * 2 * config.hidden_size)
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


def _loss_sum(model: ChatGLM, batch: Sequence[Pair]) -> tuple[torch.Tensor, int]:
    """Summed nats of the answers' tokens, and how many. Padding stands on the right, where no row looks."""
    longest = max(len(ids) for ids, _ in batch)
    pad = model.config.pad_token_id
    ids = torch.tensor([ids + [pad] * (longest - len(ids)) for ids, _ in batch], device=model.device)
    blocked, positions = layout(ids, model.config)
    scores = model(ids, blocked, positions)
    total, count = torch.zeros((), device=model.device), 0
    for row, (found, start) in enumerate(batch):
        said = scores[row, start - 1 : len(found) - 1].float()
        total = total + F.cross_entropy(said, ids[row, start : len(found)], reduction="sum")
        count += len(found) - start
    return total, count


@contextmanager
def _prefixed(model: ChatGLM, prefix: Any, *, checkpointing: bool = False) -> Iterator[None]:
    """The prefix on, and the blocks worked out again on the way back instead of kept, until the block ends."""
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
