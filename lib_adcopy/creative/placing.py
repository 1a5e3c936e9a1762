"""Describe which part of a picture a box shows: a window that keeps the subject whole and where the layout wants it.

A window is (left, top, right, bottom) as fractions of the picture's sides. It may reach beyond the picture, which is
then extended: by its plain ground, or by its edges' own colours, blurred.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative.elements import Box
from lib_adcopy.creative.picture import AnalysedPicture, Fraction

if TYPE_CHECKING:
    from PIL.Image import Image

_SCALES = (0.2, 0.27, 0.34, 0.42, 0.5, 0.58, 0.66, 0.75, 0.85, 0.93, 1.0, 1.1, 1.22, 1.36, 1.5)
_STEPS = 9
# Of its frame a subject should fill as much, the longer way.
_FILL = 0.8
_EXTENDED_AT = 96


@dataclass(frozen=True)
class Wish:
    """Describe where the subject should stand in the box (fractions), and where type will stand. `extends` lets a plain
    ground be extended; a scene is never, for that shows.
    """

    subject: Fraction | None = None
    clear: tuple[Fraction, ...] = ()
    extends: bool = True


def choose_window(picture: AnalysedPicture, size: tuple[float, float], wish: Wish) -> Fraction:
    """Return the window of the box's shape with the least cost."""
    analysis = picture.analysis
    width, height = picture.image.size
    ratio = (size[0] / size[1]) / (width / height)
    # The largest window inside the picture, in fractions of its sides.
    base = (1.0, 1 / ratio) if ratio >= 1 else (ratio, 1.0)
    total = _integral(analysis.saliency)
    best, lowest = (0.0, 0.0, 1.0, 1.0), float("inf")
    for scale in _SCALES if wish.extends and analysis.plain else (s for s in _SCALES if s >= 1):
        across, down = base[0] / scale, base[1] / scale
        for x in _starts(across):
            for y in _starts(down):
                window = (x, y, x + across, y + down)
                cost = _cost(window, scale, picture, wish, total)
                if cost < lowest:
                    best, lowest = window, cost
    return best


def _starts(side: float) -> list[float]:
    low, high = min(0.0, 1 - side), max(0.0, 1 - side)
    return [low + (high - low) * step / (_STEPS - 1) for step in range(_STEPS)] if high - low > 1e-3 else [low]


def _cost(window: Fraction, scale: float, picture: AnalysedPicture, wish: Wish, total: Any) -> float:
    analysis = picture.analysis
    left, top, right, bottom = analysis.subject
    inside = (
        (left - window[0]) / (window[2] - window[0]), (top - window[1]) / (window[3] - window[1]),
        (right - window[0]) / (window[2] - window[0]), (bottom - window[1]) / (window[3] - window[1]),
    )  # fmt: skip
    # A subject that fills its picture is a scene: it may be cut.
    whole = 1.0 if analysis.plain or analysis.coverage < 0.72 else 0.25
    cut = sum(max(0.0, value) for value in (-inside[0], -inside[1], inside[2] - 1, inside[3] - 1))
    beyond = 1 - visible(window)
    cut += 2.0 * sum(1 - visible(_within(face, window)) for face in analysis.faces)
    cost = 9 * (1.0 if analysis.faces else whole) * cut + 0.35 * abs(scale - 1)
    cost += (0.06 if analysis.plain else 1.7) * beyond
    if wish.subject:
        middle = ((inside[0] + inside[2]) / 2, (inside[1] + inside[3]) / 2)
        wanted = ((wish.subject[0] + wish.subject[2]) / 2, (wish.subject[1] + wish.subject[3]) / 2)
        cost += 2.4 * abs(middle[0] - wanted[0]) + 2.4 * abs(middle[1] - wanted[1])
        spill = sum(
            max(0.0, value)
            for value in (
                wish.subject[0] - inside[0], wish.subject[1] - inside[1],
                inside[2] - wish.subject[2], inside[3] - wish.subject[3],
            )
        )  # fmt: skip
        fill = max(
            (inside[2] - inside[0]) / (wish.subject[2] - wish.subject[0]),
            (inside[3] - inside[1]) / (wish.subject[3] - wish.subject[1]),
        )
        cost += (2.2 * whole) * spill + 0.9 * max(0.0, 0.92 - fill)
    else:
        cost += 0.8 * (abs((inside[0] + inside[2]) / 2 - 0.5) + abs((inside[1] + inside[3]) / 2 - 0.5))
        fill = max(inside[2] - inside[0], inside[3] - inside[1])
        cost += (2.2 if analysis.plain else 1.2) * max(0.0, _FILL - fill)
    return cost + 5.0 * sum(_salient(total, _mapped(zone, window)) for zone in wish.clear)


