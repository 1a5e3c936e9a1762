"""Pictures in their frames, and a product set down on the ground with its shadow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lib_adcopy.creative.canvas import RING, Arrangement, PlacedPicture, product_box
from lib_adcopy.creative.colour import mix, shade, to_oklch
from lib_adcopy.creative.elements import Box, Shape
from lib_adcopy.creative.paint.shapes import mask_of
from lib_adcopy.creative.placing import paint_window

if TYPE_CHECKING:
    from PIL.Image import Image


# A shadow on a strong colour has to be deeper than on paper to be seen.
_DEEPER = 1.25
# A ground lighter than this counts as white; how much of the accent takes its place.
_WHITE, _TINT = 0.94, 0.2


def paint_pictures(canvas: Image, made: Arrangement) -> Image:
    """Return the canvas with every picture; a full-bleed one takes the canvas's place."""
    for index, placed in enumerate(made.pictures):
        if placed.frame == "bleed":
            canvas = paint_window(placed.picture, placed.window, canvas.size)
        elif placed.frame == "product":
            _product(canvas, placed, made)
        elif placed.frame == "polaroid":
            _polaroid(canvas, placed, made, index)
        else:
            _framed(canvas, placed, made)
    return canvas


def _framed(canvas: Image, placed: PlacedPicture, made: Arrangement) -> None:
    box = placed.box
    left, top = math.floor(box.left), math.floor(box.top)
    size = max(1, math.ceil(box.right) - left), max(1, math.ceil(box.bottom) - top)
    tinted = _stands_on_white(placed)
    picture = _on_tint(placed, size, made) if tinted else paint_window(placed.picture, placed.window, size)
    short = min(canvas.size)
    if placed.frame == "box":
        canvas.paste(picture, (left, top))
    elif placed.frame == "round":
        canvas.paste(picture, (left, top), mask_of(Shape("round", box, (0, 0, 0), options={"radius": 0.03 * short})))
    elif placed.frame == "circle":
        _ring(canvas, box, made)
        canvas.paste(picture, (left, top), mask_of(Shape("circle", box, (0, 0, 0))))
    elif placed.frame == "arch":
        canvas.paste(picture, (left, top), _arch(size))
    elif placed.frame == "slant":
        side = "left" if box.left > canvas.width * 0.2 else "right" if box.right < canvas.width * 0.9 else "bottom"
        canvas.paste(picture, (left, top), mask_of(Shape("slant", box, (0, 0, 0), options={"side": side, "lean": 0.2})))


def _stands_on_white(placed: PlacedPicture) -> bool:
    """Tell whether a round frame shows a product on white, which would be a hole in the layout's ground."""
    analysis = placed.picture.analysis
    white = analysis.plain and to_oklch(analysis.ground)[0] > _WHITE
    return placed.frame in ("circle", "arch") and white and placed.picture.cutout is not None


def _on_tint(placed: PlacedPicture, size: tuple[int, int], made: Arrangement) -> Image:
    """Return the window with the product alone on the accent's tint, where and as large as the photograph has it."""
    from PIL import Image

    palette, window = made.order.palette, placed.window
    canvas = Image.new("RGB", size, mix(palette.ground, palette.accent, _TINT))
    cutout, shape = placed.picture.cutout, placed.picture.shape
    found = shape.point(lambda value: 255 if value > 40 else 0).getbbox() if shape else None
    if cutout is None or shape is None or found is None:
        return canvas
    across = size[0] / (window[2] - window[0]) / shape.width
    down = size[1] / (window[3] - window[1]) / shape.height
    left, top = found[0] * across - window[0] * across * shape.width, found[1] * down - window[1] * down * shape.height
    wide, tall = (found[2] - found[0]) * across, (found[3] - found[1]) * down
    shown = cutout.resize((max(1, round(wide)), max(1, round(tall))), Image.Resampling.LANCZOS)
    corner = round(left), round(top)
    _stand(canvas, shown, corner)
    canvas.paste(shown, corner, shown)
    return canvas


def _ring(canvas: Image, box: Box, made: Arrangement) -> None:
    gap = RING * min(canvas.size)
    colour = mix(made.order.palette.ground, made.order.palette.accent, 0.55)
    ring = Shape("circle", box.grown(gap), colour, options={"ring": max(1.5, gap * 0.14)})
    canvas.paste(colour, (math.floor(ring.box.left), math.floor(ring.box.top)), mask_of(ring))


