"""Text broken into lines as Chinese is set: anywhere between ideographs, never inside a Latin word, and no line
that begins with closing punctuation or ends with an opening bracket (kinsoku)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_NOT_FIRST = frozenset("，。、；：？！）》」』】”’…,.;:?!)]}%％～~·")
_NOT_LAST = frozenset("（《「『【“‘([{#")
_NO_GLYPH = frozenset(("So", "Sk", "Cs", "Co", "Cn", "Mn", "Cf"))
# After a comma the title goes on in a new line; a bar between two parts is dropped.
_PAUSES = re.compile(r"(?<=[，。！？、：；,!?:;])|\s*[｜|]\s*")
_PIECES = re.compile(r"[A-Za-z0-9][A-Za-z0-9'./+-]*|\s+|.", re.DOTALL)


def wrap(text: str, width: int, measure: Callable[[str], float]) -> list[str]:
    """`text` as lines of at most `width` pixels by `measure`; line breaks in it are kept."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        lines += _paragraph(paragraph, width, measure)
    return lines


def balanced(text: str, width: int, measure: Callable[[str], float]) -> list[str]:
    """A title as few lines as `wrap` makes of it, broken where it pauses or, without a pause, into like lengths."""
    lines = wrap(text, width, measure)
    if len(lines) < 2:
        return lines
    paused = [part.strip() for part in _PAUSES.split(text) if part.strip()]
    if len(paused) == len(lines) and all(measure(part) <= width for part in paused):
        return paused
    low, high = width // len(lines), width
    while high - low > 2:
        middle = (low + high) // 2
        low, high = (low, middle) if len(wrap(text, middle, measure)) <= len(lines) else (middle, high)
    return wrap(text, high, measure)


def words(text: str) -> list[str]:
    """What is never broken: Latin words and numbers whole, every other character by itself; "" for no text."""
    return _PIECES.findall(text) or [""]


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
