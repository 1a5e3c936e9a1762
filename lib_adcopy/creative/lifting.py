"""A product lifted off a plain ground: no model, for pictures taken before a wall or on a sweep of paper only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib_adcopy.creative import saliency

if TYPE_CHECKING:
    from PIL.Image import Image

_SIDE = 600
# Steps between neighbouring pixels, in 0-255, that only an edge of the product makes.
_EDGE = 9.0
# Of the picture: less is a speck, more is no product on a ground.
_LEAST, _MOST = 0.03, 0.75
_ON_BORDER = 0.12
# The gradient along the borders, the foot's too, above which the ground is no paper.
_TEXTURE = 5.0
# Thinner strips are a shadow's rim.
_WISP = 7
# Half the height of a strip beside the foot that is no part of the product, and where on the product the foot begins.
_STUB, _LOW = 7, 0.72
# Of the mask: as large is an opening that shows the ground, as a handle's, and not a highlight.
_OPENING = (0.004, 0.14)
# Of a mask's outline so much must lie on edges of the picture: else it follows a shadow or cuts through the product.
_SUPPORTED = 0.85


def lift(image: Image) -> Image | None:
    """Return a mask of the product (the image's size, white = product); None where it cannot be told from the
    ground."""
    import numpy as np
    from PIL import Image as Images
    from PIL import ImageFilter

    small = image.copy()
    small.thumbnail((_SIDE, _SIDE), Images.Resampling.BOX)
    pixels = np.asarray(small).astype(np.float32)
    if saliency.ring_texture(np.asarray(small.reduce(4)), foot=True) > _TEXTURE:
        return None
    ground, off = saliency.border_ground(pixels)
    steps = _steps(pixels)
    inside = _inside(pixels, ground, steps, 2 * off + 6, _EDGE)
    # The first pass says what is ground; fitted to that, the second can tell a white label from white paper.
    ground, off = _refined(pixels, ground, inside)
    inside = _main_parts(_opened(_inside(pixels, ground, steps, 2 * off + 4, 0.7 * _EDGE), _WISP))
    if inside is not None:
        inside &= ~_openings(inside, np.abs(pixels - ground).max(axis=2) < off + 2.5)
        inside = _main_parts(_without_stubs(inside))
    if inside is None or not _is_product(inside) or _support(inside, steps) < _SUPPORTED:
        return None
    tight = Images.fromarray((inside * 255).astype(np.uint8)).filter(ImageFilter.MinFilter(3))
    mask = tight.filter(ImageFilter.GaussianBlur(0.8))
    return mask.resize(image.size, Images.Resampling.BICUBIC)


def _inside(pixels: Any, ground: Any, steps: Any, threshold: float, edge: float) -> Any:
    """Return where the product is: enclosed by what differs from the ground, or by edges."""
    import numpy as np

    distance = np.abs(pixels - ground).max(axis=2)
    alpha = np.clip((distance - threshold) / 14, 0, 1)
    solid = (alpha > 0.5) & ~_shadow(pixels, ground, steps)
    inside = _enclosed(solid | (steps > edge))
    return inside & ((alpha > 0.15) | _filtered(inside, 5, grows=False))


def _refined(pixels: Any, ground: Any, inside: Any) -> tuple[Any, float]:
    """Return the ground with a polynomial of the fourth degree fitted to what is left of it outside the product.

    Returns it with the deviation that seven tenths of the outside stay under.
    """
    import numpy as np

    outside = saliency.box_blur(inside.astype(np.float32), 7) < 1e-3
    height, width = outside.shape
    x, y = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    terms = [y[:, None] ** j * x[None, :] ** i for i in range(5) for j in range(5 - i)]
    known = np.stack([term[::5, ::5][outside[::5, ::5]] for term in terms], axis=-1)
    rest = (pixels - ground)[::5, ::5][outside[::5, ::5]]
    weights = np.ones(len(known), dtype=np.float32)
    if len(known) < 200:
        return ground, 8.0
    for _ in range(4):
        solved = np.linalg.lstsq(known * weights[:, None], rest * weights[:, None], rcond=None)[0]
        off = np.abs(known @ solved - rest).max(axis=1)
        weights = 1 / (1 + (off / 4) ** 2)
    fitted = np.tensordot(np.stack(terms, axis=-1), solved.astype(np.float32), axes=1)
    return ground + fitted, float(np.percentile(off, 70))


def _steps(pixels: Any) -> Any:
    """Return the greatest step to a neighbour, over a little smoothing."""
    import numpy as np

    smooth = np.stack([saliency.box_blur(pixels[..., channel], 1) for channel in range(3)], axis=-1)
    steps = np.zeros(pixels.shape[:2], dtype=np.float32)
    steps[1:-1] = np.abs(smooth[2:] - smooth[:-2]).max(axis=2)[:, :]
    steps[:, 1:-1] = np.maximum(steps[:, 1:-1], np.abs(smooth[:, 2:] - smooth[:, :-2]).max(axis=2))
    return steps


def _shadow(pixels: Any, ground: Any, steps: Any) -> Any:
    """Return where a pixel is the ground in a soft shadow or light: darker or lighter by a half, and of its hue."""
    import numpy as np

    share = pixels.sum(axis=2) / np.maximum(ground.sum(axis=2), 1)
    off_hue = np.abs(pixels - ground * share[..., None]).max(axis=2)
    return (share > 0.35) & (share < 1.12) & (off_hue < 10) & (steps < _EDGE * 0.7)


def _enclosed(barrier: Any) -> Any:
    """Return what a flood from the border does not reach when the barrier is thickened by two pixels, thinned again."""
    import numpy as np

    free = ~_filtered(barrier, 5, grows=True)
    seeds = np.zeros(free.shape, dtype=bool)
    seeds[0], seeds[-1], seeds[:, 0], seeds[:, -1] = True, True, True, True
    return _filtered(~_flooded(free, seeds), 5, grows=False)


def _flooded(free: Any, seeds: Any) -> Any:
    """Return the free pixels that are connected with a seed, by whole runs along rows and columns in turn."""
    import numpy as np

    runs = []
    for axis in (0, 1):
        marks = np.cumsum(~free, axis=axis)
        lines = np.arange(free.shape[1 - axis]) * (free.shape[axis] + 1)
        runs.append(marks + (lines[None, :] if axis == 0 else lines[:, None]))
    reached, count = seeds & free, -1
    while count != (now := int(reached.sum())):
        count = now
        for run in runs:
            touched = np.zeros(int(run.max()) + 1, dtype=bool)
            touched[run[reached]] = True
            reached = free & touched[run]
    return reached


def _filtered(mask: Any, size: int, *, grows: bool) -> Any:
    """Return the mask grown or shrunk by a square of `size` pixels."""
    import numpy as np
    from PIL import Image, ImageFilter

    kind = ImageFilter.MaxFilter if grows else ImageFilter.MinFilter
    return np.asarray(Image.fromarray((mask * 255).astype(np.uint8)).filter(kind(size))) > 128


def _opened(inside: Any, size: int) -> Any:
    """Remove what is thinner than `size` pixels."""
    return inside & _filtered(_filtered(inside, size, grows=False), size + 2, grows=True)


def _without_stubs(inside: Any) -> Any:
    """Remove what is low and lies flat beside the product's foot: the rim of its shadow."""
    import numpy as np

    rows = np.flatnonzero(inside.any(axis=1))
    if not rows.size:
        return inside
    shorter = inside
    for shrinks in (True, False):
        steps = [np.roll(shorter, step, axis=0) for step in range(-_STUB, _STUB + 1)]
        shorter = np.logical_and.reduce(steps) if shrinks else np.logical_or.reduce(steps)
    low = np.arange(inside.shape[0])[:, None] > rows[0] + _LOW * (rows[-1] - rows[0])
    return inside & (shorter | ~low)


def _openings(inside: Any, like_ground: Any) -> Any:
    """Parts within the mask that show the ground."""
    import numpy as np

    found = np.zeros(inside.shape, dtype=bool)
    area = inside.sum()
    for part in _parts(_opened(inside & like_ground, 7)):
        if _OPENING[0] * area < part.sum() < _OPENING[1] * area:
            found |= part
    return found


def _main_parts(inside: Any) -> Any:
    """Return the parts that are at least a twelfth as large as the largest; None where there is none."""
    import numpy as np

    parts = _parts(inside)
    if not parts:
        return None
    largest = max(part.sum() for part in parts)
    return np.logical_or.reduce([part for part in parts if part.sum() * 12 >= largest])


def _parts(inside: Any) -> list[Any]:
    """Return the connected parts of a mask (the forty first found), told apart on a small copy."""
    import numpy as np
    from PIL import Image

    scale = max(1, max(inside.shape) // 200)
    left = np.asarray(Image.fromarray((inside * 255).astype(np.uint8)).reduce(scale)) > 96
    found = []
    for _ in range(40):
        if not left.any():
            break
        seed = np.zeros(left.shape, dtype=bool)
        seed.reshape(-1)[np.flatnonzero(left)[0]] = True
        part = _flooded(left, seed)
        left = left & ~part
        small = Image.fromarray((part * 255).astype(np.uint8))
        wide = np.asarray(small.resize((inside.shape[1], inside.shape[0]), Image.Resampling.NEAREST)) > 128
        found.append(inside & _filtered(wide, 2 * scale + 1, grows=True))
    return found


def _support(inside: Any, steps: Any) -> float:
    """Return the share of the mask's outline near which the picture has an edge."""
    near = _filtered(steps > 0.8 * _EDGE, 7, grows=True)
    outline = inside & ~_filtered(inside, 3, grows=False)
    return float(near[outline].mean()) if outline.any() else 0.0


def _is_product(inside: Any) -> bool:
    """Tell whether a mask is of a plausible size, mostly off the borders, and not in shreds."""
    import numpy as np

    share = float(inside.mean())
    border = float(np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]]).mean())
    edges = sum(int(np.abs(np.diff(inside.astype(np.int8), axis=axis)).sum()) for axis in (0, 1))
    return _LEAST < share < _MOST and border < _ON_BORDER and edges < 12 * np.sqrt(inside.sum())
