"""From a folder to a model: shard by shard, quantised on the way in, never randomly initialised.

Hosts replace torch.load: AUTOMATIC1111's gives None for int8 tensors, Forge's renames a file that fails to load. The
function in torch.serialization is the library's own, and safe_open is patched by nobody.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch.serialization import load as torch_load

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.folder import check_folder, weight_files
from lib_adcopy.chatglm.kernels import fast_on
from lib_adcopy.chatglm.kernels.int4pack import official, reads_packed
from lib_adcopy.chatglm.layers import QuantisedEmbedding, QuantisedLinear
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.prefix import Prefix, encode
from lib_adcopy.chatglm.quantisation import quantise

# Bytes handed out of one mapping; weights quantised in one go.
_MAPPED, _AT_ONCE = 2**28, 2**21
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
    target = torch.device(device)
    # The head is read whole for every token: in 8 bits, which its rows share with the embedding's, half the bytes.
    head_bits = bits if config.quantization_embeddings else 8 if bits and fast_on(target, dtype) else 0
    with torch.device("meta"):
        model = ChatGLM(config, bits=bits, embedding_bits=head_bits, dtype=dtype)
    _fill(model, folder, target, dtype)
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
    """Every (name, tensor) of the folder's files; a tensor is the file itself, mapped. Raises ChatGLMError."""
    for file in weight_files(folder):
        try:
            yield from _tensors(file)
        except (SafetensorError, RuntimeError, OSError, EOFError, AttributeError, pickle.UnpicklingError) as error:
            raise ChatGLMError("truncated", file=file.name) from error


def _tensors(file: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """The file is mapped anew now and then: what was read of a mapping counts as memory until the mapping goes."""
    done, count = 0, 1
    while done < count:
        with _mapped(file) as (names, tensor):
            count, handed = len(names), 0
            while done < count and handed < _MAPPED:
                weight = tensor(names[done])
                handed += weight.numel() * weight.element_size()
                done += 1
                yield names[done - 1], weight
                del weight


@contextmanager
def _mapped(file: Path) -> Iterator[tuple[list[str], Callable[[str], torch.Tensor]]]:
    """The names in the file, in its order where it can be had, and how to get one."""
    if file.suffix == ".safetensors":
        with safe_open(file, "pt") as opened:
            yield getattr(opened, "offset_keys", opened.keys)(), opened.get_tensor
    else:
        # torch before 2.2 maps no file it is not given by name.
        weights = torch_load(str(file), map_location="cpu", weights_only=True, mmap=True)
        yield list(weights), weights.__getitem__


def _fill(model: ChatGLM, folder: Path, device: torch.device, dtype: torch.dtype) -> None:
    wanted = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    filled: set[str] = set()
    for name, weight in read_weights(folder):
        if name not in wanted:
            continue
        owner, _, leaf = name.rpartition(".")
        module: Any = model.get_submodule(owner)
        quantised = isinstance(module, (QuantisedLinear, QuantisedEmbedding))
        if quantised and weight.dtype == torch.uint8 and not reads_packed(device, dtype):
            _check(weight, wanted[name].shape, name)
            weight = official(weight)
        if quantised and leaf == "weight" and weight.is_floating_point():
            _check(weight, torch.Size((wanted[name].size(0), wanted[name].size(1) * 8 // module.bits)), name)
            packed, scale = _quantise(weight, module.bits, device)
            _put(module, "weight", packed, wanted[name], name)
            _put(module, "weight_scale", scale, wanted[f"{owner}.weight_scale"], name)
            filled |= {name, f"{owner}.weight_scale"}
            if isinstance(module, QuantisedEmbedding) and module.bits == 8:
                for part in _slices(weight):
                    module.refine(part, weight[part].to(device))
        else:
            kept = weight if not weight.is_floating_point() or leaf == "weight_scale" else weight.to(dtype)
            # A copy: what is read is the file itself.
            _put(module, leaf, kept.to(device, copy=kept.data_ptr() == weight.data_ptr()), wanted[name], name)
            filled.add(name)
        whole = {f"{owner}.weight", f"{owner}.weight_scale"} <= filled
        if isinstance(module, QuantisedLinear) and module is not model.lm_head and whole and leaf != "bias":
            module.prepare(dtype)
    _tie(model, filled)
    missing = sorted(name for name in wanted if name not in filled and not name.startswith("rotary."))
    if missing:
        raise ChatGLMError("missing_weight", folder=folder.name, name=missing[0])
    if isinstance(model.lm_head, QuantisedLinear):
        model.lm_head.prepare(dtype)
    model.rotary.to(device)


def _quantise(weight: torch.Tensor, bits: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Some rows at a time, so that what is worked out on the way stays small and in the processor's cache."""
    rows, columns = weight.shape
    packed = torch.empty(rows, columns * bits // 8, dtype=torch.int8, device=device)
    scale = torch.empty(rows, dtype=torch.half, device=device)
    for part in _slices(weight):
        packed[part], scale[part] = quantise(weight[part].to(device), bits)
    return packed, scale


def _slices(weight: torch.Tensor) -> Iterator[slice]:
    rows, columns = weight.shape
    height = max(_AT_ONCE // columns, 1)
    return (slice(start, start + height) for start in range(0, rows, height))


def _tie(model: ChatGLM, filled: set[str]) -> None:
    """A head and an embedding that are the same are kept once; one that the file lacks is the other."""
    embedding, head = model.transformer.word_embeddings, model.lm_head
    if _EMBEDDING not in filled and _HEAD in filled and model.config.tie_word_embeddings:
        filled |= _share(head, embedding, _EMBEDDING)
    elif _EMBEDDING in filled and (
        _HEAD not in filled or (head.weight.shape == embedding.weight.shape and _equal(head, embedding))
    ):
        filled |= _share(embedding, head, _HEAD)


def _share(source: Any, to: Any, name: str) -> set[str]:
    to.weight = source.weight
    if not hasattr(to, "weight_scale"):
        return {name}
    to.weight_scale = source.weight_scale
    return {name, f"{name}_scale"}


def _equal(one: Any, other: Any) -> bool:
    names = [name for name in ("weight", "weight_scale") if hasattr(one, name) and hasattr(other, name)]
    return all(torch.equal(getattr(one, name), getattr(other, name)) for name in names)


def _put(module: torch.nn.Module, leaf: str, weight: torch.Tensor, wanted: torch.Tensor, name: str) -> None:
    _check(weight, wanted.shape, name)
    if leaf in dict(module.named_parameters(recurse=False)):
        weight = torch.nn.Parameter(weight, requires_grad=False)
    setattr(module, leaf, weight)


def _check(weight: torch.Tensor, wanted: torch.Size, name: str) -> None:
    if weight.shape != wanted:
        raise ChatGLMError("wrong_shape", name=name, found=tuple(weight.shape), wanted=tuple(wanted))
