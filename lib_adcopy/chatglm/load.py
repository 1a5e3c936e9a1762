"""Loads a folder's model: shard by shard, quantised while it is read, never randomly initialised.

A CPU's fast products read quantised weights from the mapped file itself. Such a file may be moved or removed while its
model is loaded (Windows refuses), but must not be overwritten.

Hosts replace torch.load (see torch_file.py) and safetensors' load_file; safe_open is patched by nobody.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from lib_adcopy.chatglm.backends import rounds_activations
from lib_adcopy.chatglm.config import ChatGLMConfig, check_consistency
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.folder import check_folder, unsafe_file, weight_files
from lib_adcopy.chatglm.formats import UnsafeFileError
from lib_adcopy.chatglm.kernels import weight_layout
from lib_adcopy.chatglm.layers import QuantisedEmbedding, QuantisedLinear
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.prefix import Prefix, encode
from lib_adcopy.chatglm.quantisation import quantise_in_slices
from lib_adcopy.chatglm.save import ALIGNMENT
from lib_adcopy.chatglm.torch_file import load_torch_file

# Bytes read from one mapping: what was read counts as memory until the mapping is closed.
_BYTES_PER_MAPPING = 2**28
_HEAD, _EMBEDDING = "lm_head.weight", "transformer.word_embeddings.weight"


def load_model(
    folder: Path | str,
    device: str | torch.device = "cpu",
    dtype: torch.dtype = torch.float32,
    quantization_bit: int | None = None,
    prefix: Path | str | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> ChatGLM:
    """Load the model of `folder` in evaluation mode; a prefix given here is active, under its folder's name.

    `quantization_bit` 8 or 4 quantises an unquantised checkpoint while it is read. `on_progress(bytes read, bytes to
    read)` is called after each weight; what it raises ends the loading. Raises ChatGLMError.
    """
    folder = Path(folder)
    config = ChatGLMConfig.read(folder)
    check_consistency(config, folder)
    report = check_folder(folder)
    if report.problem is not None and report.problem.code != "no_tokenizer":
        raise report.problem
    bits = config.quantization_bit or quantization_bit or 0
    target = torch.device(device)
    embedding_bits = bits if config.quantization_embeddings else 0
    # The whole head is read for every token: 8 bits halve that, with an error too small to show in the logits.
    head_bits = embedding_bits or (8 if bits and rounds_activations(target, dtype) else 0)
    with torch.device("meta"):
        model = ChatGLM(config, bits=bits, embedding_bits=embedding_bits, head_bits=head_bits, dtype=dtype)
    done = 0
    on_progress(done, report.size_bytes)
    for size in WeightLoader(model, target, dtype).load(folder):
        done += size
        on_progress(done, report.size_bytes)
    model.eval().requires_grad_(False)
    if prefix is not None:
        add_prefix(model, Path(prefix).name, Path(prefix))
        model.use_prefix(Path(prefix).name)
    return model


def add_prefix(model: ChatGLM, name: str, folder: Path | str) -> None:
    """Load a prefix beside the others; `model.use_prefix(name)` activates it. Raises ChatGLMError."""
    if name not in model.prefixes:
        model.prefixes[name] = read_prefix(Path(folder), model.config).to(model.device, model.dtype)


def read_prefix(folder: Path, config: ChatGLMConfig) -> Prefix:
    """Read the prefix of a checkpoint folder. Raises ChatGLMError."""
    weights = {name: weight for name, weight in read_weights(folder) if name.startswith("transformer.prefix_encoder")}
    return encode(weights, config, folder.name)


def read_weights(folder: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield every (name, tensor) of the folder's files; a tensor is the file itself, mapped. Raises ChatGLMError."""
    for file in weight_files(folder):
        try:
            yield from _tensors(file)
        except (ChatGLMError, MemoryError):
            raise
        except UnsafeFileError as error:
            raise unsafe_file(file, error) from error
        except Exception as error:
            # The unpickler of torch raises whatever a damaged file makes it stumble over.
            raise ChatGLMError("truncated", file=file.name) from error


