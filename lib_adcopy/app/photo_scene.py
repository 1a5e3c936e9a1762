"""The use case of a drawn scene: a cut-out's canvas and mask for the host's img2img, and the finished picture at the
format's own size."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import DrawRequest
from lib_adcopy.hosts.photo_scene import SceneRequest
from lib_adcopy.photo.grounds import GROUNDS

if TYPE_CHECKING:
    from PIL.Image import Image

    from lib_adcopy.photo.cutout import Cutout
    from lib_adcopy.photo.picture import PhotoPicture
    from lib_adcopy.photo.placement import Placed, Placement

# The mask is drawn back into the product by so many px, or latents of 8 px leave a ring of the old canvas.
ERODED = 6
# The keyword under which a picture's file says what of it is a photo and what was drawn.
CHUNK = "adcopy_photo"


@dataclass(frozen=True)
class SceneOrder:
    """Describe what to draw: `request` holds the prompt, the settings at the checkpoint's size, and what goes into the
    file.

    `size` is the finished picture's. `ground` names the drawn ground the scene begins with, `reference` is a picture
    that takes its place. `strength` 0..1 is how much of it may change. `scene` names the preset.
    """

    cutout: Cutout
    request: DrawRequest
    size: tuple[int, int]
    placement: Placement | None = None
    ground: str = "surface"
    reference: Image | None = None
    strength: float = 0.95
    scene: str = ""


@dataclass(frozen=True)
class DrawnScene:
    """A host's picture (its own size, saved by it) and the same at the finished size; `repeated` says that the scene
    shows the product a second time."""

    picture: Picture
    finished: PhotoPicture
    repeated: bool


@dataclass(frozen=True)
class SceneResult:
    """`drawn` is the host's answer as it came; `scenes` are its pictures finished, in its order."""

    drawn: DrawResult
    scenes: tuple[DrawnScene, ...] = field(default=())


def draw_scene(draw: Callable[[SceneRequest], DrawResult], order: SceneOrder) -> SceneResult:
    """Draw the scene around a cut-out. `draw` is the host's own, in its queue.

    The pictures that the host saves hold the product unchanged at the size it draws. Raises AdCopyError where a
    finished picture does not hold it unchanged.
    """
    from lib_adcopy.photo.placement import place

    settings = order.request.settings
    small = place(order.cutout, (settings.width, settings.height), order.placement)
    drawn = draw(scene_request(order, small))
    large = place(order.cutout, order.size, order.placement)
    scenes = tuple(_finished(order, picture, small, large) for picture in drawn.pictures)
    return SceneResult(drawn, scenes)


def scene_request(order: SceneOrder, placed: Placed) -> SceneRequest:
    """Return the host's run: the product on the ground the scene begins with, and white in the mask where it is
    drawn."""
    from lib_adcopy.photo.picture import finish

    request = order.request
    canvas = _canvas(order, placed)
    canvas.paste(placed.product, placed.box[:2], placed.product.getchannel("A"))
    kept = eroded(placed)

    def finish_in_place(image: Image) -> Mapping[str, str]:
        done = finish(image, placed, order.scene, light=_light(order))
        image.paste(done.image)
        return {CHUNK: scene_text(done, order.scene)}

    return SceneRequest(
        request.positive,
        request.negative,
        replace(request.settings, hires_scale=1.0),
        request.infotext,
        request.chunks,
        request.task_id,
        request.user,
        canvas=canvas,
        draw_mask=kept.point(lambda value: 255 - value),
        finish=finish_in_place,
        denoising=order.strength,
    )


def scene_text(picture: PhotoPicture, scene: str, *, generated: bool = True) -> str:
    """Return what a picture's file says of itself, as JSON: the product is a photo, the scene was drawn."""
    said = {
        "product": "photo",
        "scene": scene,
        "generated": "scene" if generated else "",
        "exact": picture.exact,
        "box": picture.box,
    }
    return json.dumps(said, ensure_ascii=False)


def eroded(placed: Placed) -> Image:
    """Return where the host must draw nothing (L, 255): the fully covered pixels, less a rim."""
    from PIL import Image as PillowImage
    from PIL import ImageFilter

    covered = PillowImage.new("L", placed.size, 0)
    opaque = placed.product.getchannel("A").point(lambda value: 255 if value == 255 else 0)
    covered.paste(opaque, placed.box[:2])
    # A mean of 255 has no other value in it; a tenth of the time that a minimum takes.
    return covered.filter(ImageFilter.BoxBlur(ERODED)).point(lambda value: 255 if value == 255 else 0)


def _canvas(order: SceneOrder, placed: Placed) -> Image:
    """Return the ground that the scene begins with: the reference, or one in the product's own hue with its horizon."""
    import numpy as np
    from PIL import Image as PillowImage
    from PIL import ImageOps

    from lib_adcopy.photo.colour import ground_colour
    from lib_adcopy.photo.grounds import Canvas, draw_ground

    if order.reference is not None:
        return ImageOps.fit(order.reference.convert("RGB"), placed.size, PillowImage.Resampling.LANCZOS)
    name = order.ground if order.ground in GROUNDS else "surface"
    colour = ground_colour(order.cutout.colours, order.cutout.alpha)
    random = np.random.default_rng(max(order.request.settings.seed, 0))
    canvas = Canvas(placed.size, colour, placed.ground_line, _light(order), random)
    return PillowImage.fromarray(draw_ground(name, canvas))


def _light(order: SceneOrder) -> int:
    """-1 where the prompt's light comes from the left or is not said, 1 from the right."""
    return 1 if "from the right" in order.request.positive else -1


def _finished(order: SceneOrder, picture: Picture, small: Placed, large: Placed) -> DrawnScene:
    """Return the host's picture at the finished size, the product pasted anew from the photo's own pixels."""
    from PIL import Image as PillowImage
    from PIL import ImageOps

    from lib_adcopy.photo.checks import is_repeated
    from lib_adcopy.photo.picture import finish

    repeated = is_repeated(picture.image, small)
    bare = without_product(picture.image, small)
    scene = ImageOps.fit(bare, order.size, PillowImage.Resampling.LANCZOS)
    done = finish(scene, large, order.scene, light=_light(order))
    if not done.exact:
        raise AdCopyError("photo.not_exact")
    return DrawnScene(picture, done, repeated)


def without_product(image: Image, placed: Placed) -> Image:
    """Return the scene with the product's place filled from around it, so that no rim of it shows beside a larger
    one."""
    import numpy as np
    from PIL import Image as PillowImage
    from PIL import ImageFilter

    cover = PillowImage.new("L", placed.size, 0)
    cover.paste(placed.product.getchannel("A").point(lambda value: 255 if value else 0), placed.box[:2])
    gone = np.asarray(cover.filter(ImageFilter.BoxBlur(4))) > 0
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
