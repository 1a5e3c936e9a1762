"""From a folder to a model: shard by shard, quantised on the way in, never randomly initialised.

Hosts replace torch.load: AUTOMATIC1111's gives None for int8 tensors, Forge's renames a file that fails to load. The
function in torch.serialization is the library's own, and safe_open is patched by nobody.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch.serialization import load as torch_load

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.folder import check_folder, weight_files
from lib_adcopy.chatglm.layers import QuantisedLinear
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.prefix import Prefix, encode
from lib_adcopy.chatglm.quantisation import quantise

_HEAD, _EMBEDDING = "lm_head.weight", "transformer.word_embeddings.weight"


def load_model(
    folder: Path | str,
    device: str | torch.device = "cpu",
    dtype: torch.dtype = torch.float32,
    quantization_bit: int | None = None,
    prefix: Path | str | None = None,
) -> ChatGLM:
    """The model of `folder` in evaluation mode; a prefix given here is on, under its folder's name.

    `quantization_bit` 8 or 4 quantises an unquantised checkpoint while it is read. Raises ChatGLMError.
    """
    folder = Path(folder)
    config = ChatGLMConfig.read(folder)
    report = check_folder(folder)
    if report.problem is not None and report.problem.code != "no_tokenizer":
        raise report.problem
    bits = config.quantization_bit or quantization_bit or 0
    with torch.device("meta"):
        model = ChatGLM(
            config, bits=bits, embedding_bits=bits if config.quantization_embeddings else 0, dtype=dtype
        )
    _fill(model, folder, torch.device(device), dtype)
    model.eval().requires_grad_(False)
    if prefix is not None:
        add_prefix(model, Path(prefix).name, Path(prefix))
        model.use_prefix(Path(prefix).name)
    return model


def add_prefix(model: ChatGLM, name: str, folder: Path | str) -> None:
    """Loads a prefix beside those there are; `model.use_prefix(name)` switches it on. Raises ChatGLMError."""
    if name not in model.prefixes:
        model.prefixes[name] = read_prefix(Path(folder), model.config).to(model.device, model.dtype)


def read_prefix(folder: Path, config: ChatGLMConfig) -> Prefix:
    weights = {name: weight for name, weight in read_weights(folder) if name.startswith("transformer.prefix_encoder")}
    return encode(weights, config, folder.name)


def read_weights(folder: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Every (name, tensor) of the folder's files, one file in memory at a time. Raises ChatGLMError."""
    for file in weight_files(folder):
        try:
            if file.suffix == ".safetensors":
                with safe_open(file, "pt") as opened:
                    for name in opened.keys():  # noqa: SIM118 - safe_open is no mapping
                        yield name, opened.get_tensor(name)
            else:
                # torch before 2.2 maps no file it is not given by name.
                yield from torch_load(str(file), map_location="cpu", weights_only=True, mmap=True).items()
        except (SafetensorError, RuntimeError, OSError, EOFError, pickle.UnpicklingError) as error:
            raise ChatGLMError("truncated", file=file.name) from error


def _fill(model: ChatGLM, folder: Path, device: torch.device, dtype: torch.dtype) -> None:
    wanted = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    filled: set[str] = set()
    for name, weight in read_weights(folder):
        owner, _, leaf = name.rpartition(".")
        if name not in wanted:
            continue
        module = model.get_submodule(owner)
        if isinstance(module, QuantisedLinear) and leaf == "weight" and weight.is_floating_point():
            packed, scale = quantise(weight.to(device), module.bits)
            _put(module, "weight", packed, wanted[name], name)
            _put(module, "weight_scale", scale, wanted[f"{owner}.weight_scale"], name)
            filled |= {name, f"{owner}.weight_scale"}
            continue
        kept = weight if not weight.is_floating_point() or leaf == "weight_scale" else weight.to(dtype)
        # A copy: what safetensors and mmap hand out is the file itself.
        _put(module, leaf, kept.to(device, copy=kept.data_ptr() == weight.data_ptr()), wanted[name], name)
        filled.add(name)
    _tie(model, filled)
    missing = sorted(name for name in wanted if name not in filled and not name.startswith("rotary."))
    if missing:
        raise ChatGLMError("missing_weight", folder=folder.name, name=missing[0])
    model.rotary.to(device)


def _tie(model: ChatGLM, filled: set[str]) -> None:
    """A head and an embedding that are the same are kept once; a head the file lacks is the embedding."""
    embedding: Any = model.transformer.word_embeddings
    head: Any = model.lm_head
    if _EMBEDDING not in filled and _HEAD in filled and model.config.tie_word_embeddings:
        embedding.weight = head.weight
        filled.add(_EMBEDDING)
    absent = _HEAD not in filled
    if absent or (head.weight.shape == embedding.weight.shape and torch.equal(head.weight, embedding.weight)):
        head.weight = embedding.weight
        filled.add(_HEAD)
        if hasattr(head, "weight_scale"):
            head.weight_scale = embedding.weight_scale
            filled.add("lm_head.weight_scale")


def _put(module: torch.nn.Module, leaf: str, weight: torch.Tensor, wanted: torch.Tensor, name: str) -> None:
    if weight.shape != wanted.shape:
        raise ChatGLMError("wrong_shape", name=name, found=tuple(weight.shape), wanted=tuple(wanted.shape))
    if leaf in dict(module.named_parameters(recurse=False)):
        weight = torch.nn.Parameter(weight, requires_grad=False)
    setattr(module, leaf, weight)

