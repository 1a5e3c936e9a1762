"""The finished picture: scene, shadow and product, the product pasted last and unchanged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from lib_adcopy.photo.checks import is_exact
from lib_adcopy.photo.colour import ground_colour
from lib_adcopy.photo.cutout import Cutout
from lib_adcopy.photo.grain import match_grain
from lib_adcopy.photo.grounds import WHITE, Canvas, draw_ground
from lib_adcopy.photo.placement import Box, Placed, Placement, place
from lib_adcopy.photo.shadow import cast_shadow, wrap_edges

# A share of the light whose loss changes no level of 255.
_UNSEEN = 0.002


@dataclass(frozen=True)
class PhotoPicture:
    """`image` RGB; `placed` holds the cut-out as it was pasted and its box; `exact` says that every pixel the cut-out
    covers fully stands unchanged in the image; `scene` names the ground, or is the prompt that drew the scene."""

    image: Image.Image
    placed: Placed
    exact: bool
    scene: str

    @property
    def box(self) -> Box:
        return self.placed.box

    @property
    def mask(self) -> Image.Image:
        """The product in the picture (L, the picture's size, white = product)."""
        mask = Image.new("L", self.image.size, 0)
        mask.paste(self.placed.product.getchannel("A"), self.placed.box[:2])
        return mask


def on_drawn_ground(
    cutout: Cutout,
    size: tuple[int, int],
    ground: str = WHITE,
    placement: Placement | None = None,
    *,
    slot: Box | None = None,
    shadow: bool | None = None,
    seed: int = 0,
) -> PhotoPicture:
    """Put a cut-out on a ground drawn without a model.

    `shadow` None leaves the platforms' white ground pure and gives every other one a shadow.
    """
    white = ground == WHITE
    placed = place(cutout, size, placement, slot=slot, white=white)
    random = np.random.default_rng(seed)
    light = -1 if seed % 2 == 0 else 1
    colour = np.ones(3) if white else ground_colour(cutout.colours, cutout.alpha)
    scene = Image.fromarray(draw_ground(ground, Canvas(size, colour, placed.ground_line, light, random)))
    shadowed = not white if shadow is None else shadow
    return finish(scene, placed, ground, shadow=shadowed, light=light)


def _shade(image: Image.Image, lost: np.ndarray) -> None:
    """Take `lost` (H, W), a share of the light, from the picture, in place; only rows that lose any are computed."""
    rows = np.flatnonzero((lost > _UNSEEN).any(1))
    if not len(rows):
        return
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    part = image.crop((0, top, image.width, bottom))
    shaded = np.asarray(part).astype(np.float32) * (1 - lost[top:bottom, :, None])
    image.paste(Image.fromarray((shaded + 0.5).astype(np.uint8)), (0, top))


def finish(
    scene: Image.Image, placed: Placed, name: str, *, shadow: bool = True, light: int = -1
) -> PhotoPicture:
    """Shade the scene and paste the product on it; `scene` has the canvas' size and may hold an older product."""
    image = scene.convert("RGB") if name == WHITE else match_grain(scene.convert("RGB"), placed)
    if shadow:
        _shade(image, cast_shadow(placed, light))
    product = wrap_edges(placed, image)
    image.paste(product, placed.box[:2], product.getchannel("A"))
    return PhotoPicture(image, placed, is_exact(image, placed), name)
