"""Estimates a training's time and memory before it starts and before the model is loaded."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch.utils.checkpoint import checkpoint

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.model import Block
from lib_adcopy.chatglm.rotary import Rotary
from lib_adcopy.training.data import Example
from lib_adcopy.training.settings import Settings

_TRIALS = 3
# CUDA's context and the allocator's fragmentation.
_CUDA_BYTES = 600 * 2**20
_SPECIAL_TOKENS = 3


@dataclass(frozen=True)
class Estimate:
    """`seconds` for the whole training; `memory` bytes at its peak, of `available` on the device (0: unknown)."""

    seconds: float
    memory: int
    available: int


@dataclass(frozen=True)
class Pass:
    """A forward and backward pass over `batch` examples of `tokens` tokens."""

    config: ChatGLMConfig
    device: str
    bits: int
    batch: int
    tokens: int
    prefix_length: int
    projection: bool
    gradient_checkpointing: bool

    @property
    def dtype(self) -> torch.dtype:
        return torch.float16 if self.device.startswith("cuda") else torch.bfloat16 if self.bits < 16 else torch.float32

    @classmethod
    def of(
        cls, config: ChatGLMConfig, settings: Settings, examples: Sequence[Example], *, device: str, bits: int = 16
    ) -> Pass:
        """Describe the passes of a training; `bits` is 4 or 8 where the model is quantised, else 16."""
        return cls(
            config, device, bits, settings.batch, _mean_tokens(settings, examples), settings.prefix_length,
            settings.projection, settings.gradient_checkpointing,
        )  # fmt: skip

    def seconds(self) -> float:
        """Measure one block of the model, with zeroed weights, and scale up; takes some seconds at most."""
        block = _block_seconds(self)
        if self.projection:
            block += _projection_seconds(self)
        return self.config.num_layers * block + _head_seconds(self)


def estimate(one_pass: Pass, seconds: float, settings: Settings, examples: Sequence[Example]) -> Estimate:
    """Estimate a training whose passes take `seconds` each."""
    on_gpu = one_pass.device.startswith("cuda")
    size = torch.empty(0, dtype=one_pass.dtype).element_size()
    memory = _memory(one_pass.config, settings, size, one_pass.bits, _most_tokens(settings, examples))
    return Estimate(
        seconds=settings.steps * settings.accumulation * seconds,
        memory=memory + (_CUDA_BYTES if on_gpu else 0),
        available=torch.cuda.mem_get_info(one_pass.device)[1] if on_gpu else 0,
    )


def _mean_tokens(settings: Settings, examples: Sequence[Example]) -> int:
    """Return the mean tokens of an example; in Chinese a character is about a token."""
    lengths = [
        min(len(one.query), settings.max_source) + min(len(one.answer), settings.max_target) + _SPECIAL_TOKENS
        for one in examples
    ]
    return max(sum(lengths) // max(len(lengths), 1), 8)


def _most_tokens(settings: Settings, examples: Sequence[Example]) -> int:
    whole = settings.max_source + settings.max_target
    longest = max((len(one.query) + len(one.answer) for one in examples), default=whole)
    return min(whole, longest + _SPECIAL_TOKENS)


def _block_seconds(of: Pass) -> float:
    config, dtype = of.config, of.dtype
    with torch.device(of.device):
        block = Block(config, 0, of.bits if of.bits < 16 else 0).to(dtype).requires_grad_(False)
        for weight in (*block.parameters(), *block.buffers()):
            weight.zero_()
        states = torch.zeros(of.batch, of.tokens, config.hidden_size, dtype=dtype)
        positions = torch.zeros(of.batch, 2, of.tokens, dtype=torch.long)
        keys = torch.zeros(of.batch, config.num_attention_heads, of.prefix_length, config.head_dim)
    turn = Rotary(config.head_dim, config.max_sequence_length).to(of.device)(positions)

    def once() -> None:
        past = (keys.to(dtype).requires_grad_(), keys.to(dtype).requires_grad_())
        given = states.clone().requires_grad_()
        if of.gradient_checkpointing:
            answer = checkpoint(block, given, turn, None, past, None, use_reentrant=False)
        else:
            answer = block(given, turn, None, past, None)
        answer.sum().backward()

    return _fastest(once, of.device)


def _projection_seconds(of: Pass) -> float:
    """Measure one layer's share of the projection."""
    hidden = of.config.hidden_size
    with torch.device(of.device):
        weight = torch.zeros(2 * hidden, hidden, requires_grad=True)
        states = torch.zeros(of.prefix_length, hidden, requires_grad=True)

    return _fastest(lambda: torch.nn.functional.linear(states, weight).sum().backward(), of.device)


def _head_seconds(of: Pass) -> float:
    config, tokens = of.config, of.batch * of.tokens
    with torch.device(of.device):
        weight = torch.zeros(config.vocab_size, config.hidden_size, dtype=of.dtype)
        states = torch.zeros(tokens, config.hidden_size, dtype=of.dtype, requires_grad=True)
        wanted = torch.zeros(tokens, dtype=torch.long)

    def once() -> None:
        scores = torch.nn.functional.linear(states, weight).float()
        torch.nn.functional.cross_entropy(scores, wanted).backward()

    return _fastest(once, of.device)


def _fastest(once: Callable[[], None], device: str) -> float:
    seconds = []
    for _ in range(_TRIALS):
        started = time.perf_counter()
        once()
        if device.startswith("cuda"):
            torch.cuda.synchronize(device)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _memory(config: ChatGLMConfig, settings: Settings, size: int, bits: int, longest: int) -> int:
    """Return the peak memory in bytes; `longest` is the longest example in tokens, `size` bytes a value of the model.

    Counted are the frozen weights; the trained ones in fp32, their gradient and AdamW's two moments; the activations
    kept for the backward pass and one block's own; the logits in the model's precision, in fp32, and their gradient.
    """
    hidden, layers = config.hidden_size, config.num_layers
    blocks = layers * (4 * hidden * hidden + 2 * hidden * config.inner_hidden_size)
    embedding = config.vocab_size * hidden * size
    weights = blocks * min(bits, 8 * size) // 8 + embedding
    wide, length = layers * 2 * hidden, settings.prefix_length
    trained = length * hidden + (hidden + 1) * (hidden + wide) if settings.projection else length * wide
    prefix = trained * 4 * 4 + (length * wide * 4 if settings.projection else 0)
    tokens = settings.batch * min(longest, config.max_sequence_length)
    columns = tokens // settings.batch + settings.prefix_length
    inside = tokens * (12 * hidden + 4 * config.inner_hidden_size + 4 * config.num_attention_heads * columns) * size
    # Dequantised, a block's widest weight stands beside its gradient's product.
    inside += 2 * hidden * config.inner_hidden_size * size if bits < 16 else 0
    kept = tokens * hidden * size * layers if settings.gradient_checkpointing else inside * layers
    scores = tokens * config.vocab_size * (size + 8)
    return weights + prefix + inside + kept + scores
