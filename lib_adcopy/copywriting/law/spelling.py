"""A text in the spelling the rules are written in: what stands between the letters of a word, or for one, is undone.

data/law/spelling.json: "traditional", pairs of a traditional character and its simplified one; "respelt", pattern ->
what is meant by it (蕞 and zui for 最, 第1 for 第一, 薇信 for 微信).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from lib_adcopy.copywriting.vocabulary import load

# A plus sign says 加 and stays.
_EMOJI = (
    "(?:(?![\u2795\u271a])[\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff\u00ad\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff"
    "\U0001f000-\U0001faff\U000e0000-\U000e007f])+"
)
# What breaks a word up and is none itself, beside an ideograph that stands alone: 最 强 is one word, 显白 百搭 are two.
_HAN, _BREAK = "[\u4e00-\u9fff]", r"[\s*·・•_\-—~～|｜/／\\^+.=]+"
_ALONE_BEFORE, _ALONE_AFTER = rf"(?<=(?<!{_HAN}){_HAN})", rf"(?={_HAN}(?!{_HAN}))"
_BROKEN = rf"(?:(?<=[最第])|{_ALONE_BEFORE}){_BREAK}(?={_HAN})|(?<={_HAN}){_BREAK}{_ALONE_AFTER}"


class Spelling:
    """`text` is the text as the rules know it; `span` says where a part of it stands in the text as it was written."""

    def __init__(self, written: str) -> None:
        plain = [_plain(character) for character in written]
        self.text = "".join(plain)
        self._places = [(at, at + 1) for at, characters in enumerate(plain) for _ in characters]
        for pattern, meant in _respelt():
            self._replace(pattern, meant)

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self._places[start][0], self._places[end - 1][1]

    def _replace(self, pattern: re.Pattern[str], meant: str) -> None:
        parts: list[str] = []
        places: list[tuple[int, int]] = []
        at = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            parts += [self.text[at:start], meant]
            place = (self._places[start][0], self._places[end - 1][1])
            places += [*self._places[at:start], *([place] * len(meant))]
            at = end
        if at:
            self.text = "".join([*parts, self.text[at:]])
            self._places = [*places, *self._places[at:]]


def _plain(character: str) -> str:
    """Simplified, and letters and digits of any width or in circles as plain ones; punctuation stays as it is."""
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and len(plain) <= 2 and (plain.isalnum() or plain in "%#+:"):
        return plain
    return _simplified().get(character, character)


@cache
def _simplified() -> dict[str, str]:
    lines: list[str] = load("law/spelling.json")["traditional"]
    return {pair[0]: pair[1] for line in lines for pair in line.split()}


@cache
def _respelt() -> tuple[tuple[re.Pattern[str], str], ...]:
    rules: dict[str, str] = {_EMOJI: "", _BROKEN: "", **load("law/spelling.json")["respelt"]}
    return tuple((re.compile(pattern, re.IGNORECASE), meant) for pattern, meant in rules.items())
