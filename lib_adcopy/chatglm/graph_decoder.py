"""One step of up to 8 answers as one CUDA graph: 7 launches of our own a layer, without synchronisation.

Launched one by one, the 200 kernels of a step would take Python longer than the GPU. A graph replays them at some 1.5
microseconds each; the step's input, its tokens, is copied into a buffer, and the positions and the column to write are
counted on the GPU.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.cuda.kernels import CudaKernels
from lib_adcopy.chatglm.cuda.loading import load_kernels
from lib_adcopy.chatglm.cuda.multiply import CudaMultiply
from lib_adcopy.chatglm.decoder import CACHE_GROWTH
from lib_adcopy.chatglm.errors import is_out_of_memory
from lib_adcopy.chatglm.graph_capture import captures_by_thread, record
from lib_adcopy.chatglm.layers import QuantisedLinear
from lib_adcopy.chatglm.model import ALPHA, ChatGLM

_log = logging.getLogger("adcopy.chatglm")


def open_graph_decoder(
    model: ChatGLM, cache: Cache, rows: Sequence[int], position_ids: torch.Tensor, limit: int
) -> GraphDecoder | None:
    """Open a decoder as open_decoder does; None where the model, the batch or the GPU needs the plain one.

    The first step of each kind of model with each number of rows is compared with the plain model's.
    """
    kernels = load_kernels(model.device, model.dtype)
    if kernels is None or not _is_supported(kernels, model, len(rows)):
        return None
    kind = _kind(model), len(rows)
    if kernels.can_decode.get(kind) is False:
        return None
    decoder = GraphDecoder(kernels, model, cache, rows, position_ids, limit)
    if kind not in kernels.can_decode:
        kernels.can_decode[kind] = decoder.matches_plain_model()
        if not kernels.can_decode[kind]:
            _log.warning(
                "ChatGLM decodes %d answers by plain torch on %s: the kernels' logits are not torch's",
                len(rows), model.device,
            )  # fmt: skip
            return None
    decoder.capture()
    return decoder


class GraphDecoder:
    """Decodes by our kernels. Ended answers are still computed: memory bandwidth limits a step, not the batch."""

    def __init__(
        self,
        kernels: CudaKernels,
        model: ChatGLM,
        cache: Cache,
        rows: Sequence[int],
        position_ids: torch.Tensor,
        limit: int,
    ) -> None:
        self._kernels, self._model, self._limit = kernels, model, limit
        self._cache = cache.repeat_rows(rows, min(limit, cache.filled + CACHE_GROWTH))
        self._answers = list(range(len(rows)))
        self._rows: torch.Tensor | None = None
        self._layers = [_layer(block) for block in model.transformer.layers]
        self._head = _linear(model.lm_head)
        self._buffers = _Buffers(model, len(rows))
        self._tokens = torch.zeros(len(rows), 1, dtype=torch.long, device=model.device)
        self._positions = position_ids[:, :, 0].to(torch.long, copy=True).contiguous()
        self._filled = torch.full((1,), self._cache.filled, dtype=torch.int32, device=model.device)
        self._graph: torch.cuda.CUDAGraph | None = None

    @torch.no_grad()
    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """Return the logits (answers, vocab), in memory that the next step overwrites."""
        if self._cache.filled == self._cache.length:
            longer = min(self._limit, self._cache.length + CACHE_GROWTH)
            self._cache = self._cache.repeat_rows(range(self._cache.batch), longer)
            self.capture()
        self._copy_tokens(tokens)
        if self._graph is not None:
            self._graph.replay()
        else:
            self._run()
        self._cache.advance(1)
        logits = self._buffers.logits
        return logits if self._rows is None else logits[self._rows]

    @property
    def has_graph(self) -> bool:
        """Return whether steps are replayed as a graph, and not launched kernel by kernel."""
        return self._graph is not None

    def select(self, rows: Sequence[int]) -> None:
        self._answers = [self._answers[row] for row in rows]
        # Uploaded here, once, and not for every token.
        self._rows = torch.tensor(self._answers, device=self._model.device)

    @torch.no_grad()
    def matches_plain_model(self) -> bool:
        """Compare the logits of a step with the plain model's, up to fp16's rounding; the step is taken back.

        A kernel that cannot be launched is no match, but for one that lacks the memory, which is raised.
        """
        self._copy_tokens([self._model.config.bos_token_id] * len(self._answers))
        try:
            self._run()
        except RuntimeError as error:
            if is_out_of_memory(error):
                raise
            _log.warning("a CUDA kernel failed: %s", error)
            return False
        cache, ours = self._cache, self._buffers.logits.float()
        plain = self._model(
            self._tokens, cache.attention_mask(), self._positions.unsqueeze(2), cache=cache, last_only=True
        )[:, -1].float()
        cache.filled -= 1
        self._positions[:, 1] -= 1
        self._filled -= 1
        deviation = (plain - plain.mean(dim=1, keepdim=True)).norm()
        return bool((ours - plain).norm() <= 0.1 * deviation)

    @torch.no_grad()
    def capture(self) -> None:
        """Record a step without running it. Where the driver refuses, steps are launched one kernel at a time."""
        self._warm_up()
        self._graph = None
        if self._kernels.can_capture is None and not captures_by_thread():
            _log.warning("ChatGLM decodes without a CUDA graph, slower: this torch captures for all threads at once")
            self._kernels.can_capture = False
        if self._kernels.can_capture is False:
            return
        try:
            self._graph = record(self._run, self._model.device)
        except RuntimeError as error:
            if is_out_of_memory(error):
                raise
            # A second failure would cost as much as the first and say the same.
            self._kernels.can_capture = False
            _log.warning("ChatGLM decodes without a CUDA graph, slower: %s", error)

    def _warm_up(self) -> None:
        """Run a step and take it back: it loads the kernels, which a capture may not do."""
        self._run()
        self._positions[:, 1] -= 1
        self._filled -= 1

    def _copy_tokens(self, tokens: Sequence[int]) -> None:
        by_row = [0] * len(self._tokens)
        for answer, token in zip(self._answers, tokens, strict=True):
            by_row[answer] = token
        self._tokens.copy_(torch.tensor(by_row).unsqueeze(1))

    def _run(self) -> None:
        """Launch the kernels of one step, which leave its logits in the buffers."""
        kernels, buffers, rotary, cache = self._kernels, self._buffers, self._model.rotary, self._cache
        column_mask = cache.column_mask.view(torch.uint8) if cache.column_mask is not None else None
        self._positions[:, 1] += 1
        states, residual = self._model.transformer.word_embeddings(self._tokens)[:, 0], None
        for at, layer in enumerate(self._layers):
            kernels.add_norm(states, residual, ALPHA, layer.before_attention, buffers.normed)
            layer.query_key_value.run(kernels, buffers.normed, buffers.mixed)
            kernels.attend(
                buffers.mixed, rotary.cos, rotary.sin, self._positions, self._filled, column_mask,
                cache.store[at, 0], cache.store[at, 1], buffers.attended,
            )  # fmt: skip
            layer.dense.run(kernels, buffers.attended, buffers.states)
            kernels.add_norm(buffers.states, buffers.normed, ALPHA, layer.before_mlp, buffers.residual)
            layer.up.run(kernels, buffers.residual, buffers.inner, gelu=True)
            layer.down.run(kernels, buffers.inner, buffers.states)
            states, residual = buffers.states, buffers.residual
        kernels.add_norm(states, residual, ALPHA, self._model.transformer.final_layernorm, buffers.normed)
        self._head.run(kernels, buffers.normed, buffers.logits)
        self._filled += 1


class _Buffers:
    """A step's intermediate values, always in the same memory: a graph records addresses."""

    def __init__(self, model: ChatGLM, rows: int) -> None:
        def allocate(width: int) -> torch.Tensor:
            return torch.empty(rows, width, dtype=model.dtype, device=model.device)

        hidden = model.config.hidden_size
        self.normed, self.residual, self.states, self.attended = (allocate(hidden) for _ in range(4))
        self.mixed, self.inner = allocate(3 * hidden), allocate(model.config.inner_hidden_size)
        self.logits = allocate(model.config.vocab_size)


