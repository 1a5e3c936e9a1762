"""ChatGLM-6B (v1): embedding, GLM blocks, head. Batch first throughout; parameters have the checkpoint's names."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.layers import QuantisedEmbedding, QuantisedLinear
from lib_adcopy.chatglm.positions import build_inputs
from lib_adcopy.chatglm.prefix import Prefix
from lib_adcopy.chatglm.rotary import Rotary, rotate

# The published model scales its residual by the depth it was made with, whatever num_layers says.
ALPHA = math.sqrt(2 * 28)
# Queries attended at once: the scores of all of a prompt's 1,800 tokens take more than a gigabyte.
_QUERY_BLOCK = 256
# The reference's score of a masked column, finite even in fp16.
_MASKED_SCORE = -10000.0


class Attention(torch.nn.Module):
    def __init__(self, config: ChatGLMConfig, layer: int, bits: int) -> None:
        super().__init__()
        self.heads, self.depth = config.num_attention_heads, layer + 1
        self.query_key_value = _linear(config.hidden_size, 3 * config.hidden_size, bits)
        self.dense = _linear(config.hidden_size, config.hidden_size, bits)

    def forward(
        self,
        states: torch.Tensor,
        rotary: tuple[torch.Tensor, torch.Tensor],
        attention_mask: torch.Tensor | None,
        past: tuple[torch.Tensor, torch.Tensor] | None,
        cache: Cache | None,
    ) -> torch.Tensor:
        # The checkpoint has each head's query, key and value side by side.
        mixed = self.query_key_value(states).unflatten(-1, (self.heads, 3, -1)).transpose(1, 2)
        query, key = rotate(mixed[..., :2, :], *rotary).unbind(-2)
        value = mixed[..., 2, :]
        if cache is not None:
            key, value = cache.extend(self.depth - 1, key, value)
        if past is not None:
            key, value = torch.cat([past[0], key], dim=2), torch.cat([past[1], value], dim=2)
        return self.dense(self._attend(query, key, value, attention_mask).transpose(1, 2).flatten(2))

    def _attend(
        self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, attention_mask: torch.Tensor | None
    ) -> torch.Tensor:
        if query.size(2) <= _QUERY_BLOCK:
            return self._attend_block(query, key, value, attention_mask)
        parts = []
        for start in range(0, query.size(2), _QUERY_BLOCK):
            mask = attention_mask
            if mask is not None and mask.size(2) > 1:
                mask = mask[:, :, start : start + _QUERY_BLOCK]
            parts.append(self._attend_block(query[:, :, start : start + _QUERY_BLOCK], key, value, mask))
        return torch.cat(parts, dim=2)

    def _attend_block(
        self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, attention_mask: torch.Tensor | None
    ) -> torch.Tensor:
        # Divided by the depth here and multiplied back in fp32, or else fp16 scores overflow.
        depth = self.depth if query.dtype == torch.float16 else 1
        scores = (query * (query.size(-1) ** -0.5 / depth)) @ key.transpose(-1, -2)
        if attention_mask is not None:
            scores = torch.where(attention_mask, scores, torch.full_like(scores[:1, :1, :1, :1], _MASKED_SCORE))
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
    """One layer. Its residual connection adds each LayerNorm's output, not its input."""

    def __init__(self, config: ChatGLMConfig, layer: int, bits: int) -> None:
        super().__init__()
        self.input_layernorm = torch.nn.LayerNorm(config.hidden_size, eps=config.layernorm_epsilon)
        self.attention = Attention(config, layer, bits)
        self.post_attention_layernorm = torch.nn.LayerNorm(config.hidden_size, eps=config.layernorm_epsilon)
        self.mlp = MLP(config, bits)

    def forward(
        self,
        states: torch.Tensor,
        rotary: tuple[torch.Tensor, torch.Tensor],
        attention_mask: torch.Tensor | None,
        past: tuple[torch.Tensor, torch.Tensor] | None,
        cache: Cache | None,
    ) -> torch.Tensor:
        normed = self.input_layernorm(states)
        states = normed * ALPHA + self.attention(normed, rotary, attention_mask, past, cache)
        normed = self.post_attention_layernorm(states)
        return normed * ALPHA + self.mlp(normed)


class Transformer(torch.nn.Module):
    def __init__(self, config: ChatGLMConfig, bits: int, embedding_bits: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.word_embeddings: torch.nn.Module = (
            QuantisedEmbedding(config.vocab_size, config.hidden_size, embedding_bits, dtype)
            if embedding_bits
            # torch.nn.Embedding's own initialiser imports torch's compiler on the meta device, which takes a second.
            else torch.nn.Embedding.from_pretrained(torch.empty(config.vocab_size, config.hidden_size), freeze=False)
        )
        self.layers = torch.nn.ModuleList(Block(config, layer, bits) for layer in range(config.num_layers))
        self.final_layernorm = torch.nn.LayerNorm(config.hidden_size, eps=config.layernorm_epsilon)


class GenerationStopped(Exception):  # noqa: N818 (it is no error)
    """Ends a forward pass between two layers, because `should_stop` said so."""


class ChatGLM(torch.nn.Module):
    """The whole network, with the P-Tuning prefixes loaded beside it.

    `bits` 8 or 4 quantises the blocks' weights, 0 keeps them as they are; `embedding_bits` and `head_bits` do so for
    the embedding's and the head's. An embedding that is not quantised may have another dtype than the rest.
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
        """Put a loaded prefix before every request from now on; None for the base model."""
        self.prefix(name)
        self.active_prefix = name

    def prefix(self, name: str | None) -> Prefix | None:
        """Return a loaded prefix by its name. Raises ChatGLMError for one that is not loaded."""
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
        should_stop: Callable[[], bool] | None = None,
    ) -> torch.Tensor:
        """Return logits (batch, time, vocab) of ids (batch, time), or (batch, 1, vocab) with `last_only`.

        `attention_mask` bool (batch, 1, time, columns) is True where attention is allowed; `position_ids` (batch, 2,
        time). Both are built where no positions are given. The active prefix stands before the columns of the mask,
        unless there is a cache, whose first columns are its rows' own prefixes. `should_stop()` is asked between
        layers, as a bidirectional prompt cannot be read in chunks: GenerationStopped is raised where it is true.
        """
        if position_ids is None:
            attention_mask, position_ids = build_inputs(input_ids, self.config)
        prefix = self.prefix(self.active_prefix) if cache is None else None
        if prefix is not None and attention_mask is not None:
            # Every row attends to the prefix, padding rows too.
            attention_mask = F.pad(attention_mask, (prefix.length, 0), value=True)
        states = self.transformer.word_embeddings(input_ids).to(self.dtype)
        rotary = self.rotary(position_ids)
        for layer, block in enumerate(self.transformer.layers):
            if should_stop is not None and should_stop():
                raise GenerationStopped
            past = prefix.layer(layer, len(input_ids)) if prefix is not None else None
            states = block(states, rotary, attention_mask, past, cache)
        if cache is not None:
            cache.advance(input_ids.size(1))
        states = states[:, -1:] if last_only else states
        return self.lm_head(self.transformer.final_layernorm(states))


def _linear(inputs: int, outputs: int, bits: int) -> torch.nn.Module:
    return QuantisedLinear(inputs, outputs, bits) if bits else torch.nn.Linear(inputs, outputs)
