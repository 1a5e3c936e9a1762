"""Where the user wants the language model, and what that takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.models import ModelEntry

DEVICES = ("auto", "cuda", "cpu")
POLICIES = ("auto", "swap", "keep", "cpu")
# A model larger than this on disk is 6B-sized: unquantised it fits neither a 12 GB card beside SD nor most RAM.
_QUANTISE_ABOVE = 6 * 2**30
# What is left of a half-precision checkpoint whose blocks are quantised; its embedding is not.
_LEFT = {4: 0.33, 8: 0.57}


@dataclass(frozen=True)
class Placement:
    """`device` of DEVICES; `bits` 4, 8, 16 or 0 (chosen by the model's size); `policy` of POLICIES: auto keeps both
    models on the card where they fit, swap never has both there, keep always, cpu leaves the card to the pictures."""

    device: str = "auto"
    bits: int = 0
    policy: str = "auto"

    def resolved(self, *, card: bool) -> Placement:
        """With `device` cuda or cpu. Raises AdCopyError where a card was asked for and there is none."""
        if self.device == "cuda" and not card:
            raise AdCopyError("model_library.no_cuda")
        on_card = card and self.device != "cpu" and self.policy != "cpu"
        return replace(self, device="cuda" if on_card else "cpu")


def quantisation(entry: ModelEntry, placement: Placement) -> int | None:
    """The bits a checkpoint is quantised to while it is read, None where it is taken as it is stored."""
    stored = entry.report.bits
    bits = placement.bits or (4 if stored > 8 and entry.report.size_bytes > _QUANTISE_ABOVE else 0)
    return bits if bits in _LEFT and stored > 8 else None


def load_options(entry: ModelEntry, placement: Placement) -> dict[str, Any]:
    """chatglm's arguments for a resolved placement."""
    import torch

    bits = quantisation(entry, placement)
    # On a CPU half precision is slow and coarse, but bfloat16 is what chatglm's fast 4- and 8-bit products take.
    small = bits is not None or entry.report.bits < 16
    dtype = torch.float16 if placement.device == "cuda" else torch.bfloat16 if small else torch.float32
    return {"device": placement.device, "dtype": dtype, "quantization_bit": bits}


def expected_bytes(entry: ModelEntry, placement: Placement) -> int:
    """What a model not yet loaded will take."""
    bits = quantisation(entry, placement)
    return int(entry.report.size_bytes * (_LEFT[bits] if bits else 1))
