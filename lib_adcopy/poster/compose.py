"""Setting a creative: a picture above a panel of type, or type alone on a quiet ground."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont, ImageOps

from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.poster.fonts import find_font
from lib_adcopy.poster.lines import printable, wrap
from lib_adcopy.prompting.sizes import plan_size

# Parts of the poster's shorter side.
_MARGIN, _TITLE, _BODY, _TAGS = 0.08, 0.085, 0.042, 0.034
_SMALLEST = 0.5
_LEADING = 1.55


@dataclass(frozen=True)
class Palette:
    ground: str
    ink: str
    accent: str


@dataclass(frozen=True)
class _Block:
    """Lines of one size and colour; `height` in pixels with the gap below."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont
    colour: str
    leading: int
    gap: int

    @property
    def height(self) -> int:
        return len(self.lines) * self.leading + (self.gap if self.lines else 0)


def compose(
    copy: Copy, picture: Image.Image | None, format_name: str, *, category: str = "other", tone: str = "", seed: int = 0
) -> Image.Image:
    """The creative in the format's size (RGB). Text is made smaller, then shortened by whole lines, never cut off.

    Raises AdCopyError for an unknown format and where no font has Chinese.
    """
    width, height = plan_size(format_name, "SD1").final
    palette = _palette(category, seed)
    canvas = Image.new("RGB", (width, height), palette.ground)
    if picture is None:
        _typographic(canvas, copy, palette, random.Random(seed))
    else:
        _with_picture(canvas, picture, copy, palette)
    return canvas


def _palette(category: str, seed: int) -> Palette:
    choices = _palettes().get(category) or _palettes()["other"]
    return Palette(*choices[seed % len(choices)])


@cache
def _palettes() -> dict[str, list[list[str]]]:
    return json.loads((Path(__file__).parent / "data" / "palettes.json").read_text(encoding="utf-8"))


def _with_picture(canvas: Image.Image, picture: Image.Image, copy: Copy, palette: Palette) -> None:
    """The picture fills the upper part (the left one of a wide format), the type has a panel of its own."""
    width, height = canvas.size
    wide = width > 1.3 * height
    shown = (round(width * 0.55), height) if wide else (width, round(height * 0.66))
    canvas.paste(ImageOps.fit(picture.convert("RGB"), shown, Image.Resampling.LANCZOS), (0, 0))
    box = (shown[0], 0, width, height) if wide else (0, shown[1], width, height)
    _set(canvas, copy, palette, box, centred=False)


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
    edge = round(min(width, height) * 0.04)
    _set(canvas, copy, palette, (edge, edge, width - edge, height - edge), centred=layout != 2)


def _around(centre: tuple[int, int], radius: int) -> tuple[int, int, int, int]:
    return centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius


def _set(
    canvas: Image.Image, copy: Copy, palette: Palette, box: tuple[int, int, int, int], *, centred: bool
) -> None:
    left, top, right, bottom = box
    unit = min(canvas.size)
    margin = round(unit * _MARGIN * (0.6 if bottom - top < unit * 0.5 else 1.0))
    width, room = right - left - 2 * margin, bottom - top - 2 * margin
    blocks = _fitted(copy, palette, width, room, unit)
    draw = ImageDraw.Draw(canvas)
    at = top + margin + (max(0, room - sum(block.height for block in blocks)) // 2 if centred else 0)
    for index, block in enumerate(blocks):
        for line in block.lines:
            draw.text((left + margin, at), line, font=block.font, fill=block.colour)
            at += block.leading
        if index == 0 and block.lines and len(blocks) > 1:
            bar = max(3, round(unit * 0.006))
            draw.rectangle((left + margin, at, left + margin + round(unit * 0.1), at + bar), fill=palette.accent)
        at += block.gap if block.lines else 0


def _fitted(copy: Copy, palette: Palette, width: int, room: int, unit: int) -> list[_Block]:
    """Title, body and hashtags at the largest scale that fits; at the smallest, the body gives up lines."""
    scale = 1.0
    while True:
        blocks = _blocks(copy, palette, width, unit, scale)
        over = sum(block.height for block in blocks) - room
        if over <= 0:
            return blocks
        if scale <= _SMALLEST:
            return _shortened(blocks, over)
        scale -= 0.05


def _blocks(copy: Copy, palette: Palette, width: int, unit: int, scale: float) -> list[_Block]:
    tags = " ".join(f"#{tag}" for tag in copy.hashtags)
    parts = (
        (copy.title, _TITLE, palette.ink, True),
        (copy.body, _BODY, palette.ink, False),
        (tags, _TAGS, palette.accent, False),
    )
    blocks = []
    for text, size, colour, bold in parts:
        pixels = max(12, round(unit * size * scale))
        font = find_font(pixels, bold=bold)
        lines = wrap(printable(text), width, cache(font.getlength))
        blocks.append(_Block(tuple(lines), font, colour, round(pixels * _LEADING), round(pixels * 0.9)))
    return [block for block in blocks if block.lines]


def _shortened(blocks: list[_Block], over: int) -> list[_Block]:
    """Whole lines taken off the longest block, which then ends in an ellipsis."""
    longest = max(range(len(blocks)), key=lambda index: blocks[index].height)
    block = blocks[longest]
    kept = max(1, len(block.lines) - -(-over // block.leading))
    lines = (*block.lines[: kept - 1], block.lines[kept - 1][:-1].rstrip("，。、；：,.;:") + "…")
    blocks[longest] = _Block(lines, block.font, block.colour, block.leading, block.gap)
    return blocks
