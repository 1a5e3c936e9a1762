"""A brief's text made readable for the patterns without moving a character.

Every character stands for itself at its own place, so that offsets into the plain text are offsets into the text as it
was given.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lib_adcopy.copywriting.script import simplified

_MARKUP = re.compile(r"<[^<>]*>|[<>]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_LINK = re.compile(
    r"(?:https?://|www\.)[!-~]+|[\w.+-]+\.(?:com|cn|net|shop|top|link)(?:/[!-~]*)?(?![\w@])", re.IGNORECASE | re.ASCII
)
# What a keyboard puts between words: emoji, arrows, dingbats, list signs. A plus sign says "and" and stays, and so does
# an arrow from one price to another.
_SIGNS = re.compile(
    "[0-9]\ufe0f?\u20e3|[\u2190\u2191\u2193-\u21d1\u21d3-\u21ff\u2300-\u23ff\u2460-\u2473\u25a0-\u2795\u2797-\u27a0\u27a2-\u27bf\u2b00-\u2bff\ufe0e\ufe0f"
    "\U0001f000-\U0001faff\U000e0020-\U000e007f\u200d•●·・]"
)
_KEPT_WIDE = "，。；：！？、（）【】《》「」『』“”…—～"
_PLAIN = {
    "～": "~",
    "〜": "~",
    "＂": '"',
    "✖": "x",
    "×": "x",
    "﹣": "-",
    "–": "-",
    "−": "-",
    "➕": "+",
    "™": " ",
    "®": " ",
    "⇒": "→",
    "➡": "→",
}

# "1)渔夫帽 59 2)冷帽": a list in one line.
_INLINE_NUMBER = re.compile(
    r"(?<![\w.(（\n])(?P<number>\d{1,2})(?:[)）、](?=\s*[\u4e00-\u9fffA-Za-z])|\.(?=\s*[\u4e00-\u9fff]))"
)
# "5)299元": a list number straight before a figure; one of lines that are numbered so.
_LINE_NUMBER = re.compile(r"^[ \t]*(?P<number>\d{1,2})[)）、](?!\d{1,2}[)）、])", re.MULTILINE)
# Signs that patterns read plainly and readers do not.
_SHOWN = frozenset("×–™®")


@dataclass(frozen=True)
class Source:
    """`text` as given with markup and control characters blanked out; `plain` of the same length is what is read:
    simplified characters, half-width letters and signs, links blanked out, emoji and list signs as semicolons.
    `shown` is what a reader is shown: as `plain`, in the characters the seller wrote."""

    text: str
    plain: str
    shown: str = ""


def open_source(given: str) -> Source:
    """Blank out what is no part of a brief, and write the rest plainly; trailing space is cut off."""
    text = _CONTROL.sub(" ", _MARKUP.sub(_blank, given)).rstrip()
    plain = _SIGNS.sub(lambda match: ";" * len(match.group()), _LINK.sub(_blank, text))
    half = _corrected("".join(map(_half_width, plain)))
    shown = "".join(given if given in _SHOWN else mark for given, mark in zip(plain, half, strict=True))
    return Source(text, simplified(half), shown)


def _corrected(text: str) -> str:
    """Numbers of a list within a line as semicolons, and what is typed for a word that sounds the same as that word."""
    numbered = {int(each["number"]) for each in _INLINE_NUMBER.finditer(text)}
    if {1, 2} <= numbered:
        text = _INLINE_NUMBER.sub(lambda match: ";" * len(match.group()), text)
    if {1, 2} <= {int(each["number"]) for each in _LINE_NUMBER.finditer(text)}:
        text = _LINE_NUMBER.sub(_unnumbered, text)
    words, in_context = _typos()
    text = words[0].sub(lambda match: words[1][match.group()], text)
    for typo, meant in in_context:
        text = typo.sub(meant, text)
    return text


@cache
def _typos() -> tuple[tuple[re.Pattern[str], dict[str, str]], tuple[tuple[re.Pattern[str], str], ...]]:
    """Return what is typed for a word that sounds or looks the same, each as long as what is meant: typos.json."""
    data: dict[str, Any] = json.loads(Path(__file__).with_name("typos.json").read_text(encoding="utf-8"))
    words: dict[str, str] = data["words"]
    longest_first = sorted(words, key=len, reverse=True)
    plain = re.compile("|".join(map(re.escape, longest_first)))
    return (plain, words), tuple((re.compile(typo), meant) for typo, meant in data["in_context"])


def _unnumbered(match: re.Match[str]) -> str:
    """Return semicolons for a list number straight before a figure, any other as it is."""
    before_figure = match.string[match.end() : match.end() + 1].isdigit()
    return ";" * len(match.group()) if before_figure else match.group()


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _half_width(character: str) -> str:
    if character.isascii() or character in _KEPT_WIDE:
        return _PLAIN.get(character, character)
    if character in _PLAIN:
        return _PLAIN[character]
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character