def _within(box: Fraction, window: Fraction) -> Fraction:
    """Return a box of the picture, a little larger, as the frame whose visible part `_visible` measures in the
    window."""
    across, down = box[2] - box[0], box[3] - box[1]
    left, top = box[0] - 0.1 * across, box[1] - 0.35 * down
    right, bottom = box[2] + 0.1 * across, box[3] + 0.15 * down
    wide, tall = window[2] - window[0], window[3] - window[1]
    return (left - window[0]) / wide, (top - window[1]) / tall, (right - window[0]) / wide, (bottom - window[1]) / tall


def _mapped(zone: Fraction, window: Fraction) -> Fraction:
    across, down = window[2] - window[0], window[3] - window[1]
    return (
        window[0] + zone[0] * across,
        window[1] + zone[1] * down,
        window[0] + zone[2] * across,
        window[1] + zone[3] * down,
    )


def visible(window: Fraction) -> float:
    """Return the part of a window that lies within the picture."""
    across = max(0.0, min(window[2], 1) - max(window[0], 0)) / (window[2] - window[0])
    down = max(0.0, min(window[3], 1) - max(window[1], 0)) / (window[3] - window[1])
    return across * down


def _integral(array: Any) -> Any:
    import numpy as np

    return np.pad(np.cumsum(np.cumsum(array, axis=0), axis=1), ((1, 0), (1, 0)))


def _salient(total: Any, zone: Fraction) -> float:
    """Return the mean saliency of a zone of the picture; what lies beyond the picture counts as none."""
    height, width = total.shape[0] - 1, total.shape[1] - 1
    left, right = (min(max(round(value * width), 0), width) for value in (zone[0], zone[2]))
    top, bottom = (min(max(round(value * height), 0), height) for value in (zone[1], zone[3]))
    area = max((zone[2] - zone[0]) * width * (zone[3] - zone[1]) * height, 1.0)
    return float(total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left]) / area


def paint_window(picture: AnalysedPicture, window: Fraction, size: tuple[int, int]) -> Image:
    """Return the window at `size` pixels; what lies beyond the picture is extended."""
    from PIL import Image

    image = picture.image
    width, height = image.size
    if visible(window) > 0.999:
        box = (
            max(0.0, window[0] * width),
            max(0.0, window[1] * height),
            min(width, window[2] * width),
            min(height, window[3] * height),
        )
        return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
    across, down = window[2] - window[0], window[3] - window[1]
    shown = Box(
        max(0.0, -window[0] / across * size[0]), max(0.0, -window[1] / down * size[1]),
        min(size[0], (1 - window[0]) / across * size[0]), min(size[1], (1 - window[1]) / down * size[1]),
    )  # fmt: skip
    target = (max(1, round(shown.width)), max(1, round(shown.height)))
    source = (
        max(0.0, window[0]) * width,
        max(0.0, window[1]) * height,
        min(1.0, window[2]) * width,
        min(1.0, window[3]) * height,
    )
    part = image.resize(target, Image.Resampling.LANCZOS, box=source, reducing_gap=2.0)
    place = (round(shown.left), round(shown.top))
    ground = _extended(part, place, size, plain=picture.analysis.plain)
    ground.paste(part, place, _feather(target, place, size, 0.3 if picture.analysis.plain else 0.14))
    return ground


