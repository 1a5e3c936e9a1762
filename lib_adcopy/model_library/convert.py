"""Converts a model folder to int4 or int8 safetensors, for a start that reads a fraction of the bytes.

On a machine without a GPU the result starts as it is: int4 weights in the order the processor multiplies from
(kernels/weight_layout.py), which any other machine turns back, and an 8-bit head beside the embedding, which any other
ignores.

Weights are read one by one and written in parts of about a gigabyte: no more than one of the source's files and one
part are in memory. The folder appears when all of it is on the disk.
"""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.chatglm import ChatGLMError, check_folder
from lib_adcopy.chatglm.config import read_config
from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.disk import check_free_space, disk_errors_reported
from lib_adcopy.model_library.progress import OnProgress, WorkProgress
from lib_adcopy.model_library.work_folder import WorkFolder
from lib_adcopy.storage.atomic import is_leftover, sync_file, write_atomic

if TYPE_CHECKING:
    import torch

_PART_BYTES = 2**30
_BLOCKS = ("query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h")
_EMBEDDING, _HEAD = "transformer.word_embeddings.weight", "lm_head.weight"
# Size of the result as a share of the source's, by the bits of both; the embedding and the head stay as they are.
_SIZE_RATIO = {(16, 8): 0.59, (16, 4): 0.36, (8, 8): 1.08, (8, 4): 0.66, (4, 4): 1.14}
_COPIED_FILES = ("ice_text.model", "tokenizer_config.json", "LICENSE", "MODEL_LICENSE", "README.md")
_INDEX = "model.safetensors.index.json"
# Names that a killed conversion may have left in its work folder.
_OWN_FILES = re.compile(r"(model-\d{5}-of-\d{5}|\d+)\.safetensors")


def convert(folder: Path, bits: int, out: Path, *, on_progress: OnProgress, stop: threading.Event) -> Path | None:
    """Write the model in `folder` with `bits` (4 or 8) as the folder `out`; None where stopped. Raises AdCopyError."""
    report = check_folder(folder)
    if report.problem:
        raise AdCopyError(f"chatglm.{report.problem.code}", **report.problem.params)
    if report.kind != "model" or (report.bits, bits) not in _SIZE_RATIO:
        raise AdCopyError("model_library.cannot_convert", name=folder.name, found=report.bits, bits=bits)
    work = WorkFolder(out)
    if out.exists():
        # Killed between the last two steps, an earlier try left its empty work folder.
        work.remove(())
        raise AdCopyError("model_library.name_taken", name=out.name)
    with disk_errors_reported(out.parent):
        work.open()
        try:
            # Of a conversion that was killed nothing can be gone on with.
            _remove_own_files(work.result)
            check_free_space(out.parent, int(report.size_bytes * _SIZE_RATIO[report.bits, bits]))
            if _write(folder, (report.bits, bits), work.result, report.size_bytes, on_progress, stop):
                return work.publish()
            return None
        except ChatGLMError as error:
            raise AdCopyError(f"chatglm.{error.code}", **error.params) from error
        finally:
            if work.path.exists():
                _remove_own_files(work.result)
                work.remove(())


def _remove_own_files(result: Path) -> None:
    for file in result.iterdir() if result.exists() else ():
        if file.name in (*_COPIED_FILES, "config.json", _INDEX) or _OWN_FILES.fullmatch(file.name) or is_leftover(file):
            file.unlink(missing_ok=True)


def _write(
    folder: Path, bits: tuple[int, int], result: Path, size: int, on_progress: OnProgress, stop: threading.Event
) -> bool:
    """Write the whole folder; `bits` are the source's and the result's. False where it was stopped."""
    stored, wanted = bits
    parts = _Parts(result)
    bytes_read = 0
    for_processor = _starts_on_processor()
    for name, weight, source_bytes in _converted(folder, stored, wanted, for_processor):
        if stop.is_set():
            return False
        parts.add(name, _in_layout(name, weight) if wanted == 4 and for_processor else weight)
        bytes_read += source_bytes
        on_progress(WorkProgress("converting", bytes_read, size, name))
    parts.finish()
    for name in _COPIED_FILES:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, result / name)
            sync_file(result / name)
    config = {**read_config(folder), "quantization_bit": wanted}
    write_atomic(result / "config.json", json.dumps(config, ensure_ascii=False, indent=2) + "\n")
    return True


