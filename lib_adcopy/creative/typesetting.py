"""Title, body and hashtags set into a box: as large as they fit, then fewer sentences, never half of one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from PIL import ImageDraw, ImageFont

from lib_adcopy.creative.fonts import find_font
from lib_adcopy.creative.lines import balanced, printable, words, wrap
from lib_adcopy.domain.copy import Copy

Box = tuple[int, int, int, int]
# Parts of the poster's shorter side.
_MARGIN, _TITLE, _BODY, _TAGS = 0.08, 0.085, 0.042, 0.034
_SMALLEST = 0.6
# A title this much smaller on one line reads better than a larger one on two.
_ONE_LINE = 0.72
_LEADING, _TITLE_LEADING = 1.55, 1.3
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]|.+$")


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb."""

    ground: str
    ink: str
    accent: str


@dataclass(frozen=True)
class Block:
    """Lines of one size and colour; `gap` in pixels is kept below them."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont
    colour: str
    leading: int
    gap: int

    @property
    def height(self) -> int:
        return len(self.lines) * self.leading + self.gap


def margin(unit: int, height: int) -> int:
    """What stays free around the type of a box this high; `unit` is the poster's shorter side."""
    return round(unit * _MARGIN * (0.6 if height < unit * 0.5 else 1.0))


def needed(copy: Copy, width: int, unit: int) -> int:
    """The height all of the copy takes at its full size in a box of this width, margins included."""
    edge = margin(unit, unit)
    return 2 * edge + sum(block.height for block in _blocks(copy, Palette("", "", ""), width - 2 * edge, unit, 1.0))


def set_type(draw: ImageDraw.ImageDraw, copy: Copy, palette: Palette, box: Box, unit: int, *, centred: bool) -> None:
    """Draws the copy into `box`; what does not fit at the smallest size is left out by whole sentences."""
    left, top, right, bottom = box
    edge = margin(unit, bottom - top)
    room = bottom - top - 2 * edge
    blocks = fitted(copy, palette, right - left - 2 * edge, room, unit)
    at = top + edge + (max(0, room - sum(block.height for block in blocks)) // 2 if centred else 0)
    for index, block in enumerate(blocks):
        for line in block.lines:
            draw.text((left + edge, at), line, font=block.font, fill=block.colour)
            at += block.leading
        if index == 0 and len(blocks) > 1:
            bar, below = max(3, round(unit * 0.006)), at + block.gap // 4
            draw.rectangle((left + edge, below, left + edge + round(unit * 0.1), below + bar), fill=palette.accent)
        at += block.gap


def fitted(copy: Copy, palette: Palette, width: int, room: int, unit: int) -> list[Block]:
    """Title, body and hashtags as large as they fit into `width` by `room` pixels, top down."""
    sentences = _SENTENCE.findall(copy.body)
    for kept in range(len(sentences), -1, -1):
        shorter = replace(copy, body="".join(sentences[:kept]))
        # What is set in full may be small; what is shortened anyway is set to be read.
        scale = 1.0
        while scale >= (_SMALLEST if kept == len(sentences) else (1 + _SMALLEST) / 2):
            blocks = _blocks(shorter, palette, width, unit, scale)
            if sum(block.height for block in blocks) <= room:
                return blocks
            scale -= 0.05
    return _cut(_blocks(replace(copy, body="", hashtags=()), palette, width, unit, _SMALLEST), room)


def _cut(blocks: list[Block], room: int) -> list[Block]:
    """A title too long even alone, by whole lines."""
    return [replace(block, lines=block.lines[: max(1, room // block.leading)], gap=0) for block in blocks[:1]]


def _blocks(copy: Copy, palette: Palette, width: int, unit: int, scale: float) -> list[Block]:
    blocks = [_title(printable(copy.title), palette, width, unit, scale)]
    for text, size, colour in ((copy.body, _BODY, palette.ink), (copy.tags, _TAGS, palette.accent)):
        pixels = max(12, round(unit * size * scale))
        font, measure = _face(pixels, bold=False)
        lines = wrap(printable(text), width, measure)
        blocks.append(Block(tuple(lines), font, colour, round(pixels * _LEADING), round(pixels * 0.9)))
    return [block for block in blocks if block.lines]


def _title(text: str, palette: Palette, width: int, unit: int, scale: float) -> Block:
    pixels = max(12, round(unit * _TITLE * scale))
    _, measure = _face(pixels, bold=True)
    # A word that cannot be broken sets the size as well.
    length = max(measure(text) if measure(text) <= width / _ONE_LINE else 0, *map(measure, words(text)))
    if length > width:
        pixels = int(pixels * width / length)
    font, measure = _face(pixels, bold=True)
    lines = balanced(text, width, measure)
    return Block(tuple(lines), font, palette.ink, round(pixels * _TITLE_LEADING), round(pixels * 0.8))


@lru_cache(maxsize=64)
def _face(pixels: int, *, bold: bool) -> tuple[ImageFont.FreeTypeFont, Callable[[str], float]]:
    """A font and how wide it sets a text, each text measured once: fitting asks for the same ones over and over."""
    font = find_font(pixels, bold=bold)
    return font, cache(font.getlength)
