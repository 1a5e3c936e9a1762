"""Measure cut-outs: `python -m benchmarks.photo [--first N] [--count N]` over synthetic products with known masks."""

from __future__ import annotations

import argparse
import time

import numpy as np

from benchmarks.photo_products import product
from lib_adcopy.photo.checks import changed_pixels
from lib_adcopy.photo.cutout import cut_out
from lib_adcopy.photo.loading import Photo
from lib_adcopy.photo.picture import on_drawn_ground


def main() -> None:
    """Print the overlap of every product, then the figures of docs/quality.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the first product's seed")
    parser.add_argument("--count", type=int, default=40)
    options = parser.parse_args()
    overlaps, seconds, changed = [], [], 0
    for seed in range(options.first, options.first + options.count):
        made = product(seed)
        begun = time.process_time()
        cutout = cut_out(Photo(made.image))
        seconds.append(time.process_time() - begun)
        found, known = cutout.alpha > 127, np.asarray(made.mask) > 127
        overlaps.append(float((found & known).sum() / (found | known).sum()))
        picture = on_drawn_ground(cutout, (800, 800), "surface", seed=seed)
        changed += changed_pixels(picture.image, picture.placed)
        print(f"{overlaps[-1]:.3f} {cutout.method:9} {cutout.confidence:.2f} {made.name}")
    below = sum(value < 0.9 for value in overlaps)
    print(f"IoU mean {np.mean(overlaps):.3f}, worst {min(overlaps):.3f}, below 0.9: {below} of {len(overlaps)}")
    print(f"processor seconds a photo {np.mean(seconds):.2f}; changed opaque pixels {changed}")


if __name__ == "__main__":
    main()