def _arch(size: tuple[int, int]) -> Image:
    from PIL import Image, ImageDraw

    big = Image.new("L", (size[0] * 3, size[1] * 3), 0)
    draw = ImageDraw.Draw(big)
    draw.ellipse((0, 0, big.width - 1, big.width - 1), fill=255)
    draw.rectangle((0, big.width // 2, big.width, big.height), fill=255)
    return big.resize(size, Image.Resampling.BOX)


def _polaroid(canvas: Image, placed: PlacedPicture, made: Arrangement, index: int) -> None:
    """A print with a white border, a little askew, held by a strip of tape."""
    from PIL import Image, ImageDraw, ImageFilter

    short = min(canvas.size)
    border = round(0.022 * short)
    inner = round(placed.box.width - 2 * border), round(placed.box.height - 4.2 * border)
    card = Image.new("RGBA", (inner[0] + 2 * border, inner[1] + round(4.2 * border)), (255, 255, 253, 255))
    card.paste(paint_window(placed.picture, placed.window, inner), (border, border))
    tape = Image.new(
        "RGBA",
        (round(card.width * 0.3), round(border * 1.6)),
        (*mix(made.order.palette.accent, (255, 255, 255), 0.45), 190),
    )
    angle = ((-3.2, 2.6, -1.8, 3.4)[index % 4]) * (1 if made.order.seed % 2 else -1)
    turned = card.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    middle = (placed.box.left + placed.box.right) / 2, (placed.box.top + placed.box.bottom) / 2
    corner = round(middle[0] - turned.width / 2), round(middle[1] - turned.height / 2)
    alpha = turned.getchannel("A")
    shadow = Image.new("L", (turned.width + 80, turned.height + 80), 0)
    shadow.paste(alpha.point(lambda value: value // 4), (40, 40))
    canvas.paste((0, 0, 0), (corner[0] - 40, corner[1] - 34), shadow.filter(ImageFilter.GaussianBlur(0.012 * short)))
    canvas.paste(turned, corner, alpha)
    strip = tape.rotate(angle + 4, Image.Resampling.BICUBIC, expand=True)
    canvas.paste(strip, (round(middle[0] - strip.width / 2), corner[1] - strip.height // 3), strip)
    ImageDraw.Draw(canvas)


def _product(canvas: Image, placed: PlacedPicture, made: Arrangement) -> None:
    """The product cut out, standing in the lower part of its box on a plinth or on its shadow."""
    from PIL import Image

    cutout = placed.picture.cutout
    if cutout is None:
        return
    plinth = made.order.layout.ground.get("plinth", False)
    box = product_box(placed, made.order.layout)
    size = max(1, round(box.width)), max(1, round(box.height))
    foot, middle = box.bottom, (box.left + box.right) / 2
    if plinth:
        _plinth(canvas, middle, foot, size[0], made)
    shown = cutout.resize(size, Image.Resampling.LANCZOS)
    corner = round(middle - size[0] / 2), round(foot - size[1])
    if not plinth:
        _stand(canvas, shown, corner)
    else:
        _shadow(canvas, middle, foot, size[0])
    canvas.paste(shown, corner, shown)


def _stand(canvas: Image, shown: Image, corner: tuple[int, int]) -> None:
    """A shadow where the product's own foot meets the ground, deeper the nearer each part of it is."""
    import numpy as np
    from PIL import Image

    from lib_adcopy.photo.placement import Placed
    from lib_adcopy.photo.shadow import cast_shadow

    # Computed on a small copy of what is around the product: a shadow is soft.
    scale = max(1, round(max(shown.size) / 320))
    pad = round(0.3 * max(shown.size))
    box = (corner[0] - pad, corner[1] - pad, corner[0] + shown.width + pad, corner[1] + shown.height + pad)
    small = (box[2] - box[0]) // scale, (box[3] - box[1]) // scale
    product = shown.resize((max(1, shown.width // scale), max(1, shown.height // scale)))
    left = top = pad // scale
    foot = top + product.height
    placed = Placed(product, (left, top, left + product.width, foot), small, foot, "standing", 1.0)
    lost = np.clip(_DEEPER * cast_shadow(placed), 0, 0.62)
    mask = Image.fromarray((lost * 255).astype(np.uint8)).resize((box[2] - box[0], box[3] - box[1]))
    canvas.paste((18, 14, 12), box[:2], mask)


def _plinth(canvas: Image, middle: float, foot: float, width: float, made: Arrangement) -> None:
    """A round stand, its top lighter than its side."""
    short = min(canvas.size)
    across = min(width * 1.42, short * 0.62)
    down, height = across * 0.2, short * 0.05
    top = Box(middle - across / 2, foot - down * 0.62, middle + across / 2, foot + down * 0.38)
    ground = made.order.palette.ground
    lower = top.moved(0, height)
    _shadow(canvas, middle, lower.bottom - down * 0.35, across * 1.02)
    side, lid = shade(ground, -0.055), shade(ground, 0.035)
    for kind, box, colour in (
        ("circle", lower, side),
        ("bar", Box(top.left, (top.top + top.bottom) / 2, top.right, (lower.top + lower.bottom) / 2), side),
        ("circle", top, lid),
    ):
        canvas.paste(colour, (math.floor(box.left), math.floor(box.top)), mask_of(Shape(kind, box, colour)))


def _shadow(canvas: Image, middle: float, foot: float, width: float) -> None:
    """A contact shadow: a dark narrow ellipse, and a wide faint one."""
    from PIL import Image, ImageDraw, ImageFilter

    short = min(canvas.size)
    scale = max(1, round(short / 270))
    for share, down, blur, strength in ((1.18, 0.09, 0.028, 0.2), (0.92, 0.035, 0.01, 0.42)):
        half, tall, soft = width * share / 2, width * down, blur * short
        pad = soft * 3
        size = math.ceil(2 * (half + pad) / scale), math.ceil(2 * (tall + pad) / scale)
        mask = Image.new("L", size, 0)
        inner = (pad / scale, pad / scale, size[0] - pad / scale, size[1] - pad / scale)
        ImageDraw.Draw(mask).ellipse(inner, fill=round(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(soft / scale)).resize((size[0] * scale, size[1] * scale))
        canvas.paste((18, 14, 12), (round(middle - mask.width / 2), round(foot - mask.height / 2)), mask)
