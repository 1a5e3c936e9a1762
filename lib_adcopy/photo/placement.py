"""Describe where on the canvas the product stands, how large, and on which line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from lib_adcopy.domain.photo import KINDS

if TYPE_CHECKING:
    from PIL.Image import Image

    from lib_adcopy.photo.cutout import Cutout

Box = tuple[int, int, int, int]
# Largest share of the slot's width and height that a product takes, and the line it stands on (share of the height).
_SHARE = {"standing": (0.74, 0.70), "hanging": (0.78, 0.74), "lying": (0.78, 0.74), "worn": (0.96, 0.96)}
_FOOT = 0.88
_ON_WHITE = 0.86
_SCALES = (0.1, 4.0)
# Alpha below which a pixel does not count for the product's extent.
_SEEN = 16
_CLOTHES = "clothing"


@dataclass(frozen=True)
class Placement:
    """The user's wishes: `scale` times the size found, `shift` in shares of the canvas, `rotation` in degrees
    counter-clockwise, `flip` left to right."""

    kind: str = "standing"
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0
    flip: bool = False

    def checked(self) -> Placement:
        """Return the placement with every value inside its range."""
        low, high = _SCALES
        return replace(
            self,
            kind=self.kind if self.kind in KINDS else KINDS[0],
            scale=min(max(float(self.scale), low), high),
            shift=(min(max(self.shift[0], -1.0), 1.0), min(max(self.shift[1], -1.0), 1.0)),
            rotation=float(self.rotation) % 360,
        )


@dataclass(frozen=True)
class Placed:
    """A cut-out at the size it is pasted.

    `product` is RGBA and exactly as large as `box` (x0, y0, x1, y1 on the canvas); `ground_line` is the y it stands on,
    `enlarged` how many times its pixels were enlarged.
    """

    product: Image
    box: Box
    size: tuple[int, int]
    ground_line: int
    kind: str
    enlarged: float


def kind_of(category: str) -> str:
    """Return how products of a category are usually shown."""
    return "hanging" if category == _CLOTHES else "standing"


def place(
    cutout: Cutout, size: tuple[int, int], placement: Placement | None = None, *, slot: Box | None = None,
    white: bool = False,
) -> Placed:  # fmt: skip
    """Scale and position a cut-out on a canvas of `size` within `slot` (the whole canvas by default).

    `white` is the platforms' main picture: in the middle, 86 % of the side that binds.
    """
    from PIL import Image

    wish = (placement or Placement()).checked()
    x0, y0, x1, y1 = slot or (0, 0, *size)
    product = _trimmed(cutout, wish)
    share_x, share_y = (_ON_WHITE, _ON_WHITE) if white else _SHARE[wish.kind]
    factor = min((x1 - x0) * share_x / product.width, (y1 - y0) * share_y / product.height) * wish.scale
    factor = min(factor, 1.6 * max(size) / max(product.size))
    width, height = max(1, round(product.width * factor)), max(1, round(product.height * factor))
    # Premultiplied, so that colours under transparency do not bleed in.
    resized = product.convert("RGBa").resize((width, height), Image.Resampling.LANCZOS).convert("RGBA")
    left = (x0 + x1 - width) / 2 + wish.shift[0] * size[0]
    if white or wish.kind != "standing":
        top = (y0 + y1 - height) / 2
    else:
        # Something flat stands nearer to the middle than something tall.
        foot = y0 + _FOOT * (y1 - y0) - 0.3 * max(0.0, share_y * (y1 - y0) - height)
        top = foot - height
    top += wish.shift[1] * size[1]
    return _on_canvas(resized, round(left), round(top), size, wish.kind, factor)


def free_slot(size: tuple[int, int], taken: Sequence[Box]) -> Box:
    """Return the largest rectangle of the canvas that none of the boxes (a layout's text) touches."""
    width, height = size
    xs = sorted({0, width, *(x for box in taken for x in (box[0], box[2]) if 0 < x < width)})
    ys = sorted({0, height, *(y for box in taken for y in (box[1], box[3]) if 0 < y < height)})
    best = (0, 0, width, height)
    area = -1
    for x0, x1 in combinations(xs, 2):
        for y0, y1 in combinations(ys, 2):
            if (x1 - x0) * (y1 - y0) > area and not any(
                box[0] < x1 and box[2] > x0 and box[1] < y1 and box[3] > y0 for box in taken
            ):
                best, area = (x0, y0, x1, y1), (x1 - x0) * (y1 - y0)
    return best


def _trimmed(cutout: Cutout, wish: Placement) -> Image:
    """Return the cut-out turned as wished and cropped to what is seen of it (RGBA)."""
    import numpy as np
    from PIL import Image, ImageOps

    image = Image.fromarray(np.dstack([cutout.colours, cutout.alpha]), "RGBA")
    image = image.crop(_seen(image))
    if wish.flip:
        image = ImageOps.mirror(image)
    if wish.rotation:
        image = image.convert("RGBa").rotate(wish.rotation, Image.Resampling.BICUBIC, expand=True).convert("RGBA")
        image = image.crop(_seen(image))
    return image


def _seen(image: Image) -> Box:
    alpha = image.getchannel("A").point(lambda value: 255 if value >= _SEEN else 0)
    return alpha.getbbox() or (0, 0, *image.size)


def _on_canvas(product: Image, left: int, top: int, size: tuple[int, int], kind: str, factor: float) -> Placed:
    """Return the placed product, cut off where it leaves the canvas; at least a corner of it stays."""
    left = min(max(left, 1 - product.width), size[0] - 1)
    top = min(max(top, 1 - product.height), size[1] - 1)
    foot = top + product.height
    box = (max(left, 0), max(top, 0), min(left + product.width, size[0]), min(foot, size[1]))
    part = product.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    return Placed(part, box, size, foot, kind, factor)
