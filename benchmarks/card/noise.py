"""A model of random weights, made on the device, and the official method to compare with."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from benchmarks.card.port import Card
from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.kernels.multiply import Multiply
from lib_adcopy.chatglm.layers import QuantisedLinear
from lib_adcopy.chatglm.model import ChatGLM


def noise(port: Card, bits: int, config: ChatGLMConfig | None = None) -> ChatGLM:
    """Make a model of 4, 8 or (0) unquantised bits; the head is the embedding, as published."""
    config = config or port.config
    with torch.device("meta"):
        model = ChatGLM(config, bits=bits, dtype=port.dtype)
    for name, parameter in list(model.named_parameters()):
        owner, _, leaf = name.rpartition(".")
        if name != "transformer.word_embeddings.weight":
            values = torch.empty(parameter.shape, dtype=port.dtype, device=port.device)
            values = values.fill_(1) if name.endswith("layernorm.weight") else values.normal_(std=0.02)
            setattr(model.get_submodule(owner), leaf, torch.nn.Parameter(values, requires_grad=False))
    model.transformer.word_embeddings.weight = model.lm_head.weight
    for module in model.modules():
        if isinstance(module, QuantisedLinear):
            module.weight = torch.randint(-128, 128, module.weight.shape, dtype=torch.int8, device=port.device)
            scale = torch.full(module.weight_scale.shape, 0.02 / 2**bits * 8, dtype=torch.half, device=port.device)
            module.weight_scale = scale
            module.prepare(port.dtype)
    model.rotary.to(port.device)
    return model.eval()


class Official(Multiply):
    """Dequantises the whole weight for every product, as the published code does, by the kernel our prefill uses."""

    def __init__(self, prepared: Multiply) -> None:
        super().__init__()
        self.prepared = prepared

    def forward(self, states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        return F.linear(states, self.prepared.dequantised(states.dtype), bias)

    def dequantised(self, dtype: torch.dtype) -> torch.Tensor:
        return self.prepared.dequantised(dtype)


def make_official(model: ChatGLM) -> None:
    """Switch all layers to the official method; a layer without a kernel uses it already."""
    for module in model.modules():
        if isinstance(module, QuantisedLinear) and module.multiply is not None:
            module.multiply = Official(module.multiply)


def step_bytes(model: ChatGLM) -> int:
    """Return the bytes that every step reads: all weights once, the tied embedding being the head."""
    tensors = {tensor.data_ptr(): tensor.nbytes for tensor in (*model.parameters(), *model.buffers())}
    return sum(tensors.values()) - sum(table.nbytes for table in model.rotary.buffers())
