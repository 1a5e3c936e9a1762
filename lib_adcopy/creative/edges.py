"""The edge of a cut-out that is to stand on a colour: no rim of its old ground, no jagged outline."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

# Of the picture's longer side, what a mask is drawn in by where nothing can refine it.
_DRAWN_IN = 1 / 700


def clean_edge(image: Image, mask: Image) -> tuple[Image, Image]:
    """Return colours (RGB) and mask (L) of a product, its edge matted anew and its old ground's colour taken out.

    Without OpenCV the mask is drawn in by a pixel or two instead.
    """
    import numpy as np
    from PIL import Image as Images
    from PIL import ImageFilter

    if find_spec("cv2") is None:
        reach = 2 * max(1, round(_DRAWN_IN * max(image.size))) + 1
        return image.copy(), mask.filter(ImageFilter.MinFilter(reach)).filter(ImageFilter.GaussianBlur(0.6))
    from lib_adcopy.photo.cutout.edges import matte

    alpha, colours = matte(np.asarray(image), np.asarray(mask) > 127)
    # Half a pixel less, and no steps along the outline.
    soft = np.asarray(Images.fromarray(alpha).filter(ImageFilter.GaussianBlur(0.9)), dtype=np.float32)
    drawn_in = np.clip((soft - 96) * 1.6, 0, 255).astype(np.uint8)
    return Images.fromarray(colours), Images.fromarray(np.minimum(drawn_in, alpha))
