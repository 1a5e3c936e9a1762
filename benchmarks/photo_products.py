"""Synthetic product photos with known masks: shapes, surfaces, shadows, grounds and camera faults, by seed."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

_OVERSAMPLE = 2
GROUNDS = ("white", "soft-white", "grey", "coloured", "gradient", "vignette")
SURFACES = ("plain", "texture", "stripes", "label", "white", "dark", "gloss", "glass")


@dataclass(frozen=True)
class Product:
    """`image` (RGB) as a camera would have it, `mask` (L) the share of each pixel that the product covers."""

    name: str
    image: Image.Image
    mask: Image.Image


def product(seed: int, size: int = 800, *, shape: str = "", surface: str = "", ground: str = "") -> Product:
    """Render the product photo of that seed; each of shape, surface and ground can be fixed."""
    chance = np.random.default_rng(seed)
    names = sorted(SHAPES)
    shape = shape or names[seed % len(names)]
    surface = surface or SURFACES[chance.integers(len(SURFACES))]
    ground = ground or GROUNDS[chance.integers(len(GROUNDS))]
    side = size * _OVERSAMPLE
    silhouette = np.zeros((side, side), np.uint8)
    SHAPES[shape](silhouette, chance)
    if shape not in _UPRIGHT and chance.random() < 0.5:
        turn = cv2.getRotationMatrix2D((side / 2, side / 2), float(chance.uniform(-25, 25)), 0.9)
        silhouette = cv2.warpAffine(silhouette, turn, (side, side), flags=cv2.INTER_LINEAR)
    hard = (silhouette > 127).astype(np.uint8)
    back = _ground(ground, side, chance)
    lit = _surface(surface, hard, back, chance)
    shadow = _shadow(hard, chance, 0.0 if chance.random() < 0.2 else float(chance.uniform(0.1, 0.45)))
    back = back * (1 - shadow[..., None])
    cover = hard.astype(np.float32)[..., None]
    scene = back * (1 - cover) + lit * cover
    scene = cv2.resize(scene, (size, size), interpolation=cv2.INTER_AREA)
    mask = cv2.resize(hard.astype(np.float32), (size, size), interpolation=cv2.INTER_AREA)
    blur = float(chance.uniform(0, 0.9))
    if blur > 0.2:
        scene = cv2.GaussianBlur(scene, (0, 0), blur)
    image = _camera(scene, chance)
    return Product(f"{seed}-{shape}-{surface}-{ground}", image, Image.fromarray((mask * 255).round().astype(np.uint8)))


def _camera(scene: np.ndarray, chance: np.random.Generator) -> Image.Image:
    """Gamma, sensor noise and JPEG."""
    values = np.clip(scene, 0, 1) ** (1 / 2.2) * 255
    noise = float(chance.choice([0.0, 1.0, 2.0, 3.5]))
    grain = chance.normal(0, 1, values.shape).astype(np.float32)
    values = np.clip(values + noise * grain, 0, 255).astype(np.uint8)
    image = Image.fromarray(values)
    quality = int(chance.choice([100, 92, 85, 75]))
    if quality < 100:
        stored = io.BytesIO()
        image.save(stored, "JPEG", quality=quality)
        image = Image.open(io.BytesIO(stored.getvalue())).convert("RGB")
    return image


# ---- grounds, linear light


def _ground(kind: str, side: int, chance: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    if kind == "white":
        colour, light = np.ones(3), np.ones_like(x)
    elif kind == "soft-white":
        colour = np.array([0.95, 0.95, 0.94]) * chance.uniform(0.85, 1.0)
        light = 1 - chance.uniform(0.02, 0.12) * ((x - chance.random()) ** 2 + (y - chance.random()) ** 2)
    elif kind == "grey":
        colour, light = np.full(3, chance.uniform(0.15, 0.7)), np.ones_like(x)
    elif kind == "coloured":
        colour = _colour(chance, 0.15, 0.8)
        light = 1 - chance.uniform(0, 0.15) * x
    elif kind == "gradient":
        colour = _colour(chance, 0.4, 0.9) * 0.5 + 0.4
        light = 1 - chance.uniform(0.2, 0.5) * (y if chance.random() < 0.6 else (x + y) / 2)
    else:
        colour = np.full(3, chance.uniform(0.4, 0.95)) * (1 - chance.uniform(0, 0.1, 3))
        light = 1 - chance.uniform(0.3, 0.9) * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
    return (light[..., None] * colour).astype(np.float32)


def _colour(chance: np.random.Generator, low: float, high: float) -> np.ndarray:
    return chance.uniform(low, high, 3) * chance.uniform(0.3, 1.0, 3)


def _shadow(hard: np.ndarray, chance: np.random.Generator, strength: float) -> np.ndarray:
    """Share of light lost on the ground: a wide cast shadow and a darker one where the product stands."""
    side = hard.shape[0]
    if strength == 0:
        return np.zeros(hard.shape, np.float32)
    rows = np.flatnonzero(hard.any(1))
    bottom = rows[-1]
    shift = (float(chance.uniform(-0.05, 0.05)) * side, float(chance.uniform(0.0, 0.02)) * side)
    squash = np.float32([[1, 0, shift[0]], [0, 0.25, bottom * 0.75 + shift[1]]])
    cast = cv2.warpAffine(hard.astype(np.float32), squash, (side, side))
    wide = cv2.GaussianBlur(cast, (0, 0), side * float(chance.uniform(0.012, 0.04)))
    near = cv2.GaussianBlur(cast, (0, 0), side * 0.006)
    near *= np.exp(-np.abs(np.arange(side)[:, None] - bottom) / (side * 0.02))
    around = cv2.GaussianBlur(hard.astype(np.float32), (0, 0), side * 0.03) * 0.25
    return np.clip(strength * (wide * 0.7 + near * 0.6 + around * 0.4), 0, 0.85).astype(np.float32)


# ---- surfaces, linear light


def _surface(kind: str, hard: np.ndarray, back: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    side = hard.shape[0]
    normal = _normals(hard, float(chance.uniform(0.03, 0.12)) * side)
    angle = chance.uniform(0, 2 * np.pi)
    light = np.array([np.cos(angle) * 0.45, -0.45 - 0.2 * np.sin(angle) ** 2, 0.75])
    light /= np.linalg.norm(light)
    diffuse = np.clip((normal * light).sum(-1), 0, 1)
    half = light + np.array([0, 0, 1.0])
    half /= np.linalg.norm(half)
    shine = np.clip((normal * half).sum(-1), 0, 1) ** float(chance.choice([20, 60, 150]))
    albedo = np.ones((side, side, 3), np.float32)
    gloss = 0.15
    if kind == "white":
        albedo *= chance.uniform(0.8, 0.93)
    elif kind == "dark":
        albedo *= chance.uniform(0.01, 0.06)
        gloss = 0.4
    elif kind == "glass":
        return _glass(hard, normal, shine, back, chance)
    else:
        albedo *= _colour(chance, 0.1, 0.95)
    if kind == "gloss":
        gloss = 0.9
    if kind == "texture":
        albedo *= _noise(side, chance, (4, 16, 64))[..., None] * 0.5 + 0.75
    if kind == "stripes":
        x = np.mgrid[0:side, 0:side].astype(np.float32)[1] / side
        stripe = (np.sin(x * chance.uniform(40, 160)) > 0)[..., None]
        albedo = np.where(stripe, albedo, _colour(chance, 0.1, 1.0).astype(np.float32))
    if kind in ("label", "white", "gloss") and chance.random() < 0.8:
        _label(albedo, hard, chance)
    ambient = 0.35
    return (albedo * (ambient + (1 - ambient) * diffuse[..., None]) + gloss * shine[..., None]).astype(np.float32)


def _normals(hard: np.ndarray, rounding: float) -> np.ndarray:
    """Normals of the silhouette inflated to a body with edges `rounding` px wide."""
    depth = cv2.distanceTransform(hard, cv2.DIST_L2, 5)
    height = np.sqrt(1 - (1 - np.clip(depth / rounding, 0, 1)) ** 2) * rounding
    height = cv2.GaussianBlur(height, (0, 0), max(rounding * 0.08, 1))
    dx, dy = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) / 8, cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) / 8
    normal = np.dstack([-dx, -dy, np.ones_like(dx)])
    return normal / np.linalg.norm(normal, axis=-1, keepdims=True)


def _glass(
    hard: np.ndarray, normal: np.ndarray, shine: np.ndarray, back: np.ndarray, chance: np.random.Generator
) -> np.ndarray:
    tint = 1 - chance.uniform(0.03, 0.12) * np.array([1.0, 0.6, 0.7])
    rim = np.clip(1 - normal[..., 2:3], 0, 1)
    seen = back * tint * (1 - 0.75 * rim**1.2)
    return (seen + 0.8 * shine[..., None]).astype(np.float32)


def _label(albedo: np.ndarray, hard: np.ndarray, chance: np.random.Generator) -> None:
    rows, columns = np.nonzero(cv2.erode(hard, np.ones((25, 25), np.uint8)))
    if not len(rows):
        return
    y0, y1 = np.percentile(rows, [35, 70]).astype(int)
    x0, x1 = np.percentile(columns, [20, 80]).astype(int)
    cv2.rectangle(albedo, (int(x0), int(y0)), (int(x1), int(y1)), _colour(chance, 0.3, 1.0).tolist(), -1)
    ink = _colour(chance, 0.0, 0.3).tolist()
    for number in range(3):
        y = int(y0 + (y1 - y0) * (0.25 + 0.22 * number))
        width = int((x1 - x0) * chance.uniform(0.3, 0.8))
        cv2.rectangle(albedo, (int(x0 + (x1 - x0) * 0.1), y), (int(x0 + (x1 - x0) * 0.1 + width), y + 14), ink, -1)


def _noise(side: int, chance: np.random.Generator, cells: tuple[int, ...]) -> np.ndarray:
    total = np.zeros((side, side), np.float32)
    for cell in cells:
        grid = chance.random((side // cell + 2, side // cell + 2)).astype(np.float32)
        total += cv2.resize(grid, (side, side), interpolation=cv2.INTER_CUBIC) / len(cells)
    return total


# ---- shapes: each draws its silhouette (255) on a square canvas


def _points(canvas: np.ndarray, points: list[tuple[float, float]], value: int = 255) -> None:
    side = canvas.shape[0]
    cv2.fillPoly(canvas, [(np.array(points) * side).astype(np.int32)], value)


def _curve(canvas: np.ndarray, points: list[tuple[float, float]], thickness: float, value: int = 255) -> None:
    side = canvas.shape[0]
    dots = (np.array(points) * side).astype(np.int32)
    cv2.polylines(canvas, [dots], False, value, max(1, round(thickness * side)), cv2.LINE_8)


def _ellipse(
    canvas: np.ndarray, centre: tuple[float, float], radii: tuple[float, float], value: int = 255, width: float = 0
) -> None:
    side = canvas.shape[0]
    where = (round(centre[0] * side), round(centre[1] * side))
    axes = (round(radii[0] * side), round(radii[1] * side))
    cv2.ellipse(canvas, where, axes, 0, 0, 360, value, max(1, round(width * side)) if width else -1)


def _profile(canvas: np.ndarray, outline: list[tuple[float, float]], middle: float = 0.5) -> None:
    """A body of revolution seen from the side: (half width, y) from top to bottom."""
    right = [(middle + half, y) for half, y in outline]
    left = [(middle - half, y) for half, y in reversed(outline)]
    _points(canvas, right + left)


def _bottle(canvas: np.ndarray, chance: np.random.Generator) -> None:
    neck, body = chance.uniform(0.03, 0.06), chance.uniform(0.1, 0.18)
    shoulder = chance.uniform(0.3, 0.42)
    _profile(canvas, [(neck, 0.12), (neck, 0.25), (body, shoulder), (body, 0.86), (body * 0.95, 0.88)])


def _mug(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _points(canvas, [(0.25, 0.25), (0.65, 0.25), (0.63, 0.8), (0.27, 0.8)])
    _ellipse(canvas, (0.45, 0.8), (0.18, 0.04))
    _ellipse(canvas, (0.45, 0.25), (0.2, 0.04))
    _ellipse(canvas, (0.66, 0.5), (0.13, 0.17), width=float(chance.uniform(0.03, 0.05)))


def _box(canvas: np.ndarray, chance: np.random.Generator) -> None:
    lean = float(chance.uniform(0.08, 0.18))
    _points(canvas, [(0.22, 0.32), (0.6, 0.36), (0.6, 0.82), (0.22, 0.76)])
    _points(canvas, [(0.6, 0.36), (0.6 + lean, 0.28), (0.6 + lean, 0.74), (0.6, 0.82)])
    _points(canvas, [(0.22, 0.32), (0.22 + lean, 0.25), (0.6 + lean, 0.28), (0.6, 0.36)])


def _bag(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _points(canvas, [(0.27, 0.45), (0.73, 0.45), (0.8, 0.85), (0.2, 0.85)])
    t = np.linspace(0, np.pi, 60)
    arch = [(0.5 - 0.19 * float(np.cos(a)), 0.47 - float(chance.uniform(0.3, 0.31)) * float(np.sin(a))) for a in t]
    _curve(canvas, arch, float(chance.uniform(0.006, 0.02)))


def _ring(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _ellipse(canvas, (0.5, 0.52), (0.28, 0.3), width=float(chance.uniform(0.03, 0.1)))
    _ellipse(canvas, (0.5, 0.2), (0.07, 0.07))


def _lipstick(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _points(canvas, [(0.44, 0.3), (0.56, 0.18), (0.56, 0.45), (0.44, 0.45)])
    _points(canvas, [(0.42, 0.45), (0.58, 0.45), (0.58, 0.55), (0.42, 0.55)])
    _points(canvas, [(0.4, 0.55), (0.6, 0.55), (0.6, 0.88), (0.4, 0.88)])


def _shirt(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _points(
        canvas,
        [(0.36, 0.16), (0.44, 0.2), (0.56, 0.2), (0.64, 0.16), (0.86, 0.3), (0.79, 0.44), (0.69, 0.38), (0.7, 0.86),
         (0.3, 0.86), (0.31, 0.38), (0.21, 0.44), (0.14, 0.3)],
    )  # fmt: skip
    _ellipse(canvas, (0.5, 0.16), (0.08, 0.06), 0)


def _tumbler(canvas: np.ndarray, chance: np.random.Generator) -> None:
    top = float(chance.uniform(0.15, 0.22))
    _profile(canvas, [(top, 0.2), (top * 0.85, 0.82)])
    _ellipse(canvas, (0.5, 0.82), (top * 0.85, 0.03))
    _ellipse(canvas, (0.5, 0.2), (top, 0.035))


def _wineglass(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _profile(canvas, [(0.13, 0.12), (0.15, 0.3), (0.1, 0.45), (0.02, 0.5), (0.014, 0.82), (0.1, 0.87)])


def _plate(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _ellipse(canvas, (0.5, 0.5), (0.36, float(chance.uniform(0.2, 0.36))))


def _lamp(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _points(canvas, [(0.4, 0.12), (0.6, 0.12), (0.72, 0.42), (0.28, 0.42)])
    _points(canvas, [(0.49, 0.42), (0.51, 0.42), (0.51, 0.84), (0.49, 0.84)])
    _ellipse(canvas, (0.5, 0.86), (0.16, 0.035))


def _scissors(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _points(canvas, [(0.52, 0.12), (0.56, 0.5), (0.5, 0.56), (0.48, 0.5)])
    _points(canvas, [(0.42, 0.14), (0.53, 0.5), (0.47, 0.57), (0.43, 0.5)])
    _ellipse(canvas, (0.38, 0.72), (0.09, 0.13), width=0.03)
    _ellipse(canvas, (0.62, 0.72), (0.09, 0.13), width=0.03)
    _curve(canvas, [(0.49, 0.52), (0.43, 0.64)], 0.035)
    _curve(canvas, [(0.51, 0.52), (0.57, 0.64)], 0.035)


def _chair(canvas: np.ndarray, chance: np.random.Generator) -> None:
    leg = float(chance.uniform(0.012, 0.03))
    _points(canvas, [(0.28, 0.12), (0.34, 0.12), (0.36, 0.5), (0.3, 0.5)])
    _points(canvas, [(0.28, 0.14), (0.66, 0.18), (0.66, 0.3), (0.28, 0.28)])
    _points(canvas, [(0.62, 0.16), (0.67, 0.16), (0.68, 0.5), (0.63, 0.5)])
    _points(canvas, [(0.28, 0.5), (0.7, 0.5), (0.76, 0.58), (0.26, 0.58)])
    for x0, x1 in ((0.3, 0.26), (0.72, 0.76), (0.42, 0.4), (0.62, 0.63)):
        _curve(canvas, [(x0, 0.56), (x1, 0.9)], leg)


def _headphones(canvas: np.ndarray, chance: np.random.Generator) -> None:
    t = np.linspace(np.pi, 2 * np.pi, 60)
    arch = [(0.5 + 0.26 * float(np.cos(a)), 0.5 + 0.34 * float(np.sin(a))) for a in t]
    _curve(canvas, arch, float(chance.uniform(0.015, 0.035)))
    _ellipse(canvas, (0.26, 0.6), (0.08, 0.13))
    _ellipse(canvas, (0.74, 0.6), (0.08, 0.13))


def _necklace(canvas: np.ndarray, chance: np.random.Generator) -> None:
    t = np.linspace(0, 2 * np.pi, 120)
    loop = [(0.5 + 0.26 * float(np.sin(a)), 0.42 - 0.28 * float(np.cos(a))) for a in t]
    _curve(canvas, loop, float(chance.uniform(0.008, 0.016)))
    _ellipse(canvas, (0.5, 0.77), (0.06, 0.08))


def _phone(canvas: np.ndarray, chance: np.random.Generator) -> None:
    half = float(chance.uniform(0.14, 0.2))
    _points(canvas, [(0.5 - half, 0.16), (0.5 + half, 0.16), (0.5 + half, 0.86), (0.5 - half, 0.86)])


def _blob(canvas: np.ndarray, chance: np.random.Generator) -> None:
    t = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    radius = 0.27 + sum(
        float(chance.uniform(0, 0.07 / k)) * np.sin(k * t + float(chance.uniform(0, 6.3))) for k in range(1, 6)
    )
    _points(canvas, list(zip(0.5 + radius * np.cos(t), 0.5 + radius * np.sin(t), strict=True)))


def _plush(canvas: np.ndarray, chance: np.random.Generator) -> None:
    """A furry edge: many short spikes."""
    t = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    radius = 0.28 + 0.02 * np.sin(3 * t) + chance.uniform(-0.012, 0.012, 400)
    _points(canvas, list(zip(0.5 + radius * np.cos(t), 0.54 + radius * np.sin(t), strict=True)))
    _ellipse(canvas, (0.33, 0.28), (0.08, 0.09))
    _ellipse(canvas, (0.67, 0.28), (0.08, 0.09))


def _shoe(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _points(
        canvas,
        [(0.15, 0.4), (0.3, 0.36), (0.36, 0.44), (0.55, 0.56), (0.8, 0.62), (0.87, 0.7), (0.86, 0.76), (0.14, 0.76),
         (0.13, 0.6)],
    )  # fmt: skip


def _teapot(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _ellipse(canvas, (0.5, 0.58), (0.24, 0.2))
    _ellipse(canvas, (0.5, 0.36), (0.04, 0.04))
    _points(canvas, [(0.7, 0.56), (0.86, 0.38), (0.9, 0.4), (0.72, 0.7)])
    _ellipse(canvas, (0.25, 0.55), (0.11, 0.14), width=0.028)


def _sunglasses(canvas: np.ndarray, chance: np.random.Generator) -> None:
    _ellipse(canvas, (0.32, 0.5), (0.15, 0.12))
    _ellipse(canvas, (0.68, 0.5), (0.15, 0.12))
    _curve(canvas, [(0.45, 0.46), (0.5, 0.44), (0.55, 0.46)], 0.016)
    _curve(canvas, [(0.17, 0.47), (0.1, 0.4)], 0.014)
    _curve(canvas, [(0.83, 0.47), (0.9, 0.4)], 0.014)


SHAPES: dict[str, Callable[[np.ndarray, np.random.Generator], None]] = {
    "bag": _bag, "blob": _blob, "bottle": _bottle, "box": _box, "chair": _chair, "headphones": _headphones,
    "lamp": _lamp, "lipstick": _lipstick, "mug": _mug, "necklace": _necklace, "phone": _phone, "plate": _plate,
    "plush": _plush, "ring": _ring, "scissors": _scissors, "shirt": _shirt, "shoe": _shoe,
    "sunglasses": _sunglasses, "teapot": _teapot, "tumbler": _tumbler, "wineglass": _wineglass,
}  # fmt: skip
_UPRIGHT = ("mug", "bottle", "box", "chair", "lamp", "wineglass", "tumbler", "teapot")
