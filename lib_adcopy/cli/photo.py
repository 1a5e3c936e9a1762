"""`adcopy photo`: a product photo cut out and set into a new scene or on a clean ground."""

from __future__ import annotations

import argparse
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.cli.arguments import Commands, add_fields
from lib_adcopy.cli.opening import open_studio, settings_given

if TYPE_CHECKING:
    from lib_adcopy.app.studio import Studio
    from lib_adcopy.domain.ad import Ad
    from lib_adcopy.i18n import Message
    from lib_adcopy.photo.cutout import Cutout
    from lib_adcopy.photo.picture import PhotoPicture
    from lib_adcopy.storage.aigc_label import AigcLabel



def add(commands: Commands) -> None:
    from lib_adcopy.domain.drawing import DrawSettings
    from lib_adcopy.domain.photo import SceneChoice

    parser = commands.add("photo", _photo, "set the product of a photo into a new scene, unchanged")
    parser.add_argument("--image", type=Path, required=True, help="the product's photo: JPEG, PNG, WebP, HEIC")
    parser.add_argument("--mask", type=Path, help="a mask of the photo's own size, white on the product")
    scene = parser.add_mutually_exclusive_group()
    scene.add_argument("--scene", default="", help="the scene in words, or the name of a ground or a preset")
    scene.add_argument("--brief", default="", help="the product in words; the scene follows from it")
    parser.add_argument("--format", default="", help="a platform's format (with a white ground: taobao-main)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--no-scene", action="store_true", help="only a white ground, as main pictures have")
    parser.add_argument("--reference", type=Path, help="a picture whose ground the scene begins with")
    parser.add_argument("--seed", type=int, default=0)
    add_fields(parser, SceneChoice)
    add_fields(parser, DrawSettings)


def _photo(options: argparse.Namespace) -> dict[str, Any]:
    from lib_adcopy.photo.cutout import cut_out
    from lib_adcopy.photo.loading import open_mask, open_photo
    from lib_adcopy.photo.saving import file_stem, save_png
    from lib_adcopy.photo.segmentation import best_model

    studio = open_studio(options, creatives=options.out)
    photo = open_photo(options.image)
    mask = open_mask(options.mask, photo.image.size) if options.mask else None
    paths = studio.host.paths()
    cutout = cut_out(photo, mask, best_model((paths.models, *paths.extra_models)))
    made, scene, notes, infotext = _made(studio, options, cutout)
    stem = file_stem(photo.name)
    save_png(cutout.mask, options.out / f"{stem}-mask.png")
    save_png(made.placed.product, options.out / f"{stem}-cutout.png")
    texts, label = _said(made, infotext)
    save_png(made.image, options.out / f"{stem}-picture.png", photo.rights, texts=texts, label=label)
    return {
        "cutout": f"{stem}-cutout.png",
        "mask": f"{stem}-mask.png",
        "picture": f"{stem}-picture.png",
        "product_box": list(made.box),
        "exact": made.exact,
        "scene": scene,
        "generated": "scene" if infotext else "",
        "method": cutout.method,
        "confidence": round(cutout.confidence, 3),
        "notes": [note.text(options.language) for note in notes],
    }


def _made(
    studio: Studio, options: argparse.Namespace, cutout: Cutout
) -> tuple[PhotoPicture, str, tuple[Message, ...], str]:
    """Return the finished picture, its scene, notes, and the infotext of the run that drew the scene ("" for none)."""
    from lib_adcopy.app.photo import picture_from_photo
    from lib_adcopy.app.photo_studio import placement_of

    ad = _ad(studio, options)
    if studio.host.can_draw and not options.no_scene:
        finished, notes, infotext = studio.photos.drawn_scene(ad, cutout, stop=threading.Event())
        return finished, finished.scene, notes, infotext
    made = picture_from_photo(
        cutout,
        brief=ad.brief if options.brief else None,
        scene=ground_words(options.scene, ad),
        format_name=options.format,
        placement=placement_of(ad),
        white=options.no_scene,
        seed=max(options.seed, 0),
    )
    return made.picture, made.picture.scene, made.notes, ""


def _ad(studio: Studio, options: argparse.Namespace) -> Ad:
    """Return the ad that the options begin; without a brief the photo's file name says what the product is."""
    from lib_adcopy.domain.ad import Ad
    from lib_adcopy.domain.brief import Brief
    from lib_adcopy.domain.drawing import DrawSettings
    from lib_adcopy.domain.layout import DEFAULT_FORMAT, LayoutChoice
    from lib_adcopy.domain.photo import ProductPhoto, SceneChoice
    from lib_adcopy.photo.presets import presets

    brief = studio.parse(options.brief) if options.brief else Brief("")
    named = options.scene.strip().lower() in presets()
    choice = SceneChoice(**settings_given(options, SceneChoice))
    if named:
        choice = replace(choice, preset=options.scene.strip().lower())
    elif options.scene:
        choice = replace(choice, words=options.scene)
    layout = LayoutChoice(format=options.format or DEFAULT_FORMAT, layout_seed=max(options.seed, 0))
    settings = studio.styling.settings(studio.styling.style("classic"), layout.format)
    settings = replace(settings, **settings_given(options, DrawSettings))
    photo = ProductPhoto(options.image, reference=options.reference)
    return Ad(brief, photo=photo, scene=choice, layout=layout, drawing=settings)


def ground_words(scene: str, ad: Ad) -> str:
    """Return what chooses a drawn ground: the words, or the ground of the preset they name."""
    from lib_adcopy.domain.photo import AUTO
    from lib_adcopy.photo.presets import preset

    return preset(ad.scene.preset).ground if ad.scene.preset != AUTO else scene


def _said(made: PhotoPicture, infotext: str) -> tuple[dict[str, str], AigcLabel | None]:
    """Return the picture's texts, and its label where a model drew the scene."""
    from lib_adcopy.app.photo_scene import CHUNK, scene_text
    from lib_adcopy.storage.aigc_label import make_label

    texts = {CHUNK: scene_text(made, made.scene, generated=bool(infotext))}
    if infotext:
        texts["parameters"] = infotext
    return texts, make_label() if infotext else None