@dataclass(frozen=True)
class _Linear:
    """A linear layer's tensors; `bits` 16 is an fp16 weight without a scale."""

    weight: torch.Tensor
    scale: torch.Tensor | None
    bits: int
    bias: torch.Tensor | None

    def run(self, kernels: CudaKernels, states: torch.Tensor, out: torch.Tensor, *, gelu: bool = False) -> None:
        kernels.linear(states, self.weight, self.scale, self.bits, self.bias, gelu=gelu, out=out)


@dataclass(frozen=True)
class _Layer:
    """The parts of one layer, in the order of use."""

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


def _kind(model: ChatGLM) -> Hashable:
    """Return what tells models apart that take different kernels: sizes, and the bits of all layers."""
    config = model.config
    return config.head_dim, config.hidden_size, config.inner_hidden_size, tuple(_bits(each) for each in _linears(model))


def _is_supported(kernels: CudaKernels, model: ChatGLM, rows: int) -> bool:
    """Return whether every part of the model has a shape and a format that the kernels support for so many rows."""
    config = model.config
    return CudaKernels.supports_decoding(config.head_dim, config.hidden_size) and all(
        kernels.supports_rows(_bits(linear), rows)
        and (
            isinstance(linear.multiply, CudaMultiply)
            if isinstance(linear, QuantisedLinear)
            else linear.weight.dtype == torch.half and CudaKernels.supports_linear(linear.in_features, 16)
        )
        for linear in _linears(model)
    )


def _linears(model: ChatGLM) -> Iterator[QuantisedLinear | torch.nn.Linear]:
    for module in model.modules():
        if isinstance(module, QuantisedLinear | torch.nn.Linear):
            yield module


def _bits(linear: QuantisedLinear | torch.nn.Linear) -> int:
    return linear.bits if isinstance(linear, QuantisedLinear) else 16