def read_weight(folder: Path, name: str) -> torch.Tensor:
    """Return one mapped tensor of those `read_weights` yields. Raises ChatGLMError."""
    return next(weight for stored, weight in read_weights(folder) if stored == name)


def _tensors(file: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield a file's tensors, mapping it again after every _BYTES_PER_MAPPING."""
    done, count = 0, 1
    while done < count:
        with _mapped(file) as (names, tensor):
            count, returned = len(names), 0
            while done < count and returned < _BYTES_PER_MAPPING:
                weight = _check_tensor(tensor(names[done]), file)
                returned += weight.numel() * weight.element_size()
                done += 1
                yield names[done - 1], weight
                del weight


@contextmanager
def _mapped(file: Path) -> Iterator[tuple[list[str], Callable[[str], torch.Tensor]]]:
    """Map a file; give the names in it, in the file's order where it is known, and the function that returns one."""
    if file.suffix == ".safetensors":
        with safe_open(file, "pt") as opened:
            yield getattr(opened, "offset_keys", opened.keys)(), opened.get_tensor
    else:
        weights = load_torch_file(file, mapped=True)
        yield list(weights), weights.__getitem__


def _check_tensor(weight: torch.Tensor, file: Path) -> torch.Tensor:
    """Return the weight. Raises ChatGLMError for one that is no plain array of the file's own bytes."""
    plain = isinstance(weight, torch.Tensor) and weight.layout is torch.strided and weight.device.type == "cpu"
    # A tensor may repeat one number over a shape that no memory holds.
    if not plain or weight.is_quantized or weight.nbytes > weight.untyped_storage().nbytes():
        raise ChatGLMError("truncated", file=file.name)
    return weight


class WeightLoader:
    """Puts the tensors of a folder into a model of the meta device; `loaded` has the names of those that are there."""

    def __init__(self, model: ChatGLM, device: torch.device, dtype: torch.dtype) -> None:
        self.model, self.device, self.dtype = model, device, dtype
        self.wanted = {**dict(model.named_parameters()), **dict(model.named_buffers())}
        self.loaded: set[str] = set()

    def load(self, folder: Path) -> Iterator[int]:
        """Load all weights; yield the bytes of each once it is loaded."""
        head = self.model.lm_head
        embedding = self.model.transformer.word_embeddings
        separate = isinstance(head, QuantisedLinear) and not isinstance(embedding, QuantisedEmbedding)
        if separate:
            self._load_embedding_and_head(folder)
        for name, weight in read_weights(folder):
            if name in self.wanted and name not in self.loaded:
                self._assign(name, weight)
            yield weight.nbytes
        if not separate:
            _tie(self.model, self.loaded)
        missing = sorted(name for name in self.wanted if name not in self.loaded and not name.startswith("rotary."))
        if missing:
            raise ChatGLMError("missing_weight", folder=folder.name, name=missing[0])
        if isinstance(head, QuantisedLinear):
            head.prepare(self.dtype)
        self.model.rotary.to(self.device)

    def _load_embedding_and_head(self, folder: Path) -> None:
        """Load an embedding and a head that are kept apart.

        The embedding stays mapped, as a text needs few of its rows. The head is quantised to 8 bits from the file's
        head, or from its embedding where it has none, unless it is stored in 8 bits. It reads all rows, so the file is
        mapped again after it.
        """
        stored = {name for name, _ in read_weights(folder)}
        is_quantised = f"{_HEAD}_scale" in stored
        tied = self.model.config.tie_word_embeddings and not is_quantised
        embedding = _EMBEDDING if _EMBEDDING in stored or not tied else _HEAD
        if embedding not in stored:
            return
        if not is_quantised:
            self._set_quantised(_HEAD, read_weight(folder, _HEAD if _HEAD in stored else _EMBEDDING))
        self._set(_EMBEDDING, read_weight(folder, embedding))

    def _assign(self, name: str, weight: torch.Tensor) -> None:
        owner, _, leaf = name.rpartition(".")
        module = self.model.get_submodule(owner)
        quantised = isinstance(module, (QuantisedLinear, QuantisedEmbedding))
        if leaf == "weight_scale" and not weight.is_floating_point():
            raise ChatGLMError("wrong_type", name=name, found=_name_of(weight.dtype))
        if name == _HEAD and not quantised and not weight.is_floating_point():
            # A copy of the embedding in 8 bits, for CPUs; here the head is tied to the embedding itself.
            return
        if quantised and leaf == "weight" and weight.is_floating_point():
            self._set_quantised(name, weight)
        elif quantised and leaf == "weight":
            self._set(name, self._to_layout(name, weight))
        else:
            converted = weight if leaf == "weight_scale" else weight.to(self.dtype)
            # A copy, as the weight is mapped from the file.
            self._set(name, converted.to(self.device, copy=converted.data_ptr() == weight.data_ptr()))
        is_whole = {f"{owner}.weight", f"{owner}.weight_scale"} <= self.loaded
        if isinstance(module, QuantisedLinear) and module is not self.model.lm_head and is_whole and leaf != "bias":
            module.prepare(self.dtype)

    def _to_layout(self, name: str, weight: torch.Tensor) -> torch.Tensor:
        """Return quantised bytes in the layout this model reads; in the file's own layout they stay mapped."""
        module: Any = self.model.get_submodule(name.rpartition(".")[0])
        if weight.dtype != torch.int8 and not (module.bits == 4 and weight_layout.layout_of(weight)):
            raise ChatGLMError("wrong_type", name=name, found=_name_of(weight.dtype))
        _check_shape(weight, self.wanted[name].shape, name)
        fast = rounds_activations(self.device, self.dtype)
        if not fast or weight_layout.layout_of(weight) != weight_layout.native_layout():
            weight = weight_layout.to_official(weight)
        if fast and weight.data_ptr() % ALIGNMENT == 0:
            # Touch each page now, so that the first answer does not wait for the disk.
            weight.view(torch.uint8).flatten()[:: mmap.PAGESIZE].max()
            return weight
        return weight.to(self.device, copy=True)

    def _set_quantised(self, name: str, weight: torch.Tensor) -> None:
        owner = name.rpartition(".")[0]
        module: Any = self.model.get_submodule(owner)
        rows, width = self.wanted[name].shape
        _check_shape(weight, torch.Size((rows, width * 8 // module.bits)), name)
        packed, scale = quantise_in_slices(weight, module.bits, self.device)
        self._set(name, packed)
        self._set(f"{owner}.weight_scale", scale)

    def _set(self, name: str, weight: torch.Tensor) -> None:
        _check_shape(weight, self.wanted[name].shape, name)
        owner, _, leaf = name.rpartition(".")
        module = self.model.get_submodule(owner)
        parameter = leaf in dict(module.named_parameters(recurse=False))
        setattr(module, leaf, torch.nn.Parameter(weight, requires_grad=False) if parameter else weight)
        self.loaded.add(name)


def _tie(model: ChatGLM, loaded: set[str]) -> None:
    """Share one tensor between a head and an embedding that are equal, or of which the file has only one."""
    embedding, head = model.transformer.word_embeddings, model.lm_head
    if _EMBEDDING not in loaded and _HEAD in loaded and model.config.tie_word_embeddings:
        loaded |= _share(head, embedding, _EMBEDDING)
    elif _EMBEDDING in loaded and (
        _HEAD not in loaded or (head.weight.shape == embedding.weight.shape and _equal(head, embedding))
    ):
        loaded |= _share(embedding, head, _HEAD)


def _share(source: Any, to: Any, name: str) -> set[str]:
    """Give `to` the weight of `source`; return the names of what it got."""
    to.weight = source.weight
    if not hasattr(to, "weight_scale"):
        return {name}
    to.weight_scale = source.weight_scale
    return {name, f"{name}_scale"}


def _equal(one: Any, other: Any) -> bool:
    names = [name for name in ("weight", "weight_scale") if hasattr(one, name) and hasattr(other, name)]
    return all(torch.equal(getattr(one, name), getattr(other, name)) for name in names)


def _check_shape(weight: torch.Tensor, wanted: torch.Size, name: str) -> None:
    found = weight_layout.official_shape(weight)
    if found != wanted:
        raise ChatGLMError("wrong_shape", name=name, found=tuple(found), wanted=tuple(wanted))


def _name_of(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
