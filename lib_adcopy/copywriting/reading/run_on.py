"""A line typed without any marks cut where a new thing is said: behind the product, around a price, before a verb."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lib_adcopy.copywriting.reading.lexicon import load_lexicon

# Shorter clauses say one thing; a text of more clauses has marks of its own.
SHORTEST = 14
MOST_CLAUSES = 2
_SHORTEST_PIECE = 2
_COUNTERS = "把个只条件套双瓶盒袋包罐支张本对副台盆束斤箱份位次节"
_PRICE = re.compile(
    rf"(?<![\d.])\d{{1,5}}(?:\.\d{{1,2}})?(?:元|块钱?)?(?:包邮)?(?:(?:一|每|/)[{_COUNTERS}](?!\d)|(?<=[元块钱邮])"
    rf"|(?=[两三四五六七八九十][{_COUNTERS}]\d))"
    rf"|[一两三四五六七八九十][{_COUNTERS}]\d{{1,5}}(?:\.\d{{1,2}})?(?:元|块)?(?:包邮)?"
)
_BEGINS = re.compile(
    "(?<![都也还又就更又且的])(?:不要|不用|不会|不掉|不伤|不怕|不占|不沾|不含|没有|无需|可以|可(?=[调折拆水机定放洗])|支持|适合|送(?=[\u4e00-\u9fff])|"
    "包邮|免运|顺丰|现货|带(?=[\u4e00-\u9fff]{1,4}(?:的|$))|自带|防[水滑晒风摔烫漏潮]|坏了|质保|保修|大小号|颜色有|尺寸有)"
)
_ENDS = re.compile(
    "(?:就行|就好|就可以|就能用|都有|都行|都能用|都可以|包邮|包换|包退)(?=[\u4e00-\u9fff\\d])|"
    "用的(?=[不可带能免防])"
)
# Behind these words a known part ends its clause: 不要吸盘 + 撑开就行.
_HAS = re.compile("(?:不要|不用|没有|不带|自带|送|带)$")


def cuts_of(plain: str, start: int, end: int, closed: bytearray) -> list[int]:
    """Return the places between `start` and `end` at which a run-on clause is cut, never within what is `closed`."""
    found = sorted({at for at in _places(plain, start, end) if start < at < end and not _is_inside(closed, at)})
    kept: list[int] = []
    for at in found:
        if at - (kept[-1] if kept else start) >= _SHORTEST_PIECE and end - at >= _SHORTEST_PIECE:
            kept.append(at)
    return kept


def _is_inside(closed: bytearray, at: int) -> bool:
    return bool(closed[at - 1] and closed[at])


def _places(plain: str, start: int, end: int) -> Iterator[int]:
    text = plain[start:end]
    for price in _PRICE.finditer(text):
        yield from (start + price.start(), start + price.end())
    yield from (start + each.start() for each in _BEGINS.finditer(text))
    yield from (start + each.end() for each in _ENDS.finditer(text))
    named = False
    pieces = load_lexicon().split(text, start)
    for at, piece in enumerate(pieces):
        if piece.term is None:
            continue
        goes_on = at + 1 < len(pieces) and pieces[at + 1].term is not None
        if piece.term.is_product and not named and not (goes_on and pieces[at + 1].term.is_product):  # type: ignore[union-attr]
            named = True
            yield piece.end
        elif (piece.term.is_product or piece.term.kind == "part") and _HAS.search(plain[start : piece.start]):
            yield piece.end
