"""The device that is measured: a card, or the processor for a rehearsal whose figures mean nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch

from lib_adcopy.chatglm.config import ChatGLMConfig


class SkippedError(Exception):
    """A part that cannot be measured here; the message says why."""


class Card:
    """torch's current NVIDIA card and a ChatGLM of the published size."""

    is_card = True
    device = torch.device("cuda")
    dtype = torch.half
    config = ChatGLMConfig()
    # Tokens of the prompts that are read, those up to which whole texts are written (from the shortest prompt and the
    # longest), steps and rounds.
    prompts, totals, steps, official_steps, rounds = (128, 512, 1800), (512, 2048), 64, 16, 30

    def bytes_per_s(self) -> float:
        """Measure a sum over 1 GiB, the best of ten: reading only, as decoding does."""
        memory = torch.ones(2**28, dtype=torch.float32, device=self.device)
        memory.sum()
        return memory.nbytes / min(self.seconds(memory.sum)[1] for _ in range(10))

    def reset_peak(self) -> None:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()

    def peak_bytes(self) -> int:
        return torch.cuda.max_memory_allocated()

    def finish(self) -> None:
        """Wait for all that was launched."""
        torch.cuda.synchronize()

    def seconds(self, work: Callable[[], Any]) -> tuple[Any, float]:
        """Return what `work` returns and how long it takes, up to its last kernel."""
        self.finish()
        started = time.perf_counter()
        done = work()
        self.finish()
        return done, time.perf_counter() - started


class Processor(Card):
    """A rehearsal: a tiny model, few repetitions, a bandwidth made up."""

    is_card = False
    device = torch.device("cpu")
    dtype = torch.float32
    config = ChatGLMConfig(
        vocab_size=8192, hidden_size=64, inner_hidden_size=128, num_layers=2, num_attention_heads=2,
        max_sequence_length=2048, bos_token_id=8004, eos_token_id=8005, mask_token_id=8000, gmask_token_id=8001,
    )  # fmt: skip
    prompts, totals, steps, official_steps, rounds = (8, 16, 40), (12, 44), 4, 2, 4

    def bytes_per_s(self) -> float:
        return 1e9

    def reset_peak(self) -> None:
        """Nothing to do: a processor's peak is not measured."""

    def peak_bytes(self) -> int:
        return 0

    def finish(self) -> None:
        """Nothing to do: a processor is done when its functions return."""