def _extended(part: Image, place: tuple[int, int], size: tuple[int, int], *, plain: bool) -> Image:
    """Return the ground beyond a picture, blurred: a plain one as its borders suggest it, else the edges drawn out."""
    import numpy as np
    from PIL import Image, ImageFilter

    from lib_adcopy.creative import saliency

    scale = _EXTENDED_AT / max(size)
    small = (max(2, round(size[0] * scale)), max(2, round(size[1] * scale)))
    inner = part.resize((max(1, round(part.width * scale)), max(1, round(part.height * scale))), Image.Resampling.BOX)
    pixels = np.asarray(inner)
    if plain:
        pixels = np.clip(saliency.border_ground(pixels)[0], 0, 255).astype(np.uint8)
    left, top = (min(round(place[axis] * scale), small[axis] - inner.size[axis]) for axis in (0, 1))
    left, top = max(left, 0), max(top, 0)
    right, bottom = max(small[0] - left - inner.width, 0), max(small[1] - top - inner.height, 0)
    drawn = np.pad(pixels, ((top, bottom), (left, right), (0, 0)), mode="edge")[: small[1], : small[0]]
    blurred = Image.fromarray(np.ascontiguousarray(drawn)).filter(ImageFilter.GaussianBlur(_EXTENDED_AT / 14))
    return blurred.resize(size, Image.Resampling.BICUBIC)


def _feather(target: tuple[int, int], place: tuple[int, int], size: tuple[int, int], share: float) -> Image:
    """Return a mask that fades the sides of the picture which do not lie on the canvas's edge."""
    import numpy as np
    from PIL import Image

    width, height = target
    fade = share * min(width, height)
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    across, down = np.ones(width, dtype=np.float32), np.ones(height, dtype=np.float32)
    if place[0] > 0:
        across = np.minimum(across, np.clip(x / fade, 0, 1))
    if place[0] + width < size[0]:
        across = np.minimum(across, np.clip((width - 1 - x) / fade, 0, 1))
    if place[1] > 0:
        down = np.minimum(down, np.clip(y / fade, 0, 1))
    if place[1] + height < size[1]:
        down = np.minimum(down, np.clip((height - 1 - y) / fade, 0, 1))
    smooth = [line * line * (3 - 2 * line) for line in (across, down)]
    return Image.fromarray((smooth[1][:, None] * smooth[0][None, :] * 255).astype(np.uint8))


def on_canvas(values: Any, window: Fraction, box: Box, canvas: tuple[int, int], side: int = 160) -> Any:
    """Return an analysis array as it lies on the canvas, at `side` pixels across; 0 beyond the picture's box."""
    import numpy as np

    height = max(1, round(side * canvas[1] / canvas[0]))
    scale = side / canvas[0]
    laid = np.zeros((height, side), dtype=np.float32)
    left, top = max(round(box.left * scale), 0), max(round(box.top * scale), 0)
    right, bottom = min(round(box.right * scale), side), min(round(box.bottom * scale), height)
    if right <= left or bottom <= top:
        return laid
    rows, columns = values.shape
    v = window[1] + (np.arange(bottom - top) + 0.5) / (bottom - top) * (window[3] - window[1])
    u = window[0] + (np.arange(right - left) + 0.5) / (right - left) * (window[2] - window[0])
    inside = ((v >= 0) & (v < 1))[:, None] & ((u >= 0) & (u < 1))[None, :]
    picked = values[np.clip((v * rows).astype(int), 0, rows - 1)][:, np.clip((u * columns).astype(int), 0, columns - 1)]
    laid[top:bottom, left:right] = picked * inside
    return laid
