"""A model folder as int4 or int8 safetensors, for a start that reads a third of the bytes; where a machine has no card,
its processor starts from the file as it is: int4 in the order it multiplies from (kernels/weight_layout.py), which any
other machine turns back, and a head of 8 bits beside the embedding, which any other leaves aside.

Weights are taken one by one and written in parts of about a gigabyte: no more than one of the source's files and one
part are in memory. The folder appears when all of it is written.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.chatglm import ChatGLMError, check_folder
from lib_adcopy.chatglm.config import read_config
from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.disk import check_room, writing
from lib_adcopy.model_library.progress import Progress, Tell

if TYPE_CHECKING:
    import torch

_PART_BYTES = 2**30
_BLOCKS = ("query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h")
_EMBEDDING, _HEAD = "transformer.word_embeddings.weight", "lm_head.weight"
# What is left of a checkpoint by the bits it has and the bits it gets, with a head; the embedding stays as it is.
_LEFT = {(16, 8): 0.59, (16, 4): 0.36, (8, 8): 1.08, (8, 4): 0.66, (4, 4): 1.14}
_BESIDE = ("ice_text.model", "tokenizer_config.json", "LICENSE", "MODEL_LICENSE", "README.md")


def convert(folder: Path, bits: int, out: Path, *, on_progress: Tell, stop: threading.Event) -> Path | None:
    """`folder`'s model in `bits` (4 or 8) as the folder `out`; None where it was stopped. Raises AdCopyError."""
    report = check_folder(folder)
    if report.problem:
        raise AdCopyError(f"chatglm.{report.problem.code}", **report.problem.params)
    if report.kind != "model" or (report.bits, bits) not in _LEFT:
        raise AdCopyError("model_library.cannot_convert", name=folder.name, found=report.bits, bits=bits)
    if out.exists():
        raise AdCopyError("model_library.name_taken", name=out.name)
    part = out.with_name(f".{out.name}.part")
    with writing(out.parent):
        shutil.rmtree(part, ignore_errors=True)
        check_room(out.parent, int(report.size_bytes * _LEFT[report.bits, bits]))
        part.mkdir()
        try:
            if _write(folder, (report.bits, bits), part, report.size_bytes, on_progress, stop):
                part.replace(out)
                return out
            return None
        except ChatGLMError as error:
            raise AdCopyError(f"chatglm.{error.code}", **error.params) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _write(
    folder: Path, stored_and_wanted: tuple[int, int], part: Path, size: int, tell: Tell, stop: threading.Event
) -> bool:
    stored, bits = stored_and_wanted
    parts = _Parts(part)
    read = 0
    ready = _starts_here()
    for name, weight, bytes_read in _converted(folder, stored, bits, ready):
        if stop.is_set():
            return False
        parts.add(name, _packed(name, weight) if bits == 4 and ready else weight)
        read += bytes_read
        tell(Progress("converting", read, size, name))
    parts.finish()
    config = {**read_config(folder), "quantization_bit": bits}
    (part / "config.json").write_text(json.dumps(config, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for name in _BESIDE:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, part / name)
    return True


def _converted(folder: Path, stored: int, bits: int, ready: bool) -> Iterator[tuple[str, torch.Tensor, int]]:
    """Every weight of the result, and how much of the source was read for it; a head that is the embedding is left
    out, for the loader ties them, or is there in 8 bits where the processor has to be `ready` at once."""
    from lib_adcopy.chatglm.load import read_weights

    waiting: dict[str, torch.Tensor] = {}
    tied = _tied(folder)
    for name, weight in read_weights(folder):
        owner, _, leaf = name.rpartition(".")
        if tied and owner == "lm_head":
            continue
        if tied and ready and name == _EMBEDDING and weight.is_floating_point():
            yield from _quantised("lm_head", weight, 8, 0)
        if owner.rpartition(".")[2] not in _BLOCKS or leaf == "bias":
            yield name, weight, weight.nbytes
        elif weight.is_floating_point() and leaf == "weight":
            yield from _quantised(owner, weight, bits, weight.nbytes)
        else:
            # A quantised weight and its scale come one after the other, in either order.
            waiting[name] = weight
            if f"{owner}.weight" in waiting and f"{owner}.weight_scale" in waiting:
                packed, scale = waiting.pop(f"{owner}.weight"), waiting.pop(f"{owner}.weight_scale")
                yield from _again(owner, packed, scale, stored, bits)


def _tied(folder: Path) -> bool:
    """Whether the embedding is the head too: a file without a head, with the same once more, or with it in 8 bits."""
    import torch

    from lib_adcopy.chatglm.load import read_weight, read_weights

    names = {name for name, _ in read_weights(folder)}
    if _EMBEDDING not in names:
        return False
    if _HEAD not in names:
        return True
    head, embedding = read_weight(folder, _HEAD), read_weight(folder, _EMBEDDING)
    if head.is_floating_point() != embedding.is_floating_point():
        return True
    return head.dtype == embedding.dtype and torch.equal(head, embedding)


def _quantised(owner: str, weight: torch.Tensor, bits: int, read: int) -> Iterator[tuple[str, torch.Tensor, int]]:
    from lib_adcopy.chatglm.quantisation import quantise_in_slices

    packed, scale = quantise_in_slices(weight, bits, weight.device)
    yield f"{owner}.weight", packed, read
    yield f"{owner}.weight_scale", scale, 0


def _again(
    owner: str, packed: torch.Tensor, scale: torch.Tensor, stored: int, bits: int
) -> Iterator[tuple[str, torch.Tensor, int]]:
    """A weight that is quantised already: as it is, or from 8 bits to 4."""
    import torch

    from lib_adcopy.chatglm.quantisation import dequantise

    size = packed.nbytes + scale.nbytes
    if stored == bits:
        yield f"{owner}.weight", packed, size
        yield f"{owner}.weight_scale", scale, 0
    else:
        yield from _quantised(owner, dequantise(packed, scale, stored, torch.float32), bits, size)


def _starts_here() -> bool:
    """Whether this machine's models run where weights that are ready start at once: no card, a fitting product."""
    import torch

    from lib_adcopy.chatglm.kernels import weight_layout

    card = torch.cuda.is_available() or torch.backends.mps.is_available()
    return not card and weight_layout.here() is not None


def _packed(name: str, weight: torch.Tensor) -> torch.Tensor:
    from lib_adcopy.chatglm.kernels import weight_layout

    owner, _, leaf = name.rpartition(".")
    block = owner.rpartition(".")[2] in _BLOCKS and leaf == "weight"
    return weight_layout.prepared(weight) if block and not weight.is_floating_point() else weight


class _Parts:
    """The result's files, each written when it is full."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, torch.Tensor] = {}
        self._size = 0
        self._names: dict[str, int] = {}
        self._total = self._count = 0

    def add(self, name: str, weight: torch.Tensor) -> None:
        if self._size and self._size + weight.nbytes > _PART_BYTES:
            self._flush()
        # A copy: a source's tensor keeps the whole of its file in memory.
        self._held[name] = weight.clone().contiguous()
        self._size += weight.nbytes

    def finish(self) -> None:
        self._flush()
        for number in range(1, self._count + 1):
            (self._folder / f"{number}.safetensors").replace(self._folder / self._file(number))
        index = {
            "metadata": {"total_size": self._total},
            "weight_map": {name: self._file(number) for name, number in self._names.items()},
        }
        (self._folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")

    def _file(self, number: int) -> str:
        return f"model-{number:05}-of-{self._count:05}.safetensors"

    def _flush(self) -> None:
        from lib_adcopy.chatglm.save import save_aligned

        self._count += 1
        save_aligned(self._held, self._folder / f"{self._count}.safetensors")
        self._names |= dict.fromkeys(self._held, self._count)
        self._total += self._size
        self._held, self._size = {}, 0
