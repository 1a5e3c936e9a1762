"""The seller's photo of a product and the scene that is drawn around it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.domain.fields import setting

if TYPE_CHECKING:
    from PIL.Image import Image

# The scene and the way to show a product that suit its category.
AUTO = "auto"
KINDS = ("standing", "hanging", "lying", "worn")


@dataclass(frozen=True)
class ProductPhoto:
    """`file` is the photo; `mask` (L, the photo's upright size, white = product) the cut-out as the user mended it,
    None for what is found; `reference` a picture whose ground the scene begins with. `kept` is the name of the
    copy beside the creatives made of it, "" while there is none."""

    file: Path
    mask: Image | None = None
    reference: Path | None = None
    kept: str = ""


@dataclass(frozen=True)
class SceneChoice:
    """Describe where the product of a photo is set, and how large.

    `words` are the user's own for the scene; `preset` is one by its name, "auto" takes what suits the category. `scale`
    is times the size found, `x` and `y` move the product by shares of the picture, `rotation` turns it by degrees
    counter-clockwise. `strength` 0..1 is how much the host may change of the ground the scene begins with.
    """

    words: str = setting("", name="photo_scene", flag="--photo-scene")
    preset: str = setting(AUTO, name="scene_preset", offered_by="scenes", flag="--scene-preset")
    kind: str = setting(AUTO, name="photo_kind", choices=(AUTO, *KINDS), words="photo_kinds", flag="--photo-kind")
    scale: float = setting(1.0, name="photo_scale", least=0.3, most=2.0, step=0.05, flag="--photo-scale")
    x: float = setting(0.0, name="photo_x", least=-0.5, most=0.5, step=0.01, flag="--photo-x")
    y: float = setting(0.0, name="photo_y", least=-0.5, most=0.5, step=0.01, flag="--photo-y")
    rotation: float = setting(0.0, name="photo_rotation", least=-180, most=180, step=1, flag="--photo-rotation")
    flip: bool = setting(False, name="photo_flip", flag="--photo-flip")
    strength: float = setting(0.95, name="scene_strength", least=0.3, most=1.0, step=0.01, flag="--scene-strength")
