"""A P-Tuning v2 prefix: keys and values put before every request, as the official scripts save it.

transformer.prefix_encoder.embedding.weight (length, layers * 2 * hidden), or (length, hidden) with the projection
trans.0, tanh, trans.2. Viewed (length, 2 * layers, heads, head_dim): layer i's key is at 2i, its value at 2i + 1.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.errors import ChatGLMError

_ROOT = "transformer.prefix_encoder."


class Prefix:
    """Keys and values of all layers: `store` (2 * layers, heads, length, head_dim)."""

    def __init__(self, store: torch.Tensor) -> None:
        self.store = store
        self.length = store.size(2)

    def layer(self, layer: int, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the layer's key and value, (batch, heads, length, head_dim), without a copy."""
        key, value = self.store[2 * layer], self.store[2 * layer + 1]
        return key.expand(batch, -1, -1, -1), value.expand(batch, -1, -1, -1)

    def to(self, device: torch.device, dtype: torch.dtype) -> Prefix:
        return Prefix(self.store.to(device, dtype))


def encode(weights: Mapping[str, torch.Tensor], config: ChatGLMConfig, folder: str) -> Prefix:
    """Compute the prefix of a checkpoint's weights, in fp32. Raises ChatGLMError for another model's."""
    values = _matrix(weights, "embedding.weight", folder).float()
    if f"{_ROOT}trans.0.weight" in weights:
        for layer in ("trans.0", "trans.2"):
            weight, bias = (_matrix(weights, f"{layer}.{part}", folder).float() for part in ("weight", "bias"))
            if weight.size(1) != values.size(1) or bias.shape != (1, len(weight)):
                raise ChatGLMError("prefix_shape", folder=folder, found=values.size(1), wanted=weight.size(1))
            values = F.linear(values if layer == "trans.0" else torch.tanh(values), weight, bias.squeeze(0))
    wanted = config.num_layers * 2 * config.hidden_size
    if values.size(1) != wanted:
        raise ChatGLMError("prefix_shape", folder=folder, found=values.size(1), wanted=wanted)
    heads = values.view(len(values), 2 * config.num_layers, config.num_attention_heads, config.head_dim)
    return Prefix(heads.permute(1, 2, 0, 3).contiguous())


def _matrix(weights: Mapping[str, torch.Tensor], name: str, folder: str) -> torch.Tensor:
    """Return a weight of the prefix encoder as a matrix; a bias is one row. Raises ChatGLMError where it is missing."""
    weight = weights.get(f"{_ROOT}{name}")
    if weight is None or not weight.is_floating_point() or weight.dim() not in (1, 2) or not weight.numel():
        raise ChatGLMError("no_prefix", folder=folder)
    return weight if weight.dim() == 2 else weight[None]
