"""Plans the sizes a checkpoint can draw for a platform's format: a first pass, hires fix, and the format itself.

SD1.5 was trained at 512 pixels: much beyond it on both sides it draws the subject twice. SDXL wants about a megapixel.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError

_PIXELS = {"SD1": 512 * 640, "SD2": 768 * 768, "SDXL": 1024 * 1024}
_LONGEST = {"SD1": 768, "SD2": 1024, "SDXL": 1536}
_STEP = 64
_MOST_SCALE = 2.0
# Less than this the poster enlarges unseen; a second pass would only take its time.
_WORTH_SCALE = 1.1
# A longer strip than this a checkpoint fills with the subject again and again: the rest is cropped or extended.
_MOST_RATIO = 1.8
# The most pixels a side of the first pass may be asked for.
_SIDE_AT_MOST = 2048


@dataclass(frozen=True)
class SizePlan:
    """First pass `width` x `height` in pixels, `scale` for hires fix (1.0 for none), `final` (width, height) of the
    format, for which the poster crops or extends what is drawn."""

    width: int
    height: int
    scale: float
    final: tuple[int, int]


@cache
def formats() -> dict[str, tuple[int, int]]:
    """Format name -> (width, height) in pixels."""
    return {name: (stored["size"][0], stored["size"][1]) for name, stored in format_data().items()}


@cache
def format_data() -> dict[str, dict[str, Any]]:
    """Format name -> what formats.json says of it; creative/formats.py reads the platform's limits from it."""
    found: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "formats.json").read_text(encoding="utf-8"))[
        "formats"
    ]
    return found


def plan_size(format_name: str, base: str, recommended: tuple[int, int] = (0, 0)) -> SizePlan:
    """Return how to draw for a format with a checkpoint of `base` ("SD1", "SD2", "SDXL", anything else as SD1).

    A size that a style recommends says how many pixels the first pass has; its shape is always the format's.
    """
    final = formats().get(format_name)
    if final is None:
        raise AdCopyError("prompting.unknown_format", name=format_name)
    kind = base if base in _PIXELS else "SD1"
    ratio = min(max(final[0] / final[1], 1 / _MOST_RATIO), _MOST_RATIO)
    pixels, longest = (math.prod(recommended), _SIDE_AT_MOST) if all(recommended) else (_PIXELS[kind], _LONGEST[kind])
    width, height = _first_pass(ratio, pixels, longest)
    scale = max(final[0] / width, final[1] / height)
    # Rounded up: a picture a pixel short of its format would have to be stretched.
    wanted = math.ceil(scale * 100) / 100 if scale > _WORTH_SCALE else 1.0
    return SizePlan(width, height, min(wanted, _MOST_SCALE), final)


def _first_pass(ratio: float, pixels: int, longest: int) -> tuple[int, int]:
    """Width and height in steps of 64 nearest to the ratio and, less strictly, to the number of pixels."""
    width = min(math.sqrt(pixels * ratio), longest, longest * ratio)
    near = product(_steps(width, longest), _steps(width / ratio, longest))
    return min(near, key=lambda size: _off(size[0] / size[1], ratio) + _off(math.prod(size), pixels) / 3)


def _steps(side: float, longest: int) -> tuple[int, int]:
    below = max(_STEP, int(side) // _STEP * _STEP)
    return below, min(below + _STEP, longest)


def _off(found: float, wanted: float) -> float:
    return abs(math.log(found / wanted))
