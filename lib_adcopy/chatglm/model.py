"""ChatGLM-6B (v1): embedding, GLM blocks, head. Batch first throughout; names are the checkpoint's."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm import positions
from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.layers import QuantisedEmbedding, QuantisedLinear
from lib_adcopy.chatglm.prefix import Prefix
from lib_adcopy.chatglm.rotary import Rotary, rotate

# The published model scales its residual by the depth it was made with, whatever num_layers says.
ALPHA = math.sqrt(2 * 28)
_BLOCKED = -10000.0


class Attention(torch.nn.Module):
    def __init__(self, config: ChatGLMConfig, layer: int, bits: int) -> None:
        super().__init__()
        self.heads, self.depth = config.num_attention_heads, layer + 1
        self.query_key_value = _linear(config.hidden_size, 3 * config.hidden_size, bits)
        self.dense = _linear(config.hidden_size, config.hidden_size, bits)

    def forward(
        self,
        states: torch.Tensor,
        turn: tuple[torch.Tensor, torch.Tensor],
        blocked: torch.Tensor | None,
        past: tuple[torch.Tensor, torch.Tensor] | None,
        cache: Cache | None,
    ) -> torch.Tensor:
        # Each head's query, key and value stand side by side in the checkpoint's rows.
        mixed = self.query_key_value(states).unflatten(-1, (self.heads, 3, -1)).transpose(1, 2)
        query, key = rotate(mixed[..., :2, :], *turn).unbind(-2)
        value = mixed[..., 2, :]
        if cache is not None:
            key, value = cache.extend(self.depth - 1, key, value)
        if past is not None:
            key, value = torch.cat([past[0], key], dim=2), torch.cat([past[1], value], dim=2)
        return self.dense(self._attend(query, key, value, blocked).transpose(1, 2).flatten(2))

    def _attend(
        self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, blocked: torch.Tensor | None
    ) -> torch.Tensor:
        # Dividing by the depth and multiplying back after fp32 keeps fp16 scores from overflowing.
        depth = self.depth if query.dtype == torch.float16 else 1
        scores = (query * (query.size(-1) ** -0.5 / depth)) @ key.transpose(-1, -2)
        if blocked is not None:
            scores = scores.masked_fill(blocked, _BLOCKED)
        scores = scores.float() * depth if depth > 1 else scores
        return F.softmax(scores, dim=-1, dtype=torch.float32).to(value.dtype) @ value


class MLP(torch.nn.Module):
    def __init__(self, config: ChatGLMConfig, bits: int) -> None:
        super().__init__()
        self.dense_h_to_4h = _linear(config.hidden_size, config.inner_hidden_size, bits)
        self.dense_4h_to_h = _linear(config.inner_hidden_size, config.hidden_size, bits)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return self.dense_4h_to_h(F.gelu(self.dense_h_to_4h(states), approximate="tanh"))


class Block(torch.nn.Module):
    """The residual carries each LayerNorm's output, not its input."""

    def __init__(self, config: ChatGLMConfig, layer: int, bits: int) -> None:
        super().__init__()
        self.input_layernorm = torch.nn.LayerNorm(config.hidden_size, eps=config.layernorm_epsilon)
        self.attention = Attention(config, layer, bits)
        self.post_attention_layernorm = torch.nn.LayerNorm(config.hidden_size, eps=config.layernorm_epsilon)
        self.mlp = MLP(config, bits)

    def forward(
        self,
        states: torch.Tensor,
        turn: tuple[torch.Tensor, torch.Tensor],
        blocked: torch.Tensor | None,
        past: tuple[torch.Tensor, torch.Tensor] | None,
        cache: Cache | None,
    ) -> torch.Tensor:
        normed = self.input_layernorm(states)
        states = normed * ALPHA + self.attention(normed, turn, blocked, past, cache)
        normed = self.post_attention_layernorm(states)
        return normed * ALPHA + self.mlp(normed)


