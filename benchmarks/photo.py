"""Measure product photos: `python -m benchmarks.photo [--count N] [--runs N] [--sheet FILE]`.

Cut-outs of synthetic products with known masks, on their own even grounds and pasted on real photographs; pictures
whose product must be unchanged in the saved file; the seconds that our part adds to a host's img2img run.
"""

from __future__ import annotations

import argparse
import io
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.photo_products import Product, product
from lib_adcopy.app.photo_scene import SceneOrder, draw_scene
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import DrawRequest
from lib_adcopy.photo.checks import changed_pixels
from lib_adcopy.photo.cutout import Cutout, cut_out
from lib_adcopy.photo.grounds import GROUNDS
from lib_adcopy.photo.loading import Photo
from lib_adcopy.photo.placement import Placement

if TYPE_CHECKING:
    from lib_adcopy.hosts.photo_scene import SceneRequest

# The size a checkpoint of SD1.5 draws, and the finished one.
_DRAWN, _FINISHED = (512, 640), (1080, 1440)
_KINDS = ("standing", "hanging", "lying", "worn")
# Photographs that scikit-image and scikit-learn ship; none of them comes with a mask of a product.
_GROUNDS = ("coffee", "chelsea", "rocket", "astronaut", "china", "flower")


def main() -> None:
    """Print the overlap of every product, then the figures of docs/quality.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the first product's seed")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--runs", type=int, default=200, help="pictures whose product must be unchanged")
    parser.add_argument("--sheet", type=Path, help="write a contact sheet (JPEG)")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.count)
    cutouts = _overlaps("even grounds", [product(seed) for seed in seeds])
    _overlaps("pasted on photographs", [_cluttered(seed) for seed in seeds])
    _exactness(cutouts, options.runs)
    _seconds(cutouts[0])
    if options.sheet:
        from benchmarks.photo_sheet import write_sheet

        write_sheet(options.sheet)


def _overlaps(title: str, products: list[Product]) -> list[Cutout]:
    """Cut every product out and print how far its mask is the known one; return the cut-outs by the known masks."""
    overlaps, seconds, sure = [], [], []
    for made in products:
        begun = time.process_time()
        found, method, confidence = _cut(made)
        seconds.append(time.process_time() - begun)
        known = np.asarray(made.mask) > 127
        overlaps.append(float((found & known).sum() / (found | known).sum()))
        sure.append(confidence >= 0.6)
        print(f"{overlaps[-1]:.3f} {method:9} {confidence:.2f} {made.name}", flush=True)
    values = np.array(overlaps)
    low, asked = values < 0.9, ~np.array(sure)
    print(f"{title}: IoU mean {values.mean():.3f}, median {np.median(values):.3f}, worst {values.min():.3f}, "
          f"below 0.9: {low.sum()} of {len(values)}, of these asked about: {(asked & low).sum()}, "
          f"asked about in all: {asked.sum()}; processor seconds each {np.mean(seconds):.2f}", flush=True)  # fmt: skip
    return [cut_out(Photo(made.image), made.mask) for made in products[:10]]


def _cut(made: Product) -> tuple[np.ndarray, str, float]:
    try:
        cutout = cut_out(Photo(made.image))
    except AdCopyError:
        return np.zeros(made.mask.size[::-1], bool), "none", 0.0
    return cutout.alpha > 127, cutout.method, cutout.confidence


def _cluttered(seed: int) -> Product:
    """A synthetic product pasted on a real photograph."""
    made = product(seed)
    ground = _photograph(_GROUNDS[seed % len(_GROUNDS)]).resize(made.image.size, Image.Resampling.BICUBIC)
    image = Image.composite(made.image, ground, made.mask)
    return Product(f"{made.name} on {_GROUNDS[seed % len(_GROUNDS)]}", image, made.mask)


def _photograph(name: str) -> Image.Image:
    if name in ("china", "flower"):
        from sklearn.datasets import load_sample_image

        return Image.fromarray(load_sample_image(f"{name}.jpg"))
    from skimage import data

    return Image.fromarray(getattr(data, name)()).convert("RGB")


def _host(random: np.random.Generator):
    """A host that draws noise wherever it may, saves a PNG and reads it back."""

    def draw(request: SceneRequest) -> DrawResult:
        noise = random.integers(0, 256, (*request.canvas.size[::-1], 3), np.uint8)
        image = Image.composite(Image.fromarray(noise), request.canvas, request.draw_mask)
        request.finish(image)
        return DrawResult((Picture(_saved(image), "", 1),))

    return draw


def _saved(image: Image.Image) -> Image.Image:
    held = io.BytesIO()
    image.save(held, "PNG", compress_level=1)
    return Image.open(io.BytesIO(held.getvalue())).convert("RGB")


def _exactness(cutouts: list[Cutout], runs: int) -> None:
    """Draw scenes with random placements, grounds and sizes; count opaque pixels that differ in the saved files."""
    from lib_adcopy.photo.placement import place

    random = np.random.default_rng(7)
    changed = compared = 0
    for run in range(runs):
        placement = Placement(
            _KINDS[run % 4],
            float(random.uniform(0.4, 1.4)),
            (float(random.uniform(-0.2, 0.2)), float(random.uniform(-0.2, 0.2))),
            float(random.choice([0, 0, 7, 90, 180])),
            bool(random.integers(2)),
        )
        drawn = [(256, 320), (320, 256), (256, 256), (192, 384)][run // 4 % 4]
        size = [(400, 400), (540, 720), (720, 540), (375, 500)][run // 16 % 4]
        request = DrawRequest("empty stone top", "", DrawSettings(*drawn, seed=run))
        ground = list(GROUNDS)[run % len(GROUNDS)]
        order = SceneOrder(cutouts[run % len(cutouts)], request, size, placement, ground, scene=ground)
        for scene in draw_scene(_host(random), order).scenes:
            small = place(order.cutout, drawn, placement)
            changed += changed_pixels(scene.picture.image, small)
            changed += changed_pixels(_saved(scene.finished.image), scene.finished.placed)
            compared += _opaque(small.product) + _opaque(scene.finished.placed.product)
    print(f"exactness: {runs} runs, {compared} opaque pixels in two files each, {changed} changed", flush=True)


def _opaque(image: Image.Image) -> int:
    return int((np.asarray(image.getchannel("A")) == 255).sum())


def _seconds(cutout: Cutout, repeats: int = 5) -> None:
    """Print the seconds of our part of a scene: canvas and mask before, pasting, checks, full size and file after."""
    order = SceneOrder(cutout, DrawRequest("empty stone top", "", DrawSettings(*_DRAWN, seed=1)), _FINISHED)
    spent, held = [], []
    for _ in range(repeats):
        inside = [0.0, 0.0]

        def draw(request: SceneRequest, inside: list[float] = inside) -> DrawResult:
            begun = time.process_time()
            image = Image.composite(Image.new("RGB", request.canvas.size, (90, 110, 100)), request.canvas,
                                    request.draw_mask)  # fmt: skip
            drawn = time.process_time()
            request.finish(image)
            inside[:] = drawn - begun, time.process_time() - drawn
            return DrawResult((Picture(image, "", 1),))

        begun = time.process_time()
        made = draw_scene(draw, order)
        made.scenes[0].finished.image.save(io.BytesIO(), "PNG", compress_level=3)
        spent.append(time.process_time() - begun - inside[0])
        held.append(inside[1])
    print(f"processor seconds of our part, {_DRAWN} drawn, {_FINISHED} finished and saved: {np.median(spent):.2f}, "
          f"of these within the host's run: {np.median(held):.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
