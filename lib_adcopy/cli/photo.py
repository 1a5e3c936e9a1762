"""`adcopy photo`: a product photo cut out and set into a new scene or on a clean ground."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from lib_adcopy.cli.arguments import Commands


def add(commands: Commands) -> None:
    parser = commands.add("photo", _photo, "set the product of a photo into a new scene, unchanged")
    parser.add_argument("--image", type=Path, required=True, help="the product's photo: JPEG, PNG, WebP, HEIC")
    parser.add_argument("--mask", type=Path, help="a mask of the photo's own size, white on the product")
    scene = parser.add_mutually_exclusive_group()
    scene.add_argument("--scene", default="", help="the scene in words, or a ground's name")
    scene.add_argument("--brief", default="", help="the product in words; the scene follows from it")
    parser.add_argument("--format", default="", help="a platform's format (with a white ground: taobao-main)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--no-scene", action="store_true", help="only a white ground, as main pictures have")
    parser.add_argument("--kind", choices=("standing", "hanging", "lying", "worn"), help="how the product is shown")
    parser.add_argument("--seed", type=int, default=0)


def _photo(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.app.photo import picture_from_photo
    from lib_adcopy.copywriting.brief import parse_brief
    from lib_adcopy.photo.cutout import cut_out
    from lib_adcopy.photo.loading import open_mask, open_photo
    from lib_adcopy.photo.saving import file_stem, save_png

    photo = open_photo(options.image)
    mask = open_mask(options.mask, photo.image.size) if options.mask else None
    cutout = cut_out(photo, mask)
    brief = parse_brief(options.brief) if options.brief else None
    made = picture_from_photo(
        cutout,
        brief=brief,
        scene=options.scene,
        format_name=options.format,
        kind=options.kind or "",
        white=options.no_scene,
        seed=max(options.seed, 0),
    )
    stem = file_stem(photo.name)
    save_png(cutout.mask, options.out / f"{stem}-mask.png")
    save_png(made.picture.placed.product, options.out / f"{stem}-cutout.png")
    save_png(made.picture.image, options.out / f"{stem}-picture.png", photo.rights)
    return {
        "cutout": f"{stem}-cutout.png",
        "mask": f"{stem}-mask.png",
        "picture": f"{stem}-picture.png",
        "product_box": list(made.picture.box),
        "exact": made.picture.exact,
        "scene": made.picture.scene,
        "method": cutout.method,
        "confidence": round(cutout.confidence, 3),
        "notes": [note.text(options.language) for note in made.notes],
    }
