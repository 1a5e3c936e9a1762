"""A picture and what a layout has to know of it: analysed once, small."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative import saliency
from lib_adcopy.creative.colour import RGB
from lib_adcopy.creative.edges import clean_edge
from lib_adcopy.creative.lifting import lift
from lib_adcopy.photo.loading import rights_of

if TYPE_CHECKING:
    from PIL.Image import Image

Fraction = tuple[float, float, float, float]
_SIDE = 192
# How far borders may be from the ground they suggest, in 0-255, for it to count as plain.
_PLAIN = 11.0
# How far a plain ground's colour may go from its darkest to its lightest part, in 0-255.
_EVEN = 68.0
# Fewer salient pixels of the small copy are no product.
_FEW = 200
# The gradient in the ring along the borders, in 0-255 a pixel of the small copy, up to which it counts as plain.
_TEXTURE = 3.6


@dataclass(frozen=True)
class Analysis:
    """`saliency` and `gradient` are (h, w) in 0-1; `subject` is the subject's box as fractions of the sides.

    `plain` says that the picture's ground is one smooth colour, `ground`. `colours` are (colour, share) by weight;
    `faces` are boxes like the subject's.
    """

    saliency: Any
    gradient: Any
    subject: Fraction
    plain: bool
    ground: RGB
    colours: tuple[tuple[RGB, float], ...]
    faces: tuple[Fraction, ...] = ()

    @property
    def coverage(self) -> float:
        """The part of the picture its subject's box covers."""
        left, top, right, bottom = self.subject
        return (right - left) * (bottom - top)


