"""Describe where the user wants the language model, and what that needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.models import ModelEntry

DEVICES = ("auto", "cuda", "cpu")
POLICIES = ("auto", "swap", "keep", "cpu")
# A model larger than this on disk is 6B-sized: unquantised it fits neither a 12 GB GPU beside SD nor most RAM.
_QUANTISE_ABOVE = 6 * 2**30
# Size after quantising the blocks of a half-precision checkpoint; its embedding is not quantised.
_QUANTISED_SHARE = {4: 0.33, 8: 0.57}


@dataclass(frozen=True)
class ModelPlacement:
    """Describe where and how a model is loaded: `device` of DEVICES, `bits` 4, 8, 16 or 0 (by the model's size),
    `policy`.

    Policies: auto keeps both models on the GPU where they fit, swap never has both there, keep always, cpu leaves the
    GPU to the pictures.
    """

    device: str = "auto"
    bits: int = 0
    policy: str = "auto"

    def resolved(self, *, has_gpu: bool) -> ModelPlacement:
        """Return it with `device` cuda or cpu. Raises AdCopyError for cuda without a GPU."""
        if self.device == "cuda" and not has_gpu:
            raise AdCopyError("model_library.no_cuda")
        on_gpu = has_gpu and self.device != "cpu" and self.policy != "cpu"
        return replace(self, device="cuda" if on_gpu else "cpu")


def quantisation(entry: ModelEntry, placement: ModelPlacement) -> int | None:
    """Return the bits a checkpoint is quantised to while it is read, None where it is taken as stored."""
    stored = entry.report.bits
    bits = placement.bits or (4 if stored > 8 and entry.report.size_bytes > _QUANTISE_ABOVE else 0)
    return bits if bits in _QUANTISED_SHARE and stored > 8 else None


def load_options(entry: ModelEntry, placement: ModelPlacement) -> dict[str, Any]:
    """Return chatglm's arguments for a resolved placement."""
    import torch

    bits = quantisation(entry, placement)
    # On a CPU half precision is slow and inexact, but chatglm's fast 4- and 8-bit products need bfloat16.
    is_quantised = bits is not None or entry.report.bits < 16
    dtype = torch.float16 if placement.device == "cuda" else torch.bfloat16 if is_quantised else torch.float32
    return {"device": placement.device, "dtype": dtype, "quantization_bit": bits}


def expected_bytes(entry: ModelEntry, placement: ModelPlacement) -> int:
    """Estimate the size of a model that is not loaded yet."""
    bits = quantisation(entry, placement)
    return int(entry.report.size_bytes * (_QUANTISED_SHARE[bits] if bits else 1))
