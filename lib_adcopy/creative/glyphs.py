"""Text measured and drawn: every character in a font that has it, Latin set off from Han, marks trimmed at the ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lib_adcopy.creative.colour import RGB
from lib_adcopy.creative.fonts import Face, advance, face_of, load_font

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

# The em box of Noto and Source Han reaches from 0.88 em above the baseline to 0.12 em below it.
ASCENT = 0.88
# Between Han and Latin or digits, in em (W3C clreq: at most 1/4).
_GAP = 0.12
# Of what Latin letters are larger by, in em.
_LOWERED = 0.3
_HALF_AT_END = frozenset("，。、；：！？）》」』】”’〕")
_HALF_AT_START = frozenset("（《「『【“‘〔")
_NO_GAP = frozenset("¥￥$€%％℃°/·.,-–—+×~～:：")


@dataclass(frozen=True)
class TypeStyle:
    """Describe how a role is set: font family, weight 100-900, tracking in em, the size of Latin letters to Han's."""

    family: str = "sans"
    weight: int = 400
    tracking: float = 0.0
    latin: float = 1.0

    def share(self, character: str) -> float:
        """Return the size of a character to the line's."""
        return 1.0 if self.latin == 1.0 or is_han(character) else self.latin


def is_han(character: str) -> bool:
    """Ideographs and full-width marks."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\uffef" or character >= "\U00020000"


@lru_cache(maxsize=8192)
def positions(text: str, style: TypeStyle) -> tuple[tuple[float, ...], float]:
    """Return where each character begins, and the width of the whole, in em."""
    at, starts, previous = 0.0, [], ""
    for index, character in enumerate(text):
        if (
            previous
            and is_han(previous) != is_han(character)
            and not ({previous, character} & _NO_GAP)
            and not (previous.isspace() or character.isspace())
            and (previous.isalnum() and character.isalnum())
        ):
            at += _GAP
        if index == 0 and character in _HALF_AT_START:
            at -= 0.5
        starts.append(at)
        at += advance(style.family, style.weight, character) * style.share(character) + style.tracking
        previous = character
    at -= style.tracking if text else 0.0
    if len(text) > 1 and text[-1] in _HALF_AT_END:
        at -= 0.5
    return tuple(starts), max(at, 0.0)


def width(text: str, style: TypeStyle) -> float:
    """Return the width of a line in em."""
    return positions(text, style)[1]


def drawable(text: str, style: TypeStyle) -> bool:
    """Tell whether every character of the text has a font."""
    return all(face_of(style.family, style.weight, character) is not None for character in text)


def _runs(text: str, style: TypeStyle) -> list[tuple[Face, str, float, float]]:
    """(face, characters, start in em, size to the line's): what can be handed to Pillow in one go."""
    starts, _ = positions(text, style)
    runs: list[tuple[Face, str, float, float]] = []
    expected = None
    for character, start in zip(text, starts, strict=True):
        face = face_of(style.family, style.weight, character)
        if face is None:
            continue
        share = style.share(character)
        if (
            runs
            and (runs[-1][0], runs[-1][3]) == (face, share)
            and expected is not None
            and abs(start - expected) < 1e-6
            and not style.tracking
        ):
            runs[-1] = (face, runs[-1][1] + character, runs[-1][2], share)
        else:
            runs.append((face, character, start, share))
        expected = start + advance(style.family, style.weight, character) * share
    return runs


def _drop(share: float, size: float) -> float:
    """Return how far larger Latin is let down, so that its middle is the Han's, whose ink reaches below the line."""
    return _LOWERED * (share - 1.0) * size


def draw_line(
    draw: ImageDraw, x: float, baseline: float, text: str, style: TypeStyle, size: float, fill: RGB | int
) -> None:
    """Draws one line whose first character begins at `x`; coordinates in pixels."""
    for face, run, start, share in _runs(text, style):
        font = load_font(face, style.weight, max(1, round(size * share)))
        draw.text(
            (round(x + start * size), round(baseline + _drop(share, size))), run, font=font, fill=fill, anchor="ls"
        )


def ink_box(text: str, style: TypeStyle, size: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the ink, relative to the start of the line and its baseline."""
    boxes = []
    for face, run, start, share in _runs(text, style):
        font = load_font(face, style.weight, max(1, round(size * share)))
        left, top, right, bottom = font.getbbox(run, anchor="ls")
        down = round(_drop(share, size))
        boxes.append((left + start * size, top + down, right + start * size, bottom + down))
    if not boxes:
        return 0.0, 0.0, 0.0, 0.0
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


_VERTICAL = str.maketrans("「」『』（）《》〈〉【】—…", "﹁﹂﹃﹄︵︶︽︾︿﹀︻︼︱︙")
_UPPER_RIGHT = frozenset("，。、")


def cells(text: str) -> list[str]:
    """Return a column's cells from the top: a character each, one or two digits in one cell, a Latin word in one."""
    found: list[str] = []
    for run in re.findall(r"\d{1,2}(?![\x21-\x7e])|[\x21-\x7e]+|\S", text.translate(_VERTICAL)):
        found.append(run)
    return found


def cell_height(cell: str, style: TypeStyle) -> float:
    """Return the height of a cell in em: a longer Latin word is turned and takes its width."""
    return 1.0 if len(cell) < 3 else width(cell, style)


def draw_column(canvas: Image, centre: float, top: float, text: str, style: TypeStyle, size: float, fill: RGB) -> None:
    """Draws a vertical column around `centre` from `top` down; tracking is the gap between cells."""
    from PIL import Image as Images
    from PIL import ImageDraw as Draws

    draw, at = Draws.Draw(canvas), top
    for cell in cells(text):
        if len(cell) > 2:
            long = Images.new("L", (max(1, round(width(cell, style) * size)) + 2, round(size * 1.2)), 0)
            draw_line(Draws.Draw(long), 0, size * ASCENT, cell, style, size, 255)
            turned = long.rotate(-90, expand=True)
            canvas.paste(fill, (round(centre - size * 0.5 - size * 0.1), round(at)), turned)
        else:
            shift = (0.55, -0.5) if cell in _UPPER_RIGHT else (0.0, 0.0)
            flat = TypeStyle(style.family, style.weight)
            own = size if width(cell, flat) <= 1.02 else size / width(cell, flat)
            left = centre - width(cell, flat) * own / 2 + shift[0] * size
            draw_line(draw, left, at + (ASCENT + shift[1]) * size, cell, flat, own, fill)
        at += (cell_height(cell, style) + style.tracking) * size


def column_height(text: str, style: TypeStyle) -> float:
    """Return the height of a vertical column in em."""
    found = cells(text)
    return sum(cell_height(cell, style) + style.tracking for cell in found) - style.tracking if found else 0.0
