"""From a platform's format to sizes a checkpoint can draw: a first pass, hires fix, and the format itself.

SD1.5 was trained at 512 pixels: much beyond it on both sides it draws the subject twice. SDXL wants about a megapixel.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lib_adcopy.errors import AdCopyError

DEFAULT_FORMAT = "xiaohongshu-3:4"
_PIXELS = {"SD1": 512 * 640, "SD2": 768 * 768, "SDXL": 1024 * 1024}
_LONGEST = {"SD1": 768, "SD2": 1024, "SDXL": 1536}
_STEP = 64
_MOST_SCALE = 2.0
# A longer strip than this a checkpoint fills with the subject again and again: the rest is cropped or extended.
_MOST_RATIO = 1.8
# What may be cropped off a side before it is better to extend the background.
_CROP_AT_MOST = 0.12


@dataclass(frozen=True)
class SizePlan:
    """First pass `width` x `height` in pixels, `scale` for hires fix (1.0 for none), `final` (width, height) of the
    format; `fit` says how the picture reaches it: "crop", or "extend" where cropping would cut into the product."""

    width: int
    height: int
    scale: float
    final: tuple[int, int]
    fit: str = "crop"

    @property
    def hires(self) -> bool:
        """Whether a second pass is worth its time."""
        return self.scale > 1.0


@cache
def formats() -> dict[str, tuple[int, int]]:
    """Format name -> (width, height) in pixels."""
    stored = json.loads((Path(__file__).parent / "data" / "formats.json").read_text(encoding="utf-8"))
    return {name: (size[0], size[1]) for name, size in stored.items()}


def plan_size(format_name: str, base: str) -> SizePlan:
    """How to draw for a format with a checkpoint of `base` ("SD1", "SD2", "SDXL", anything else as SD1)."""
    final = formats().get(format_name)
    if final is None:
        raise AdCopyError("prompting.unknown_format", name=format_name)
    kind = base if base in _PIXELS else "SD1"
    wanted = final[0] / final[1]
    ratio = min(max(wanted, 1 / _MOST_RATIO), _MOST_RATIO)
    width = math.sqrt(_PIXELS[kind] * ratio)
    height = width / ratio
    shrink = min(1.0, _LONGEST[kind] / max(width, height))
    first = (_rounded(width * shrink), _rounded(height * shrink))
    scale = max(final[0] / first[0], final[1] / first[1])
    # Rounded up: a picture a pixel short of its format would have to be stretched.
    scale = min(max(math.ceil(scale * 100) / 100, 1.0), _MOST_SCALE)
    drawn = first[0] / first[1]
    cut = 1 - min(drawn, wanted) / max(drawn, wanted)
    return SizePlan(*first, scale=scale, final=final, fit="crop" if cut <= _CROP_AT_MOST else "extend")


def _rounded(pixels: float) -> int:
    return max(_STEP, round(pixels / _STEP) * _STEP)
