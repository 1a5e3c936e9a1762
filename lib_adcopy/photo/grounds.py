"""Grounds drawn without a model: white, plain, gradient, a surface, window light and more, in the product's own hue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lib_adcopy.errors import AdCopyError

WHITE = "white"


@dataclass(frozen=True)
class Canvas:
    """`size` (width, height); `colour` sRGB 0..1; `line` the y where the product stands; `light` -1 from the left, 1
    from the right; `random` for texture."""

    size: tuple[int, int]
    colour: np.ndarray
    line: int
    light: int
    random: np.random.Generator

    @property
    def short(self) -> int:
        return min(self.size)

    @property
    def horizon(self) -> int:
        """Return where wall and surface meet: above the line the product stands on, in the lower part of the
        picture."""
        return int(min(max(self.line - 0.16 * self.size[1], 0.5 * self.size[1]), 0.8 * self.size[1]))

    def grid(self) -> tuple[np.ndarray, np.ndarray]:
        """x and y of every pixel, 0..1."""
        width, height = self.size
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        return x / width, y / height


def draw_ground(name: str, canvas: Canvas) -> np.ndarray:
    """Draw the named ground as (H, W, 3) bytes. Raises AdCopyError for an unknown name."""
    painter = GROUNDS.get(name)
    if painter is None:
        raise AdCopyError("photo.unknown_ground", name=name, known=", ".join(GROUNDS))
    picture = painter(canvas)
    if name == WHITE:
        return np.full((*picture.shape[:2], 3), 255, np.uint8)
    # Half a level of noise, so that slow gradients show no bands.
    noise = canvas.random.uniform(-0.5, 0.5, (*picture.shape[:2], 1)).astype(np.float32)
    return np.clip(picture * 255 + noise + 0.5, 0, 255).astype(np.uint8)


def _flat(canvas: Canvas, colour: np.ndarray) -> np.ndarray:
    width, height = canvas.size
    return np.broadcast_to(colour.astype(np.float32), (height, width, 3)).copy()


def _white(canvas: Canvas) -> np.ndarray:
    return _flat(canvas, np.ones(3))


def _plain(canvas: Canvas) -> np.ndarray:
    """Return one colour, a little lighter behind the product and darker in the corners."""
    x, y = canvas.grid()
    away = ((x - 0.5) / 0.75) ** 2 + ((y - 0.48) / 0.75) ** 2
    return np.clip(_flat(canvas, canvas.colour) * (1.03 - 0.07 * away)[..., None], 0, 1)


def _gradient(canvas: Canvas) -> np.ndarray:
    """Return a seamless paper sweep: wall and floor of one colour, lit from above, no line between."""
    x, y = canvas.grid()
    side = 0.5 - 0.5 * canvas.light * (2 * x - 1)
    glow = np.exp(-(((x - 0.5 - 0.12 * canvas.light) / 0.5) ** 2 + ((y - 0.4) / 0.45) ** 2))
    bend = _smooth((y - canvas.horizon / canvas.size[1] + 0.15) / 0.3)
    light = 0.88 + 0.13 * glow + 0.03 * side - 0.05 * bend * (1 - bend) * 4 + 0.03 * bend - 0.06 * (1 - y) ** 3
    return np.clip(_flat(canvas, canvas.colour) * light[..., None], 0, 1)


def _surface(canvas: Canvas) -> np.ndarray:
    """Return a plaster wall behind a speckled stone top."""
    wall = _plain(canvas) * (0.95 + 0.03 * _fractal(canvas, (0.5, 0.13, 0.03)))[..., None]
    grain = (0.99 + 0.025 * _fractal(canvas, (0.06, 0.02))) * _speckles(canvas)
    stone = _flat(canvas, np.clip(canvas.colour * 1.03, 0, 1)) * grain[..., None]
    return _meet(canvas, wall, stone)


def _window(canvas: Canvas) -> np.ndarray:
    """Return the surface ground with the light of a window across the wall, sheared, its panes soft."""
    x, y = canvas.grid()
    lit = _surface(canvas)
    along = x * canvas.size[0] / canvas.short
    down = y * canvas.size[1] / canvas.short
    u = (along - 0.5 * canvas.size[0] / canvas.short) * -canvas.light + 0.47 * (down - 0.45)
    v = down - 0.2 * (along - 0.5) * -canvas.light - 0.08
    soft = 0.02
    panes = np.zeros_like(x)
    for column in (-0.34, -0.02):
        for row in (0.0, 0.3, 0.6):
            pane = _pulse(u, column, column + 0.28, soft) * _pulse(v, row, row + 0.26, soft)
            panes = np.maximum(panes, pane)
    shade = 0.86 + 0.17 * panes
    warm = np.array([1.0, 0.985, 0.95], np.float32)
    return np.clip(lit * shade[..., None] * (1 + panes[..., None] * (warm - 1)), 0, 1)


def _meet(canvas: Canvas, wall: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Wall above the horizon, surface below it: its far edge a little out of focus, a shade where they meet."""
    _, y = canvas.grid()
    edge = canvas.horizon / canvas.size[1]
    below = _smooth((y - edge) * canvas.size[1] / (0.008 * canvas.short) + 0.5)[..., None]
    depth = np.clip((y - edge) / max(1 - edge, 0.05), 0, 1)[..., None]
    shade = 1 - 0.10 * np.exp(-np.maximum(edge - y, 0) / 0.02)[..., None]
    return wall * shade * (1 - below) + np.clip(top * (0.97 + 0.06 * depth), 0, 1) * below


def _fractal(canvas: Canvas, cells: tuple[float, ...]) -> np.ndarray:
    """Noise -1..1 of several grain sizes (shares of the shorter side), the coarsest strongest."""
    width, height = canvas.size
    total, weight, weights = np.zeros((height, width), np.float32), 1.0, 0.0
    for cell in cells:
        pixels = max(2, round(cell * canvas.short))
        total += weight * _resized(canvas.random.random((height // pixels + 3, width // pixels + 3)), width, height)
        weights += weight
        weight *= 0.6
    return 2 * total / weights - 1


def _speckles(canvas: Canvas) -> np.ndarray:
    width, height = canvas.size
    grid = canvas.random.random((max(2, height // 2), max(2, width // 2)))
    dark = _resized((grid > 0.985).astype(np.float64), width, height)
    light = _resized((grid < 0.012).astype(np.float64), width, height)
    return 1 - 0.10 * dark + 0.05 * light


def _resized(grid: np.ndarray, width: int, height: int) -> np.ndarray:
    from PIL import Image

    picture = Image.fromarray(grid.astype(np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))


def _smooth(t: np.ndarray) -> np.ndarray:
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)


def _pulse(t: np.ndarray, low: float, high: float, soft: float) -> np.ndarray:
    return _smooth((t - low) / soft + 0.5) * _smooth((high - t) / soft + 0.5)


GROUNDS: dict[str, Callable[[Canvas], np.ndarray]] = {
    WHITE: _white, "plain": _plain, "gradient": _gradient, "surface": _surface, "window": _window,
}  # fmt: skip
