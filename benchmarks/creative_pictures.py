"""Product pictures drawn by ray marching signed distances: creatives are measured on something like photographs.

Each picture is (RGB image, product mask): a product of simple bodies on seamless paper, on a table, or outdoors, with a
soft key light, a contact shadow and a blurred ground. Sizes are in the picture's own units, y up, the floor at 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFilter

Array = np.ndarray
_KEY = np.array([-0.55, 0.75, 0.5], dtype=np.float32)
_KEY /= np.linalg.norm(_KEY)


@dataclass(frozen=True)
class Body:
    """A signed distance, its colour (0-1) and gloss (0 matt, 1 like glass)."""

    distance: Callable[[Array], Array]
    colour: tuple[float, float, float]
    gloss: float = 0.4


def cylinder(
    radius: float, low: float, high: float, edge: float = 0.02, x: float = 0.0, z: float = 0.0
) -> Callable[[Array], Array]:
    def distance(p: Array) -> Array:
        across = np.hypot(p[..., 0] - x, p[..., 2] - z) - radius + edge
        along = np.abs(p[..., 1] - (low + high) / 2) - (high - low) / 2 + edge
        outside = np.hypot(np.maximum(across, 0), np.maximum(along, 0))
        return np.minimum(np.maximum(across, along), 0) + outside - edge

    return distance


def cone(
    low_radius: float, high_radius: float, low: float, high: float, edge: float = 0.015, x: float = 0.0
) -> Callable[[Array], Array]:
    def distance(p: Array) -> Array:
        share = np.clip((p[..., 1] - low) / (high - low), 0, 1)
        radius = low_radius + (high_radius - low_radius) * share
        across = (np.hypot(p[..., 0] - x, p[..., 2]) - radius + edge) * 0.92
        along = np.abs(p[..., 1] - (low + high) / 2) - (high - low) / 2 + edge
        outside = np.hypot(np.maximum(across, 0), np.maximum(along, 0))
        return np.minimum(np.maximum(across, along), 0) + outside - edge

    return distance


def box(
    half: tuple[float, float, float], middle: tuple[float, float, float], edge: float = 0.03, turn: float = 0.0
) -> Callable[[Array], Array]:
    cos, sin = np.cos(turn), np.sin(turn)

    def distance(p: Array) -> Array:
        x, y, z = (p[..., axis] - middle[axis] for axis in range(3))
        q = (
            np.stack(
                [np.abs(cos * x - sin * z) - half[0], np.abs(y) - half[1], np.abs(sin * x + cos * z) - half[2]], -1
            )
            + edge
        )
        return np.linalg.norm(np.maximum(q, 0), axis=-1) + np.minimum(q.max(axis=-1), 0) - edge

    return distance


def ball(radius: float, middle: tuple[float, float, float], squash: float = 1.0) -> Callable[[Array], Array]:
    def distance(p: Array) -> Array:
        q = p - np.asarray(middle, dtype=np.float32)
        return (np.sqrt(q[..., 0] ** 2 + (q[..., 1] / squash) ** 2 + q[..., 2] ** 2) - radius) * min(1.0, squash)

    return distance


def ring(
    radius: float, thick: float, middle: tuple[float, float, float], tall: float = 1.0
) -> Callable[[Array], Array]:
    """A torus that stands upright, facing the viewer."""

    def distance(p: Array) -> Array:
        x, y, z = (p[..., axis] - middle[axis] for axis in range(3))
        return np.hypot(np.hypot(x, y / tall) - radius, z) - thick

    return distance


def _leaf(number: int) -> tuple[float, float, float]:
    turn = 2.4 * number
    return float(0.26 * np.sin(turn)), 0.75 + 0.055 * number, float(0.26 * np.cos(turn))


PRODUCTS: dict[str, tuple[Body, ...]] = {
    "serum": (
        Body(cylinder(0.34, 0.0, 0.95, 0.07), (0.16, 0.42, 0.36), 0.9),
        Body(cylinder(0.345, 0.22, 0.72, 0.01), (0.95, 0.94, 0.9), 0.15),
        Body(cylinder(0.12, 0.9, 1.05, 0.02), (0.8, 0.68, 0.42), 0.8),
        Body(cylinder(0.15, 1.02, 1.32, 0.05), (0.07, 0.08, 0.08), 0.6),
    ),
    "cream": (
        Body(cylinder(0.5, 0.0, 0.5, 0.08), (0.95, 0.82, 0.8), 0.6),
        Body(cylinder(0.52, 0.5, 0.74, 0.04), (0.82, 0.62, 0.5), 0.9),
        Body(cylinder(0.505, 0.14, 0.36, 0.01), (0.99, 0.96, 0.94), 0.2),
    ),
    "mug": (
        Body(cylinder(0.42, 0.0, 0.86, 0.05), (0.8, 0.76, 0.68), 0.4),
        Body(ring(0.24, 0.055, (0.46, 0.45, 0.0), 1.1), (0.8, 0.76, 0.68), 0.4),
        Body(cylinder(0.425, 0.3, 0.42, 0.01), (0.75, 0.36, 0.22), 0.3),
    ),
    "tin": (
        Body(cylinder(0.44, 0.0, 1.0, 0.03), (0.2, 0.3, 0.2), 0.35),
        Body(cylinder(0.45, 1.0, 1.14, 0.03), (0.72, 0.58, 0.32), 0.85),
        Body(cylinder(0.445, 0.28, 0.72, 0.01), (0.93, 0.9, 0.8), 0.1),
    ),
    "can": (
        Body(cylinder(0.3, 0.06, 1.02, 0.05), (0.85, 0.16, 0.14), 0.8),
        Body(cylinder(0.27, 0.0, 1.08, 0.03), (0.8, 0.8, 0.82), 0.9),
        Body(cylinder(0.305, 0.42, 0.66, 0.01), (0.97, 0.9, 0.75), 0.4),
    ),
    "speaker": (
        Body(box((0.5, 0.5, 0.32), (0.0, 0.5, 0.0), 0.14, 0.35), (0.1, 0.11, 0.13), 0.35),
        Body(ball(0.27, (-0.12, 0.5, 0.24), 1.0), (0.2, 0.22, 0.26), 0.6),
        Body(box((0.5, 0.03, 0.33), (0.0, 0.9, 0.0), 0.03, 0.35), (0.16, 0.5, 0.95), 0.5),
    ),
    "carton": (
        Body(box((0.42, 0.56, 0.22), (0.0, 0.56, 0.0), 0.012, 0.5), (0.95, 0.72, 0.2), 0.15),
        Body(box((0.425, 0.2, 0.225), (0.0, 0.62, 0.0), 0.01, 0.5), (0.98, 0.95, 0.86), 0.1),
    ),
    "thermos": (
        Body(cylinder(0.25, 0.0, 1.15, 0.05), (0.18, 0.28, 0.46), 0.45),
        Body(cylinder(0.2, 1.12, 1.42, 0.05), (0.85, 0.86, 0.88), 0.85),
        Body(cylinder(0.254, 0.0, 0.08, 0.03), (0.85, 0.86, 0.88), 0.85),
    ),
    "lamp": (
        Body(cone(0.5, 0.26, 0.72, 1.25, 0.02), (0.95, 0.86, 0.68), 0.15),
        Body(cylinder(0.04, 0.1, 0.8, 0.01), (0.7, 0.56, 0.32), 0.8),
        Body(cylinder(0.3, 0.0, 0.08, 0.03), (0.7, 0.56, 0.32), 0.8),
    ),
    "pot": (
        Body(cone(0.28, 0.4, 0.0, 0.52, 0.03), (0.76, 0.42, 0.28), 0.15),
        *(Body(ball(0.2, _leaf(n), 1.4), (0.18 + 0.02 * n, 0.42, 0.2), 0.25) for n in range(8)),
    ),
    "toy": (
        Body(ball(0.42, (0.0, 0.42, 0.0), 0.95), (0.96, 0.78, 0.3), 0.3),
        Body(ball(0.32, (0.0, 0.98, 0.0)), (0.96, 0.78, 0.3), 0.3),
        Body(ball(0.12, (-0.25, 1.24, 0.0)), (0.9, 0.5, 0.3), 0.3),
        Body(ball(0.12, (0.25, 1.24, 0.0)), (0.9, 0.5, 0.3), 0.3),
        Body(ball(0.05, (-0.11, 1.02, 0.29)), (0.1, 0.08, 0.08), 0.9),
        Body(ball(0.05, (0.11, 1.02, 0.29)), (0.1, 0.08, 0.08), 0.9),
    ),
    "gift": (
        Body(box((0.5, 0.3, 0.36), (0.0, 0.3, 0.0), 0.02, 0.45), (0.66, 0.1, 0.12), 0.25),
        Body(box((0.52, 0.08, 0.38), (0.0, 0.64, 0.0), 0.02, 0.45), (0.72, 0.12, 0.13), 0.25),
        Body(box((0.07, 0.36, 0.385), (0.0, 0.37, 0.0), 0.01, 0.45), (0.9, 0.74, 0.42), 0.6),
        Body(ring(0.12, 0.035, (-0.13, 0.82, 0.05)), (0.9, 0.74, 0.42), 0.6),
        Body(ring(0.12, 0.035, (0.13, 0.82, 0.05)), (0.9, 0.74, 0.42), 0.6),
    ),
}  # fmt: skip

# (wall, floor) in 0-1; "bokeh" draws lights out of focus, "wood" and "stone" grain the floor.
GROUNDS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float], str]] = {
    "paper": ((0.9, 0.9, 0.89), (0.9, 0.9, 0.89), ""),
    "white": ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), ""),
    "peach": ((0.95, 0.8, 0.72), (0.95, 0.8, 0.72), ""),
    "sage": ((0.72, 0.79, 0.71), (0.72, 0.79, 0.71), ""),
    "cafe": ((0.42, 0.28, 0.19), (0.36, 0.22, 0.13), "wood bokeh"),
    "kitchen": ((0.82, 0.8, 0.75), (0.6, 0.44, 0.29), "wood bokeh"),
    "garden": ((0.36, 0.5, 0.27), (0.5, 0.46, 0.38), "stone bokeh"),
    "night": ((0.06, 0.07, 0.13), (0.08, 0.09, 0.12), "stone bokeh"),
    "beach": ((0.55, 0.76, 0.9), (0.88, 0.78, 0.6), "stone"),
}


@lru_cache(maxsize=64)
def picture(
    product: str, ground: str, width: int = 576, height: int = 768, seed: int = 0
) -> tuple[Image.Image, Image.Image]:
    """A product before a ground, and its mask (white = product)."""
    bodies = PRODUCTS[product]
    origin, rays = _rays(width, height, _height(product))
    hit, where = _march(bodies, origin, rays)
    wall, floor, manner = GROUNDS[ground]
    pixels = _backdrop(origin, rays, wall, floor, manner, bodies, seed)
    colour = _shaded(bodies, where, rays, wall)
    pixels = np.where(hit[..., None], colour, pixels)
    mask = Image.fromarray((hit * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))
    noise = np.random.default_rng(seed).normal(0, 0.006, pixels.shape[:2])[..., None]
    image = Image.fromarray((np.clip(pixels + noise, 0, 1) * 255).astype(np.uint8))
    soft = image.filter(ImageFilter.GaussianBlur(0.7))
    return Image.composite(image, soft, mask), mask


def _height(product: str) -> float:
    return {"cream": 0.85, "mug": 1.1, "speaker": 1.15, "carton": 1.15, "gift": 1.15}.get(product, 1.3)


def _rays(width: int, height: int, tall: float) -> tuple[Array, Array]:
    origin = np.array([0.0, tall * 0.5 + 0.55, 4.2], dtype=np.float32)
    target = np.array([0.0, tall * 0.5, 0.0], dtype=np.float32)
    forward = (target - origin) / np.linalg.norm(target - origin)
    right = np.cross(forward, [0, 1, 0])
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    scale = 0.48 * max(tall / 1.3, 0.75) * max(1.0, 0.75 * height / width)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * scale * width / height
    y = np.linspace(1, -1, height, dtype=np.float32)[:, None] * scale
    rays = forward + (x[..., None] * right + y[..., None] * up) * 0.62
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    return origin, rays.astype(np.float32)


def _field(bodies: tuple[Body, ...], p: Array) -> Array:
    nearest = bodies[0].distance(p)
    for body in bodies[1:]:
        nearest = np.minimum(nearest, body.distance(p))
    return nearest


def _march(bodies: tuple[Body, ...], origin: Array, rays: Array) -> tuple[Array, Array]:
    travelled = np.full(rays.shape[:2], 2.2, dtype=np.float32)
    active = np.ones(rays.shape[:2], dtype=bool)
    for _ in range(72):
        distance = _field(bodies, origin + rays[active] * travelled[active][:, None])
        travelled[active] += np.clip(distance, 0.0, 0.6)
        moving = (distance > 0.0015) & (travelled[active] < 6)
        active[active] = moving
        if not active.any():
            break
    where = origin + rays * travelled[..., None]
    return (travelled < 6) & (where[..., 1] > -0.01), where


def _normals(bodies: tuple[Body, ...], p: Array) -> Array:
    step = 0.003
    parts = []
    for axis in range(3):
        shift = np.zeros(3, dtype=np.float32)
        shift[axis] = step
        parts.append(_field(bodies, p + shift) - _field(bodies, p - shift))
    normal = np.stack(parts, axis=-1)
    return normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)


def _shaded(bodies: tuple[Body, ...], p: Array, rays: Array, wall: tuple[float, float, float]) -> Array:
    normal = _normals(bodies, p)
    distances = np.stack([body.distance(p) for body in bodies], axis=-1)
    which = distances.argmin(axis=-1)
    colours = np.array([body.colour for body in bodies], dtype=np.float32)[which]
    gloss = np.array([body.gloss for body in bodies], dtype=np.float32)[which][..., None]
    light = np.clip((normal @ _KEY)[..., None], 0, 1)
    sky = 0.5 + 0.5 * normal[..., 1:2]
    room = np.asarray(wall, dtype=np.float32)
    near = np.clip(_field(bodies, p + normal * 0.12) / 0.12, 0, 1)[..., None] * np.clip(p[..., 1:2] / 0.12 + 0.45, 0, 1)
    colour = colours * (0.95 * light + (0.32 * sky + 0.18) * (0.5 + 0.5 * room) * near)
    mirrored = rays - 2 * (rays * normal).sum(axis=-1, keepdims=True) * normal
    # A tall softbox at the left, a strip at the right.
    box_left = np.exp(-(((mirrored[..., 0:1] + 0.62) / 0.16) ** 2)) * (mirrored[..., 2:3] > -0.2)
    strip = 0.5 * np.exp(-(((mirrored[..., 0:1] - 0.8) / 0.07) ** 2)) * (mirrored[..., 2:3] > -0.3)
    edge = (1 - np.clip(-(rays * normal).sum(axis=-1, keepdims=True), 0, 1)) ** 4
    return colour + gloss * (0.55 * box_left + strip) * near + gloss * edge * (0.25 + 0.45 * room)


def _backdrop(
    origin: Array, rays: Array, wall: tuple[float, float, float], floor: tuple[float, float, float], manner: str,
    bodies: tuple[Body, ...], seed: int,
) -> Array:  # fmt: skip
    """Floor with the products' shadow, and the wall behind."""
    height, width = rays.shape[:2]
    down = np.minimum(rays[..., 1], -1e-4)
    reach = -origin[1] / down
    ground = origin + rays * reach[..., None]
    far = np.clip((reach - 4.4) / 2.2, 0, 1)
    blend = (far * far * (3 - 2 * far))[..., None]
    if "wood" in manner or "stone" in manner:
        blend = np.clip((reach - 6.6) / 0.5, 0, 1)[..., None]
    floor_colour = np.asarray(floor, dtype=np.float32) * _texture(ground, manner, seed)
    shadow = _shadow(bodies, ground)
    lit = floor_colour * (0.55 + 0.45 * shadow)[..., None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None]
    glow = 1.04 - 0.1 * ((x + 0.25) ** 2 + (y + 0.1) ** 2)
    behind = np.asarray(wall, dtype=np.float32) * glow
    if "bokeh" in manner:
        behind = behind + _bokeh(width, height, wall, seed)
    return lit * glow * (1 - blend) + behind * blend


