"""One step of up to 8 answers as one CUDA graph: 7 launches of our own a layer, none of them waited for.

Launched one by one, the 200 kernels of a step would take Python longer than the card. A graph replays them at some
1.5 microseconds each; what a step is told anew, its tokens, is copied into a buffer, and the positions and the column
to write are counted on the card.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.cuda.kernels import MOST_ROWS, Kernels, kernels_for
from lib_adcopy.chatglm.cuda.multiply import CudaMultiply
from lib_adcopy.chatglm.decode import GROWTH
from lib_adcopy.chatglm.layers import QuantisedLinear
from lib_adcopy.chatglm.model import ALPHA, ChatGLM

_log = logging.getLogger("adcopy.chatglm")


def decoder(
    model: ChatGLM, cache: Cache, rows: Sequence[int], position: torch.Tensor, limit: int
) -> GraphDecoder | None:
    """decode.open_decoder's on an NVIDIA card; None where the model, the batch or the card wants the plain one."""
    kernels = kernels_for(model.device, model.dtype)
    if kernels is None or kernels.decoding is False or len(rows) > MOST_ROWS or not _fits(model):
        return None
    made = GraphDecoder(kernels, model, cache, rows, position, limit)
    if kernels.decoding is None:
        kernels.decoding = made.agrees()
        if not kernels.decoding:
            _log.warning("ChatGLM decodes by plain torch on %s: the kernels' scores are not torch's", model.device)
            return None
    made.capture()
    return made


class GraphDecoder:
    """Answers that ended are worked on unread: the bus, not the batch, is what a step waits for."""

    def __init__(
        self, kernels: Kernels, model: ChatGLM, cache: Cache, rows: Sequence[int], position: torch.Tensor, limit: int
    ) -> None:
        self._kernels, self._model, self._limit = kernels, model, limit
        self._cache = cache.spread(rows, min(limit, cache.filled + GROWTH))
        self._answers = list(range(len(rows)))
        self._layers = [_layer(block) for block in model.transformer.layers]
        self._head = _linear(model.lm_head)
        self._room = _Room(model, len(rows))
        self._tokens = torch.zeros(len(rows), 1, dtype=torch.long, device=model.device)
        self._positions = position[:, :, 0].to(torch.long, copy=True).contiguous()
        self._filled = torch.full((1,), self._cache.filled, dtype=torch.int32, device=model.device)
        self._graph: torch.cuda.CUDAGraph | None = None

    @torch.no_grad()
    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """The scores (answers, vocab), in memory that the next step overwrites."""
        if self._cache.filled == self._cache.length:
            longer = min(self._limit, self._cache.length + GROWTH)
            self._cache = self._cache.spread(range(self._cache.batch), longer)
            self.capture()
        self._put(tokens)
        if self._graph is not None:
            self._graph.replay()
        else:
            self._run()
        self._cache.advance(1)
        scores = self._room.scores
        return scores if len(self._answers) == len(scores) else scores[self._answers]

    def keep(self, rows: Sequence[int]) -> None:
        self._answers = [self._answers[row] for row in rows]

    @torch.no_grad()
    def agrees(self) -> bool:
        """Whether a step, taken and taken back, gives the scores of the plain model: fp16 apart, the same."""
        self._put([self._model.config.bos_token_id] * len(self._answers))
        self._run()
        cache, ours = self._cache, self._room.scores.float()
        plain = self._model(
            self._tokens, cache.blocked(), self._positions.unsqueeze(2), cache=cache, last_only=True
        )[:, -1].float()
        cache.filled -= 1
        self._positions[:, 1] -= 1
        self._filled -= 1
        spread = (plain - plain.mean(dim=1, keepdim=True)).norm()
        return bool((ours - plain).norm() <= 0.1 * spread)

    @torch.no_grad()
    def capture(self) -> None:
        """Records a step without running it. Where the driver refuses, steps are launched one kernel at a time."""
        self._run_untouched()
        self._graph = None
        graph, side = torch.cuda.CUDAGraph(), torch.cuda.Stream(self._model.device)
        side.wait_stream(torch.cuda.current_stream(self._model.device))
        try:
            # Not torch.cuda.graph, which collects garbage and empties the host's cache; and by thread, because the
            # webui's other threads may ask the card for memory meanwhile.
            with torch.cuda.stream(side):
                graph.capture_begin(capture_error_mode="thread_local")
                try:
                    self._run()
                finally:
                    graph.capture_end()
            self._graph = graph
        except torch.cuda.OutOfMemoryError:
            raise
        except RuntimeError as error:
            _log.warning("ChatGLM decodes without a CUDA graph, slower: %s", error)
        torch.cuda.current_stream(self._model.device).wait_stream(side)

    def _run_untouched(self) -> None:
        """A step whose column and counts are as if it had not been: it loads what a capture may not load."""
        self._run()
        self._positions[:, 1] -= 1
        self._filled -= 1

    def _put(self, tokens: Sequence[int]) -> None:
        placed = [0] * len(self._tokens)
        for answer, token in zip(self._answers, tokens, strict=True):
            placed[answer] = token
        self._tokens.copy_(torch.tensor(placed).unsqueeze(1))

    def _run(self) -> None:
        kernels, room, rotary, cache = self._kernels, self._room, self._model.rotary, self._cache
        blocked = cache.hidden.view(torch.uint8) if cache.hidden is not None else None
        self._positions[:, 1] += 1
        states, kept = self._model.transformer.word_embeddings(self._tokens)[:, 0], None
        for at, layer in enumerate(self._layers):
            kernels.add_norm(states, kept, ALPHA, layer.before_attention, room.normed)
            layer.query_key_value.run(kernels, room.normed, room.mixed)
            kernels.attend(
                room.mixed, rotary.cos, rotary.sin, self._positions, self._filled, blocked,
                cache.store[at, 0], cache.store[at, 1], room.attended,
            )  # fmt: skip
            layer.dense.run(kernels, room.attended, room.states)
            kernels.add_norm(room.states, room.normed, ALPHA, layer.before_mlp, room.kept)
            layer.up.run(kernels, room.kept, room.inner, gelu=True)
            layer.down.run(kernels, room.inner, room.states)
            states, kept = room.states, room.kept
        kernels.add_norm(states, kept, ALPHA, self._model.transformer.final_layernorm, room.normed)
        self._head.run(kernels, room.normed, room.scores)
        self._filled += 1