class Transformer(torch.nn.Module):
    def __init__(self, config: ChatGLMConfig, bits: int, embedding_bits: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.word_embeddings: torch.nn.Module = (
            QuantisedEmbedding(config.vocab_size, config.hidden_size, embedding_bits, dtype)
            if embedding_bits
            # Its own initialiser, on no device, would import torch's compiler: a second of every first start.
            else torch.nn.Embedding.from_pretrained(torch.empty(config.vocab_size, config.hidden_size), freeze=False)
        )
        self.layers = torch.nn.ModuleList(Block(config, layer, bits) for layer in range(config.num_layers))
        self.final_layernorm = torch.nn.LayerNorm(config.hidden_size, eps=config.layernorm_epsilon)


class Stopped(Exception):  # noqa: N818 (it is no error)
    """Told to stop between two layers."""


class ChatGLM(torch.nn.Module):
    """`bits` 0 keeps the blocks' weights as they are, 8 or 4 quantises them; `embedding_bits` and `head_bits` do so
    for the embedding's and the head's. An embedding that is not quantised may be kept in another dtype than the rest.
    """

    def __init__(
        self,
        config: ChatGLMConfig,
        *,
        bits: int = 0,
        embedding_bits: int = 0,
        head_bits: int = 0,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.config = config
        self.transformer = Transformer(config, bits, embedding_bits, dtype)
        self.lm_head = (
            QuantisedLinear(config.hidden_size, config.vocab_size, head_bits, bias=False)
            if head_bits
            else torch.nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        )
        self.rotary = Rotary(config.head_dim, config.max_sequence_length)
        self.prefixes: dict[str, Prefix] = {}
        self.active_prefix: str | None = None

    @property
    def device(self) -> torch.device:
        return self.transformer.final_layernorm.weight.device

    @property
    def dtype(self) -> torch.dtype:
        return self.transformer.final_layernorm.weight.dtype

    def use_prefix(self, name: str | None) -> None:
        """Which loaded prefix stands before every request from now on; None for the base model."""
        self.prefix(name)
        self.active_prefix = name

    def prefix(self, name: str | None) -> Prefix | None:
        """The loaded prefix of that name. Raises ChatGLMError for one that is not."""
        if name is None:
            return None
        if name not in self.prefixes:
            raise ChatGLMError("unknown_prefix", name=name)
        return self.prefixes[name]

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        position_ids: torch.Tensor | None = None,
        *,
        cache: Cache | None = None,
        last_only: bool = False,
        stopped: Callable[[], bool] | None = None,
    ) -> torch.Tensor:
        """Logits (batch, time, vocab) of ids (batch, time); (batch, 1, vocab) with `last_only`.

        `attention_mask` (batch, 1, time, columns) is True where a row may not look; `position_ids` (batch, 2, time).
        Both are worked out where they are not given. The active prefix stands before the columns of the mask, unless
        there is a cache, whose first columns are its rows' own prefixes. Raises Stopped as soon as `stopped()` between
        two layers: a prompt sees itself in both directions, so it cannot be read a piece at a time instead.
        """
        if position_ids is None:
            attention_mask, position_ids = positions.build(input_ids, self.config)
        prefix = self.prefix(self.active_prefix) if cache is None else None
        if prefix is not None and attention_mask is not None:
            # A prefix is seen by every row, padding rows too.
            attention_mask = F.pad(attention_mask, (prefix.length, 0), value=False)
        states = self.transformer.word_embeddings(input_ids).to(self.dtype)
        turn = self.rotary(position_ids)
        for layer, block in enumerate(self.transformer.layers):
            if stopped is not None and stopped():
                raise Stopped
            past = prefix.layer(layer, len(input_ids)) if prefix is not None else None
            states = block(states, turn, attention_mask, past, cache)
        if cache is not None:
            cache.advance(input_ids.size(1))
        states = states[:, -1:] if last_only else states
        return self.lm_head(self.transformer.final_layernorm(states))

    def generate(self, input_ids: Sequence[int], *, max_length: int = 2048) -> Iterator[int]:
        """Greedy ids after `input_ids`, up to and with the end token; `chat` and `generate` have the rest."""
        from lib_adcopy.chatglm.generate import Sampler, generate

        ids = torch.tensor([list(input_ids)], device=self.device)
        for step in generate(self, ids, [Sampler(seed=0, temperature=0.0)], max_length=max_length):
            yield step[0]


def _linear(inputs: int, outputs: int, bits: int) -> torch.nn.Module:
    return QuantisedLinear(inputs, outputs, bits) if bits else torch.nn.Linear(inputs, outputs)
