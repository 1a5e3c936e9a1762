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


@dataclass(frozen=True)
class SizePlan:
    """First pass `width` x `height` in pixels, `scale` for hires fix, `final` (width, height) of the format."""

    width: int
    height: int
    scale: float
    final: tuple[int, int]


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
    ratio = final[0] / final[1]
    width = math.sqrt(_PIXELS[kind] * ratio)
    height = width / ratio
    shrink = min(1.0, _LONGEST[kind] / max(width, height))
    first = (_rounded(width * shrink), _rounded(height * shrink))
    scale = max(final[0] / first[0], final[1] / first[1])
    return SizePlan(*first, scale=round(min(max(scale, 1.0), _MOST_SCALE), 2), final=final)


def _rounded(pixels: float) -> int:
    return max(_STEP, round(pixels / _STEP) * _STEP)
