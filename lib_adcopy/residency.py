"""Which language model is loaded, and where. The policy lives here; chatglm does the moving."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.library.models import ModelEntry

if TYPE_CHECKING:
    from lib_adcopy.chatglm import ChatModel

_log = logging.getLogger("adcopy.residency")
DEVICES = ("auto", "cuda", "cpu")
# A model larger than this on disk is 6B-sized: unquantised it fits neither a 12 GB card beside SD nor most RAM.
_QUANTISE_ABOVE = 6 * 2**30


@dataclass(frozen=True)
class Placement:
    """Where and how small: `device` of DEVICES, `bits` 4, 8, 16 or 0 (chosen by the model's size)."""

    device: str = "auto"
    bits: int = 0


class Residency:
    """Holds at most one loaded model. Safe to call from any thread; loading waits for whoever loads already."""

    def __init__(self, opener: Callable[..., ChatModel] | None = None) -> None:
        self._open = opener or _open_chat_model
        self._lock = threading.Lock()
        self._loaded: tuple[Path, Placement, ChatModel] | None = None

    @property
    def loaded(self) -> Path | None:
        """The folder of the model that is loaded, None where none is."""
        held = self._loaded
        return held[0] if held else None

    @property
    def placement(self) -> Placement:
        """How the loaded model was placed, the default where none is loaded."""
        held = self._loaded
        return held[1] if held else Placement()

    def model(self, entry: ModelEntry, placement: Placement) -> ChatModel:
        """The model of `entry`, loaded now if it is not yet; another one is let go first."""
        with self._lock:
            if self._loaded and self._loaded[:2] == (entry.folder, placement):
                return self._loaded[2]
            self._release()
            model = self._open(entry.folder, **_load_options(entry, placement))
            self._loaded = (entry.folder, placement, model)
            return model

    def unload(self) -> None:
        """Let the model go; nothing happens where none is loaded."""
        with self._lock:
            self._release()

    def on_gpu(self) -> bool:
        held = self._loaded
        return held is not None and held[2].device.type != "cpu"

    def _release(self) -> None:
        if self._loaded:
            _log.info("unloading %s", self._loaded[0].name)
            self._loaded[2].close()
            self._loaded = None


def _load_options(entry: ModelEntry, placement: Placement) -> dict[str, Any]:
    import torch

    device = placement.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise AdCopyError("library.no_cuda")
    bits = placement.bits or (4 if entry.report.bits > 8 and entry.report.size_bytes > _QUANTISE_ABOVE else 0)
    quantise = bits if bits in (4, 8) and entry.report.bits > 8 else None
    # Half precision on a CPU is slow and coarse; a quantised model's activations are chatglm's own choice.
    dtype = torch.float16 if device == "cuda" else torch.bfloat16 if quantise else torch.float32
    return {"device": device, "dtype": dtype, "quantization_bit": quantise}


def _open_chat_model(folder: Path, **options: Any) -> ChatModel:
    from lib_adcopy.chatglm import ChatModel

    return ChatModel.open(folder, **options)
