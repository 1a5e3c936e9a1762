"""Cut a product out of its photo by the best means there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from lib_adcopy.errors import AdCopyError
from lib_adcopy.photo.loading import Photo

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

# Longer side at which the product is found; its edge is refined at the photo's own size.
_WORKING_SIDE = 800
# Confidence below which the user should look at the mask.
ASK_BELOW = 0.6
# Part of the border that a ground must explain to be an even one, and the score its cut must reach.
_EVEN_SHARE, _EVEN_SCORE = 0.6, 0.75
# Takes an RGB picture, returns the product's share of each pixel, 0..1, at any size.
Segmenter = Callable[["np.ndarray"], "np.ndarray"]


@dataclass(frozen=True)
class Cutout:
    """A product out of its photo, at the photo's size.

    `alpha` (H, W) bytes, 255 where the product covers the pixel; `colours` (H, W, 3) bytes, the photo's own wherever
    alpha is 255; `method` is "alpha", "mask", "model", "even" or "cluttered"; `confidence` 0..1.
    """

    alpha: np.ndarray
    colours: np.ndarray
    method: str
    confidence: float

    @property
    def mask(self) -> Image:
        """Alpha as a picture (L)."""
        from PIL import Image

        return Image.fromarray(self.alpha)

    @property
    def is_sure(self) -> bool:
        return self.confidence >= ASK_BELOW


def cut_out(photo: Photo, mask: Image | None = None, segmenter: Segmenter | None = None) -> Cutout:
    """Cut the product out: by the user's mask, the photo's own transparency, a segmentation model, or by our own means.

    Raises AdCopyError where nothing was found and where OpenCV, which our own means need, is missing.
    """
    import numpy as np

    rgb = np.asarray(photo.image)
    if mask is not None:
        return Cutout(np.asarray(mask), _unmixed(rgb, np.asarray(mask)), "mask", 1.0)
    if photo.alpha is not None:
        return Cutout(np.asarray(photo.alpha), rgb, "alpha", 1.0)
    if not find_spec("cv2"):
        raise AdCopyError("photo.no_opencv")
    return _segmented(rgb, segmenter) if segmenter else _found(rgb)


def _unmixed(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Return the photo's colours without the old ground in the edge; as they are where OpenCV is missing."""
    if not find_spec("cv2"):
        return rgb
    from lib_adcopy.photo.cutout.edges import unmix

    return unmix(rgb, alpha)


def _found(rgb: np.ndarray) -> Cutout:
    from lib_adcopy.photo.cutout.cluttered import cut_cluttered
    from lib_adcopy.photo.cutout.edges import matte
    from lib_adcopy.photo.cutout.even import cut_even

    small = _working_size(rgb)
    even = cut_even(small)
    if even is not None and even.ground.share >= _EVEN_SHARE and even.score >= _EVEN_SCORE:
        mask, method, confidence = even.mask, "even", _even_confidence(even.score, even.ground.share)
    else:
        mask, clear = cut_cluttered(small)
        method, confidence = "cluttered", 0.7 * clear
        if not mask.any() and even is not None:
            mask, method, confidence = even.mask, "even", 0.3
    if not mask.any():
        raise AdCopyError("photo.nothing_found")
    alpha, colours = matte(rgb, mask)
    return Cutout(alpha, colours, method, confidence)


def _segmented(rgb: np.ndarray, segmenter: Segmenter) -> Cutout:
    import numpy as np

    from lib_adcopy.photo.cutout.edges import matte

    share = segmenter(rgb)
    mask = share > 0.5
    if not mask.any():
        raise AdCopyError("photo.nothing_found")
    alpha, colours = matte(rgb, mask)
    unsure = float(((share > 0.2) & (share < 0.8)).sum() / mask.sum())
    return Cutout(alpha, colours, "model", float(np.clip(1 - 2 * unsure, 0, 1)))


def _working_size(rgb: np.ndarray) -> np.ndarray:
    import cv2

    height, width = rgb.shape[:2]
    scale = _WORKING_SIDE / max(height, width)
    if scale >= 1:
        return rgb
    return cv2.resize(rgb, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)


def _even_confidence(score: float, share: float) -> float:
    """1 for an outline explained everywhere on a ground that fills the border."""
    import numpy as np

    return float(np.clip((score - 0.7) / 0.25, 0, 1) * np.clip((share - 0.4) / 0.4, 0, 1))
