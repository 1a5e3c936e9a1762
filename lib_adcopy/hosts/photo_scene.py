"""A request to draw a scene around a product that stays unchanged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lib_adcopy.hosts.base import DrawRequest

if TYPE_CHECKING:
    from PIL.Image import Image

# Called with every finished picture before the host saves it: pastes the product into it, in place, and returns the
# texts that are to stand in the file beside the request's own chunks.
Finish = Callable[["Image"], Mapping[str, str]]


@dataclass(frozen=True)
class ControlUnit:
    """One unit of ControlNet: a preprocessor and a model by the names the host lists them with."""

    module: str
    model: str
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class SceneRequest(DrawRequest):
    """An img2img run in which only the scene is drawn.

    `canvas` is RGB, as large as the settings say, with the product in its place; `draw_mask` (L, the same size) is
    white where the scene is drawn. `denoising` 0..1 is how much of the canvas the scene may change. `controls` are
    used where the host has ControlNet.
    """

    canvas: Image
    draw_mask: Image
    finish: Finish
    denoising: float = 0.95
    controls: tuple[ControlUnit, ...] = field(default=())