class _Room:
    """Where a step's values lie, always the same place: a graph remembers addresses."""

    def __init__(self, model: ChatGLM, rows: int) -> None:
        def space(width: int) -> torch.Tensor:
            return torch.empty(rows, width, dtype=model.dtype, device=model.device)

        hidden = model.config.hidden_size
        self.normed, self.kept, self.states, self.attended = (space(hidden) for _ in range(4))
        self.mixed, self.inner = space(3 * hidden), space(model.config.inner_hidden_size)
        self.scores = space(model.config.vocab_size)


@dataclass(frozen=True)
class _Linear:
    weight: torch.Tensor
    scale: torch.Tensor | None
    bits: int
    bias: torch.Tensor | None

    def run(self, kernels: Kernels, states: torch.Tensor, out: torch.Tensor, *, gelu: bool = False) -> None:
        kernels.linear(states, self.weight, self.scale, self.bits, self.bias, gelu=gelu, out=out)


@dataclass(frozen=True)
class _Layer:
    before_attention: torch.nn.LayerNorm
    query_key_value: _Linear
    dense: _Linear
    before_mlp: torch.nn.LayerNorm
    up: _Linear
    down: _Linear


def _layer(block: Any) -> _Layer:
    return _Layer(
        block.input_layernorm, _linear(block.attention.query_key_value), _linear(block.attention.dense),
        block.post_attention_layernorm, _linear(block.mlp.dense_h_to_4h), _linear(block.mlp.dense_4h_to_h),
    )  # fmt: skip


def _linear(layer: Any) -> _Linear:
    if isinstance(layer, QuantisedLinear):
        multiply: Any = layer.multiply
        return _Linear(multiply.weight, multiply.scale, multiply.bits, layer.bias)
    return _Linear(layer.weight, None, 16, layer.bias)


def _fits(model: ChatGLM) -> bool:
    """Whether every part of the model is of a shape, and is kept in a form, that the kernels know."""
    config = model.config
    linears = [
        module
        for module in model.modules()
        if isinstance(module, QuantisedLinear | torch.nn.Linear)
    ]
    return Kernels.decodes(config.head_dim, config.hidden_size) and all(
        isinstance(linear.multiply, CudaMultiply)
        if isinstance(linear, QuantisedLinear)
        else linear.weight.dtype == torch.half and Kernels.multiplies(linear.in_features, 16)
        for linear in linears
    )