def _converted(
    folder: Path, stored: int, bits: int, for_processor: bool
) -> Iterator[tuple[str, torch.Tensor, int]]:
    """Yield every weight of the result, and how many bytes of the source were read for it.

    A head that is the embedding is left out, for the loader ties them, or is there in 8 bits `for_processor`.
    """
    from lib_adcopy.chatglm.load import read_weights

    waiting: dict[str, torch.Tensor] = {}
    tied = _is_tied(folder)
    for name, weight in read_weights(folder):
        owner, _, leaf = name.rpartition(".")
        if tied and owner == "lm_head":
            continue
        if tied and for_processor and name == _EMBEDDING and weight.is_floating_point():
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
                yield from _requantised(owner, packed, scale, stored, bits)


def _is_tied(folder: Path) -> bool:
    """Tell whether the embedding is the head too: there is no head, the same weight again, or it in 8 bits."""
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


def _quantised(
    owner: str, weight: torch.Tensor, bits: int, source_bytes: int
) -> Iterator[tuple[str, torch.Tensor, int]]:
    from lib_adcopy.chatglm.quantisation import quantise_in_slices

    packed, scale = quantise_in_slices(weight, bits, weight.device)
    yield f"{owner}.weight", packed, source_bytes
    yield f"{owner}.weight_scale", scale, 0


def _requantised(
    owner: str, packed: torch.Tensor, scale: torch.Tensor, stored: int, bits: int
) -> Iterator[tuple[str, torch.Tensor, int]]:
    """Yield a quantised weight as it is, or from 8 bits to 4."""
    import torch

    from lib_adcopy.chatglm.quantisation import dequantise

    size = packed.nbytes + scale.nbytes
    if stored == bits:
        yield f"{owner}.weight", packed, size
        yield f"{owner}.weight_scale", scale, 0
    else:
        yield from _quantised(owner, dequantise(packed, scale, stored, torch.float32), bits, size)


def _starts_on_processor() -> bool:
    """Tell whether models run on this machine's processor, by a product that multiplies from prepared weights."""
    import torch

    from lib_adcopy.chatglm.kernels import weight_layout

    gpu = torch.cuda.is_available() or torch.backends.mps.is_available()
    return not gpu and weight_layout.native_layout() is not None


def _in_layout(name: str, weight: torch.Tensor) -> torch.Tensor:
    """Return a block's quantised weight in the order this processor multiplies from, any other weight as it is."""
    from lib_adcopy.chatglm.kernels import weight_layout

    owner, _, leaf = name.rpartition(".")
    in_block = owner.rpartition(".")[2] in _BLOCKS and leaf == "weight"
    return weight_layout.to_native(weight) if in_block and not weight.is_floating_point() else weight


class _Parts:
    """The result's weight files, each written when it is full."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._weights: dict[str, torch.Tensor] = {}
        self._size = 0
        self._part_of: dict[str, int] = {}
        self._total = self._count = 0

    def add(self, name: str, weight: torch.Tensor) -> None:
        if self._size and self._size + weight.nbytes > _PART_BYTES:
            self._flush()
        # A copy: a source's tensor keeps the whole of its file in memory.
        self._weights[name] = weight.clone().contiguous()
        self._size += weight.nbytes

    def finish(self) -> None:
        """Write the last part, the final names and the index."""
        self._flush()
        for number in range(1, self._count + 1):
            (self._folder / f"{number}.safetensors").replace(self._folder / self._file(number))
        index = {
            "metadata": {"total_size": self._total},
            "weight_map": {name: self._file(number) for name, number in self._part_of.items()},
        }
        write_atomic(self._folder / _INDEX, json.dumps(index, indent=1))

    def _file(self, number: int) -> str:
        return f"model-{number:05}-of-{self._count:05}.safetensors"

    def _flush(self) -> None:
        from lib_adcopy.chatglm.save import save_aligned

        self._count += 1
        file = self._folder / f"{self._count}.safetensors"
        save_aligned(self._weights, file)
        sync_file(file)
        self._part_of |= dict.fromkeys(self._weights, self._count)
        self._total += self._size
        self._weights, self._size = {}, 0
