"""From a folder to a model: shard by shard, quantised on the way in, never randomly initialised.

A processor's fast products read quantised weights where they are: in the file, mapped. Such a file may be moved or
removed while its model answers (Windows refuses), and must not be written over.

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

from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.folder import check_folder, unsafe_file, weight_files
from lib_adcopy.chatglm.formats import UnsafeFileError
from lib_adcopy.chatglm.kernels import fast_on, weight_layout
from lib_adcopy.chatglm.layers import QuantisedEmbedding, QuantisedLinear
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.prefix import Prefix, encode
from lib_adcopy.chatglm.quantisation import quantise_in_slices
from lib_adcopy.chatglm.save import ALIGNED
from lib_adcopy.chatglm.torch_file import load_torch_file

# Bytes handed out of one mapping.
_MAPPED = 2**28
_HEAD, _EMBEDDING = "lm_head.weight", "transformer.word_embeddings.weight"


def load_model(
    folder: Path | str,
    device: str | torch.device = "cpu",
    dtype: torch.dtype = torch.float32,
    quantization_bit: int | None = None,
    prefix: Path | str | None = None,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> ChatGLM:
    """The model of `folder` in evaluation mode; a prefix given here is on, under its folder's name.

    `quantization_bit` 8 or 4 quantises an unquantised checkpoint while it is read. `told` hears after each weight how
    many bytes of the files are read, and of how many; what it raises ends the loading. Raises ChatGLMError.
    """
    folder = Path(folder)
    config = ChatGLMConfig.read(folder)
    report = check_folder(folder)
    if report.problem is not None and report.problem.code != "no_tokenizer":
        raise report.problem
    bits = config.quantization_bit or quantization_bit or 0
    target = torch.device(device)
    embedding_bits = bits if config.quantization_embeddings else 0
    # The head is read whole for every token: 8 bits are half the bytes, and an error that the logits do not show.
    head_bits = embedding_bits or (8 if bits and fast_on(target, dtype) else 0)
    with torch.device("meta"):
        model = ChatGLM(config, bits=bits, embedding_bits=embedding_bits, head_bits=head_bits, dtype=dtype)
    read = 0
    told(read, report.size_bytes)
    for size in _Filling(model, target, dtype).fill(folder):
        read += size
        told(read, report.size_bytes)
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
    """One tensor, mapped, of those `read_weights` gives. Raises ChatGLMError."""
    return next(weight for stored, weight in read_weights(folder) if stored == name)


def _tensors(file: Path) -> Iterator[tuple[str, torch.Tensor]]:
    """The file is mapped anew now and then: what was read of a mapping counts as memory until the mapping goes."""
    done, count = 0, 1
    while done < count:
        with _mapped(file) as (names, tensor):
            count, handed = len(names), 0
            while done < count and handed < _MAPPED:
                weight = _checked(tensor(names[done]), file)
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
        weights = load_torch_file(file, mapped=True)
        yield list(weights), weights.__getitem__


def _checked(weight: torch.Tensor, file: Path) -> torch.Tensor:
    """Return the weight. Raises ChatGLMError for one that is no plain array of the file's own bytes."""
    plain = isinstance(weight, torch.Tensor) and weight.layout is torch.strided and weight.device.type == "cpu"
    # A tensor may repeat one number over a shape that no memory holds.
    if not plain or weight.is_quantized or weight.nbytes > weight.untyped_storage().nbytes():
        raise ChatGLMError("truncated", file=file.name)
    return weight


