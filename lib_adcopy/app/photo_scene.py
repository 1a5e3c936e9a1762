"""The use case of a drawn scene: a cut-out's canvas and mask for the host's img2img, and the finished picture at the
format's own size."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.hosts.photo_scene import SceneRequest
from lib_adcopy.prompting.sizes import plan_size

if TYPE_CHECKING:
    from PIL.Image import Image

    from lib_adcopy.photo.cutout import Cutout
    from lib_adcopy.photo.picture import PhotoPicture
    from lib_adcopy.photo.placement import Placed, Placement

# The mask is drawn back into the product by so many px, or latents of 8 px leave a ring of the old canvas.
_ERODED = 6
_NEGATIVE = "text, watermark, logo, packaging, bottle, jar, box, person, hands, frame"
_CHUNK = "adcopy_photo"


def draw_scene(
    draw: Callable[[SceneRequest], DrawResult],
    cutout: Cutout,
    words: str,
    format_name: str,
    *,
    settings: DrawSettings | None = None,
    placement: Placement | None = None,
    base: str = "SD1",
) -> tuple[PhotoPicture, ...]:
    """Draw the scene that `words` describe (in English) around a cut-out; one picture a variant, at the format's size.

    `draw` is the host's own, in its queue; `base` the checkpoint's family. The pictures that the host saves hold the
    product unchanged at the size it draws.
    """
    from PIL import Image, ImageOps

    from lib_adcopy.photo.picture import finish
    from lib_adcopy.photo.placement import place

    plan = plan_size(format_name, base)
    drawing = replace(settings or DrawSettings(), width=plan.width, height=plan.height, hires_scale=1.0)
    small = place(cutout, (plan.width, plan.height), placement)
    result = draw(_request(small, words, drawing))
    large = place(cutout, plan.final, placement)
    made = []
    for picture in result.pictures:
        scene = ImageOps.fit(_without_product(picture.image, small), plan.final, Image.Resampling.LANCZOS)
        made.append(finish(scene, large, words))
    return tuple(made)


def _request(placed: Placed, words: str, drawing: DrawSettings) -> SceneRequest:
    from PIL import Image, ImageFilter

    from lib_adcopy.photo.picture import finish

    canvas = Image.new("RGB", placed.size, (200, 200, 200))
    canvas.paste(placed.product, placed.box[:2], placed.product.getchannel("A"))
    covered = Image.new("L", placed.size, 0)
    covered.paste(placed.product.getchannel("A").point(lambda value: 255 if value == 255 else 0), placed.box[:2])
    kept = covered.filter(ImageFilter.MinFilter(2 * _ERODED + 1))

    def finish_in_place(image: Image.Image) -> Mapping[str, str]:
        done = finish(image, placed, words)
        image.paste(done.image)
        return {_CHUNK: json.dumps({"exact": done.exact, "box": done.box})}

    return SceneRequest(
        f"empty {words}, clear centre, soft focus",
        _NEGATIVE,
        drawing,
        canvas=canvas,
        draw_mask=kept.point(lambda value: 255 - value),
        finish=finish_in_place,
    )


def _without_product(image: Image, placed: Placed) -> Image:
    """The scene with the product's place filled from around it, so that no rim of it shows beside a larger one."""
    import numpy as np
    from PIL import Image as PillowImage
    from PIL import ImageFilter

    cover = PillowImage.new("L", placed.size, 0)
    cover.paste(placed.product.getchannel("A").point(lambda value: 255 if value else 0), placed.box[:2])
    gone = np.asarray(cover.filter(ImageFilter.MaxFilter(9))) > 0
    scene = np.asarray(image.convert("RGB")).astype(np.float32)
    filled = scene.copy()
    for radius in (64, 24, 8):
        weight = np.where(gone, 0, 255).astype(np.uint8)
        blur = ImageFilter.GaussianBlur(radius)
        share = np.asarray(PillowImage.fromarray(weight).filter(blur)).astype(np.float32)[..., None] / 255
        seen = np.where(gone[..., None], 0, scene).astype(np.uint8)
        colour = np.asarray(PillowImage.fromarray(seen).filter(blur)).astype(np.float32)
        near = gone[..., None] & (share > 0.08)
        filled = np.where(near, colour / np.maximum(share, 0.01), filled)
    return PillowImage.fromarray(filled.clip(0, 255).astype(np.uint8))
