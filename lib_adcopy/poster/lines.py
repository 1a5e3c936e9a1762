"""Text broken into lines as Chinese is set: anywhere between ideographs, never inside a Latin word, and no line
that begins with closing punctuation or ends with an opening bracket (kinsoku)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_NOT_FIRST = frozenset("，。、；：？！）》」』】”’…,.;:?!)]}%％～~·")
_NOT_LAST = frozenset("（《「『【“‘([{#")
_NO_GLYPH = frozenset(("So", "Sk", "Cs", "Co", "Cn", "Mn", "Cf"))
_PIECES = re.compile(r"[A-Za-z0-9][A-Za-z0-9'./+-]*|\s+|.", re.DOTALL)


def wrap(text: str, width: int, measure: Callable[[str], float]) -> list[str]:
    """`text` as lines of at most `width` pixels by `measure`; line breaks in it are kept."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        lines += _paragraph(paragraph, width, measure)
    return lines


def printable(text: str) -> str:
    """`text` without emoji and other symbols that text fonts lack: a missing one would be drawn as a box."""
    kept = (character for character in text if unicodedata.category(character) not in _NO_GLYPH)
    return re.sub(r"[ \t]+", " ", "".join(kept)).strip()


def _paragraph(text: str, width: int, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line, taken = "", 0.0
    for piece in _PIECES.findall(text):
        # Widths add up: Chinese fonts do not kern, and measuring whole lines again would be quadratic.
        wanted = measure(piece)
        if taken + wanted <= width or not line:
            line, taken = line + piece, taken + wanted
            continue
        line, carried = _break(line, piece)
        lines.append(line.rstrip())
        line = carried.lstrip()
        taken = sum(map(measure, line))
    return [*lines, line.rstrip()] if line.strip() else lines


def _break(line: str, piece: str) -> tuple[str, str]:
    """Where to end `line` so that neither side of the break is forbidden; `piece` did not fit."""
    cut = len(line)
    while cut > 1 and ((line + piece)[cut] in _NOT_FIRST or line[cut - 1] in _NOT_LAST):
        cut -= 1
    return (line[:cut], line[cut:] + piece) if cut > 1 else (line, piece)