class _Filling:
    """A model whose tensors arrive one by one; `filled` names those that are there."""

    def __init__(self, model: ChatGLM, device: torch.device, dtype: torch.dtype) -> None:
        self.model, self.device, self.dtype = model, device, dtype
        self.wanted = {**dict(model.named_parameters()), **dict(model.named_buffers())}
        self.filled: set[str] = set()

    def fill(self, folder: Path) -> Iterator[int]:
        """Gives the bytes of each weight when it is there."""
        head = self.model.lm_head
        embedding = self.model.transformer.word_embeddings
        apart = isinstance(head, QuantisedLinear) and not isinstance(embedding, QuantisedEmbedding)
        if apart:
            self._fill_ends(folder)
        for name, weight in read_weights(folder):
            if name in self.wanted and name not in self.filled:
                self._take(name, weight)
            yield weight.nbytes
        if not apart:
            _tie(self.model, self.filled)
        missing = sorted(name for name in self.wanted if name not in self.filled and not name.startswith("rotary."))
        if missing:
            raise ChatGLMError("missing_weight", folder=folder.name, name=missing[0])
        if isinstance(head, QuantisedLinear):
            head.prepare(self.dtype)
        self.model.rotary.to(self.device)

    def _fill_ends(self, folder: Path) -> None:
        """The embedding as the file has it, mapped: a text needs few of its rows. The head in 8 bits, from the head or
        else the embedding, unless the file has it so. The file is mapped anew between: a head's making reads all rows.
        """
        stored = {name for name, _ in read_weights(folder)}
        made = f"{_HEAD}_scale" in stored
        tied = self.model.config.tie_word_embeddings and not made
        embedding = _EMBEDDING if _EMBEDDING in stored or not tied else _HEAD
        if embedding not in stored:
            return
        if not made:
            self._put_quantised(_HEAD, read_weight(folder, _HEAD if _HEAD in stored else _EMBEDDING))
        self._put(_EMBEDDING, read_weight(folder, embedding))

    def _take(self, name: str, weight: torch.Tensor) -> None:
        owner, _, leaf = name.rpartition(".")
        module = self.model.get_submodule(owner)
        quantised = isinstance(module, (QuantisedLinear, QuantisedEmbedding))
        if leaf == "weight_scale" and not weight.is_floating_point():
            raise ChatGLMError("wrong_type", name=name, found=_name_of(weight.dtype))
        if name == _HEAD and not quantised and not weight.is_floating_point():
            # The embedding in 8 bits, for processors: this model has its head tied to the embedding itself.
            return
        if quantised and leaf == "weight" and weight.is_floating_point():
            self._put_quantised(name, weight)
        elif quantised and leaf == "weight":
            self._put(name, self._stored(name, weight))
        else:
            kept = weight if leaf == "weight_scale" else weight.to(self.dtype)
            # A copy: what is read is the file itself.
            self._put(name, kept.to(self.device, copy=kept.data_ptr() == weight.data_ptr()))
        whole = {f"{owner}.weight", f"{owner}.weight_scale"} <= self.filled
        if isinstance(module, QuantisedLinear) and module is not self.model.lm_head and whole and leaf != "bias":
            module.prepare(self.dtype)

    def _stored(self, name: str, weight: torch.Tensor) -> torch.Tensor:
        """Quantised bytes in the layout this model reads; where it reads the file's own they stay mapped."""
        module: Any = self.model.get_submodule(name.rpartition(".")[0])
        if weight.dtype != torch.int8 and not (module.bits == 4 and weight_layout.of(weight)):
            raise ChatGLMError("wrong_type", name=name, found=_name_of(weight.dtype))
        _check(weight, self.wanted[name].shape, name)
        fast = fast_on(self.device, self.dtype)
        if not fast or weight_layout.of(weight) != weight_layout.here():
            weight = weight_layout.official(weight)
        if fast and weight.data_ptr() % ALIGNED == 0:
            # Each page is asked for now: the first answer should not wait for them.
            weight.view(torch.uint8).flatten()[:: mmap.PAGESIZE].max()
            return weight
        return weight.to(self.device, copy=True)

    def _put_quantised(self, name: str, weight: torch.Tensor) -> None:
        owner = name.rpartition(".")[0]
        module: Any = self.model.get_submodule(owner)
        rows, width = self.wanted[name].shape
        _check(weight, torch.Size((rows, width * 8 // module.bits)), name)
        packed, scale = quantise_in_slices(weight, module.bits, self.device)
        self._put(name, packed)
        self._put(f"{owner}.weight_scale", scale)

    def _put(self, name: str, weight: torch.Tensor) -> None:
        _check(weight, self.wanted[name].shape, name)
        owner, _, leaf = name.rpartition(".")
        module = self.model.get_submodule(owner)
        parameter = leaf in dict(module.named_parameters(recurse=False))
        setattr(module, leaf, torch.nn.Parameter(weight, requires_grad=False) if parameter else weight)
        self.filled.add(name)


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


def _check(weight: torch.Tensor, wanted: torch.Size, name: str) -> None:
    found = weight_layout.official_shape(weight)
    if found != wanted:
        raise ChatGLMError("wrong_shape", name=name, found=tuple(found), wanted=tuple(wanted))


def _name_of(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