class AnalysedPicture:
    """An RGB picture, and the mask of its product where there is one (its size, white = product).

    `has_scene` says that what is around the product was drawn for it and is to be seen; `rights` are the Exif tags that
    name its author, by tag number.
    """

    def __init__(self, image: Image, mask: Image | None = None, has_scene: bool = False) -> None:
        self.has_scene = has_scene
        self.rights = rights_of(image)
        # What comes cut out has no ground of its own to show.
        self.bare = False
        if image.mode == "RGBA" and mask is None and min(image.getchannel("A").tobytes()) < 128:
            mask, self.bare = image.getchannel("A"), not has_scene
        self.image = _flattened(image)
        self.mask = mask.convert("L").resize(self.image.size) if mask else None

    @cached_property
    def analysis(self) -> Analysis:
        """Return what is in the picture, from a copy of at most 192 pixels a side."""
        import numpy as np
        from PIL import Image

        small = self.image.copy()
        small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
        pixels = np.asarray(small)
        ground, off = saliency.border_ground(pixels)
        seen = () if self.mask else saliency.faces(pixels)
        if self.mask:
            found = np.asarray(self.mask.resize(small.size, Image.Resampling.BOX), dtype=np.float32) / 255
        else:
            found = saliency.saliency(pixels, seen)
        colour = tuple(int(value) for value in np.clip(np.median(ground, axis=(0, 1)), 0, 255))
        return Analysis(
            saliency=found,
            gradient=saliency.gradient(pixels.mean(axis=2)),
            subject=_subject(found),
            plain=off < _PLAIN and saliency.ring_texture(pixels) < _TEXTURE and _is_even(ground),
            ground=colour,  # type: ignore[arg-type]
            colours=_clusters(pixels, found),
            faces=tuple(
                (left / small.width, top / small.height, right / small.width, bottom / small.height)
                for left, top, right, bottom in seen
            ),
        )

    @cached_property
    def cutout(self) -> Image | None:
        """The product alone (RGBA, cropped to it): by the mask, or lifted off a plain ground; None without either."""
        mask = self.shape
        if mask is None:
            return None
        alone, mask = clean_edge(self.image, mask)
        box = mask.point(lambda value: 255 if value > 40 else 0).getbbox()
        if box is None:
            return None
        alone = alone.crop(box)
        alone.putalpha(mask.crop(box))
        return alone

    @cached_property
    def shape(self) -> Image | None:
        """The product's mask (L, the picture's size): the one given or lifted off a plain ground; None without."""
        return self.mask or (lift(self.image) if self.analysis.plain else None)

    @cached_property
    def covered(self) -> Any:
        """Return where the product is (0-1, the analysis's size): its mask, or saliency where there is none."""
        import numpy as np
        from PIL import Image

        if self.shape is None:
            return self.analysis.saliency
        height, width = self.analysis.saliency.shape
        return np.asarray(self.shape.resize((width, height), Image.Resampling.BOX), dtype=np.float32) / 255

    @cached_property
    def colours(self) -> tuple[tuple[RGB, float], ...]:
        """The product's own colours with their shares of it; the picture's where there is no cut-out."""
        import numpy as np
        from PIL import Image

        if self.cutout is None:
            return self._salient_colours
        small = self.cutout.copy()
        small.thumbnail((_SIDE // 2, _SIDE // 2), Image.Resampling.BOX)
        pixels = np.asarray(small)
        own = pixels[pixels[..., 3] > 200][:, :3]
        return _clusters(own[None], np.zeros(len(own))) if len(own) else self.analysis.colours

    @cached_property
    def _salient_colours(self) -> tuple[tuple[RGB, float], ...]:
        """The colours of what is salient alone; the whole picture's where hardly anything is."""
        import numpy as np

        small = self.image.resize(self.analysis.saliency.shape[::-1])
        own = np.asarray(small)[self.analysis.saliency > 0.5]
        return _clusters(own[None], np.zeros(len(own))) if len(own) > _FEW else self.analysis.colours

    @cached_property
    def silhouette(self) -> Any:
        """The cut-out's opacity (0-1) as a small array; raises ValueError where there is no cut-out."""
        import numpy as np
        from PIL import Image

        if self.cutout is None:
            raise ValueError("no cut-out")
        alpha = self.cutout.getchannel("A")
        alpha.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
        return np.asarray(alpha, dtype=np.float32) / 255


def _is_even(ground: Any) -> bool:
    """Tell whether a ground is one colour lit unevenly, not a sky above sand."""
    import numpy as np

    low, high = np.percentile(ground.reshape(-1, 3), (5, 95), axis=0)
    return float((high - low).max()) < _EVEN


def _flattened(image: Image) -> Image:
    """RGB; what is transparent stands on white."""
    from PIL import Image as Images

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Images.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _subject(found: Any) -> Fraction:
    """Return the box that holds what is salient: above half of the strongest, single specks left out."""
    import numpy as np

    strong = saliency.box_blur(found, 2) > 0.45 * float(np.percentile(found, 99.5))
    height, width = found.shape
    rows, columns = strong.mean(axis=1) > 0.02, strong.mean(axis=0) > 0.02
    if not rows.any() or not columns.any():
        return 0.2, 0.2, 0.8, 0.8
    ys, xs = np.flatnonzero(rows), np.flatnonzero(columns)
    return xs[0] / width, ys[0] / height, (xs[-1] + 1) / width, (ys[-1] + 1) / height


def _clusters(pixels: Any, found: Any) -> tuple[tuple[RGB, float], ...]:
    """Return the picture's colours by median cut, those of the subject counted four times."""
    import numpy as np
    from PIL import Image

    chosen = pixels.reshape(-1, 3)
    weights = 1 + 3 * (found.reshape(-1) > 0.5)
    repeated = np.repeat(chosen, weights.astype(int), axis=0)
    strip = Image.fromarray(repeated[None].astype(np.uint8), "RGB")
    reduced = strip.quantize(8, method=Image.Quantize.MEDIANCUT)
    palette, total = reduced.getpalette() or [], repeated.shape[0]
    counted = sorted(reduced.getcolors() or [], reverse=True)
    return tuple(((palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]), n / total) for n, i in counted)
