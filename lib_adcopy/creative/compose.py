"""Setting a creative: a picture with a panel of type beside or below it, or type alone on a quiet ground."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageOps

from lib_adcopy.creative.typesetting import Box, Palette, needed, set_type
from lib_adcopy.domain.copy import Copy
from lib_adcopy.prompting.sizes import plan_size

# The panel's part of the poster, below the picture and beside it.
_BELOW, _BESIDE = (0.24, 0.4), (0.38, 0.6)
_NARROW = 1.6
# Of a picture that does not fit, so much may be cut away; beyond that its surroundings are extended.
_CUT = 0.2
# What is cut comes off below rather than above: heads and the tops of products stand there.
_KEPT_AT = (0.5, 0.3)


def compose(
    copy: Copy, picture: Image.Image | None, format_name: str, *, category: str = "other", tone: str = "", seed: int = 0
) -> Image.Image:
    """The creative in the format's size (RGB). Text is made smaller, then shortened by whole sentences.

    Raises AdCopyError for an unknown format and where no font has Chinese.
    """
    width, height = plan_size(format_name, "SD1").final
    palette = _palette(category, seed)
    canvas = Image.new("RGB", (width, height), palette.ground)
    if picture is None:
        _typographic(canvas, copy, palette, random.Random(seed))
    else:
        _with_picture(canvas, picture.convert("RGB"), copy, palette)
    return canvas


def _palette(category: str, seed: int) -> Palette:
    choices = _palettes().get(category) or _palettes()["other"]
    return Palette(*choices[seed % len(choices)])


@cache
def _palettes() -> dict[str, list[list[str]]]:
    return json.loads((Path(__file__).parent / "data" / "palettes.json").read_text(encoding="utf-8"))


def _with_picture(canvas: Image.Image, picture: Image.Image, copy: Copy, palette: Palette) -> None:
    shown, panel = _split(canvas.size, picture.size, copy)
    canvas.paste(_fitted(picture, (shown[2], shown[3])), (0, 0))
    # In a narrow panel everything is set smaller, that a line may hold a few words.
    unit = min(*canvas.size, round((panel[2] - panel[0]) * _NARROW))
    set_type(ImageDraw.Draw(canvas), copy, palette, panel, unit, centred=True)


def _split(size: tuple[int, int], picture: tuple[int, int], copy: Copy) -> tuple[Box, Box]:
    """The boxes of picture and panel: side by side or one above the other, whichever cuts less of the picture."""
    width, height = size
    least, most = _BELOW
    below = height - round(min(max(needed(copy, width, min(size)), least * height), most * height))
    least, most = _BESIDE
    wanted = round(height * picture[0] / picture[1])
    beside = min(max(wanted, round((1 - most) * width)), round((1 - least) * width))
    if _lost(picture, (width, below)) <= _lost(picture, (beside, height)) or height > 1.2 * width:
        return (0, 0, width, below), (0, below, width, height)
    return (0, 0, beside, height), (beside, 0, width, height)


def _lost(picture: tuple[int, int], box: tuple[int, int]) -> float:
    """The part of a picture that filling the box cuts away."""
    ratio = (picture[0] / picture[1]) / (box[0] / box[1])
    return 1 - min(ratio, 1 / ratio)


def _fitted(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The picture filling the box; one of quite another shape is cut a little and stands on its own blurred self."""
    lost = _lost(picture.size, box)
    filled = ImageOps.fit(picture, box, Image.Resampling.LANCZOS, centering=_KEPT_AT)
    if lost <= _CUT:
        return filled
    width, height = picture.size
    tall = width / height < box[0] / box[1]
    kept = (width, round(height * (1 - _CUT))) if tall else (round(width * (1 - _CUT)), height)
    whole = ImageOps.contain(ImageOps.fit(picture, kept, centering=_KEPT_AT), box, Image.Resampling.LANCZOS)
    ground = filled.filter(ImageFilter.GaussianBlur(min(box) / 20))
    ground.paste(whole, ((box[0] - whole.width) // 2, (box[1] - whole.height) // 2))
    return ground


def _typographic(canvas: Image.Image, copy: Copy, palette: Palette, chance: random.Random) -> None:
    width, height = canvas.size
    unit = min(width, height)
    draw = ImageDraw.Draw(canvas, "RGBA")
    accent = ImageColor.getrgb(palette.accent)[:3]
    layout = chance.randrange(3)
    if layout == 0:
        radius = round(unit * 0.42)
        centre = (round(width * 0.86), round(height * 0.1))
        draw.ellipse(_around(centre, radius), fill=(*accent, 46))
        draw.ellipse(_around((round(width * 0.08), round(height * 0.94)), radius // 2), fill=(*accent, 30))
    elif layout == 1:
        inset = round(unit * 0.035)
        draw.rectangle((inset, inset, width - inset, height - inset), outline=(*accent, 150), width=max(2, unit // 300))
    else:
        draw.rectangle((0, 0, width, round(height * 0.035)), fill=(*accent, 220))
        draw.rectangle((0, height - round(height * 0.035), width, height), fill=(*accent, 220))
    edge = round(unit * 0.04)
    box = (edge, edge, width - edge, height - edge)
    set_type(ImageDraw.Draw(canvas), copy, palette, box, unit, centred=True)


def _around(centre: tuple[int, int], radius: int) -> Box:
    return centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius
