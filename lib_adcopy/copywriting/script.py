"""Traditional and simplified characters: told apart, and one turned into the other without moving a character.

With opencc-python-reimplemented (the extra "traditional") its dictionaries are used; without it the table of
data/law/spelling.json, which has the characters that ads are full of.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from lib_adcopy.copywriting.vocabulary import load
from lib_adcopy.domain.copy import Copy

# GB 2312 has the simplified characters and Big5 the traditional ones; what both have tells nothing.
_SIMPLIFIED, _TRADITIONAL = "gb2312", "big5"

# Which of several traditional characters an ad means by a simplified one; elsewhere the table's first.
_USUAL: dict[int | str, str] = {
    "系": "系", "当": "當", "苏": "蘇", "干": "乾", "历": "歷", "台": "台", "湿": "濕", "纤": "纖", "脏": "髒",
    "艳": "豔", "证": "證", "赞": "讚", "钟": "鐘", "鉴": "鑒", "并": "並", "迹": "跡", "尝": "嚐", "升": "升",
    "冲": "沖",
}  # fmt: skip


def simplified(text: str) -> str:
    """Return `text` in simplified characters, of the same length."""
    if all(character.isascii() or _is_in(character, _SIMPLIFIED) for character in text):
        return text
    return _converted(text, "t2s", _to_simplified())


def traditional(text: str) -> str:
    """Return `text` in traditional characters, of the same length."""
    return text if text.isascii() else _converted(text, "s2t", _to_traditional())


def is_traditional(text: str) -> bool:
    """Tell whether more of a text's characters only exist in traditional writing than only in simplified."""
    marks = [character for character in text if "\u4e00" <= character <= "\u9fff"]
    traditional_only = sum(_is_in(mark, _TRADITIONAL) and not _is_in(mark, _SIMPLIFIED) for mark in marks)
    simplified_only = sum(_is_in(mark, _SIMPLIFIED) and not _is_in(mark, _TRADITIONAL) for mark in marks)
    return traditional_only > simplified_only


@lru_cache(maxsize=8192)
def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def in_script_of(copy: Copy, text: str) -> Copy:
    """Return the copy in the characters that `text` is written in; offsets into it stay right."""
    if not is_traditional(text):
        return copy
    hashtags = tuple(map(traditional, copy.hashtags))
    return replace(copy, title=traditional(copy.title), body=traditional(copy.body), hashtags=hashtags)


def _converted(text: str, direction: str, table: dict[int | str, str]) -> str:
    converter = _opencc(direction)
    if converter is not None:
        converted = str(converter.convert(text))
        if len(converted) == len(text):
            return converted
    return "".join(table.get(character, character) for character in text)


@cache
def _opencc(direction: str) -> Any | None:
    try:
        from opencc import OpenCC
    except ImportError:
        return None
    return OpenCC(direction)


@cache
def _to_simplified() -> dict[int | str, str]:
    lines: list[str] = load("law/spelling.json")["traditional"]
    return {pair[0]: pair[1] for line in lines for pair in line.split()}


@cache
def _to_traditional() -> dict[int | str, str]:
    found: dict[int | str, str] = {}
    for traditional_one, simplified_one in _to_simplified().items():
        found.setdefault(simplified_one, str(traditional_one))
    return {**found, **_USUAL}