def _texture(p: Array, manner: str, seed: int) -> Array:
    if "wood" in manner:
        plank = np.floor(p[..., 2] * 1.6)
        grain = 0.05 * np.sin(p[..., 2] * 90 + 4 * np.sin(p[..., 0] * 2.2 + plank)) + 0.06 * np.sin(plank * 12.9)
        seam = 0.25 * np.exp(-((((p[..., 2] * 1.6) % 1) / 0.02) ** 2))
        return (1 + grain - seam)[..., None]
    if "stone" in manner:
        grain = 0.05 * np.sin(p[..., 0] * 31 + 3 * np.sin(p[..., 2] * 17)) * np.sin(p[..., 2] * 43)
        return (1 + grain)[..., None]
    return np.ones((*p.shape[:2], 1), dtype=np.float32)


def _shadow(bodies: tuple[Body, ...], ground: Array) -> Array:
    """Soft shadow of the key light on the floor, and the contact's darkness."""
    light = np.ones(ground.shape[:2], dtype=np.float32)
    travelled = np.full(ground.shape[:2], 0.03, dtype=np.float32)
    near = (np.abs(ground[..., 0]) < 3) & (np.abs(ground[..., 2]) < 4)
    for _ in range(22):
        distance = _field(bodies, ground + _KEY * travelled[..., None])
        light = np.minimum(light, np.where(near, np.clip(5 * distance / travelled, 0, 1), 1))
        travelled += np.clip(distance, 0.03, 0.25)
    contact = np.clip(_field(bodies, ground) / 0.28, 0, 1)
    return (0.35 + 0.65 * light) * (0.45 + 0.55 * contact)


def _bokeh(width: int, height: int, wall: tuple[float, float, float], seed: int) -> Array:
    """Discs of light out of focus, in the wall's hue."""
    generator = np.random.default_rng(seed + 11)
    layer = np.zeros((height // 4, width // 4, 3), dtype=np.float32)
    y, x = np.mgrid[0 : height // 4, 0 : width // 4]
    for _ in range(34):
        u, v, radius = generator.uniform(0, width // 4), generator.uniform(0, height * 0.14), generator.uniform(3, 15)
        tint = np.clip(np.asarray(wall) + generator.normal(0.12, 0.12, 3), 0.05, 1)
        layer += (((x - u) ** 2 + (y - v) ** 2) < radius**2)[..., None] * tint * generator.uniform(0.06, 0.26)
    image = Image.fromarray((np.clip(layer, 0, 1) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(2.2))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32) / 255
