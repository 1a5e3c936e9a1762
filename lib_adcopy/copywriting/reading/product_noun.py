"""A product's noun within its phrase, and how far its name reaches: the words that make a compound of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib_adcopy.copywriting.reading.lexicon import Segment, Term
from lib_adcopy.copywriting.reading.selling import leads_aside

_FUNCTION_WORDS = re.compile(
    "换成|换了|收(?=二手|旧)|帮我|写(?:一)?[篇条个段]|你给|[几数][盆个条只]|自养|[的了是和与及在我家这那个款有用以也都很做卖]里?|可(?!视|乐|可|丽)"
)
_COUNTED = re.compile("^一辈子|^[一二三四五六七八九十两几]+年|^[一二两三几][个只条件套身双把张台盒瓶本副对款]")
_HAN_ONE = "[\u4e00-\u9fff]"


@dataclass(frozen=True)
class Run:
    """A stretch of a phrase without amounts and brands: its words, the phrase's number, segment and label, and the role
    and heading of the clause it stands in."""

    start: int
    end: int
    pieces: tuple[Segment, ...]
    phrase: int
    segment: int
    label: str = ""
    role: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Noun:
    """A product's name at start..end. `term` says what it is: the dictionary's word, or a head's for one it lacks."""

    start: int
    end: int
    term: Term
    run: Run
    at: int
    score: float = 0.0

    @property
    def category(self) -> str:
        return self.term.category


def name_span(plain: str, noun: Noun, *, with_owner: bool) -> tuple[int, int]:
    """The noun with the words that make a compound of it: 燕麦 before 饼干, 小棕瓶 before 精华.

    With `with_owner`, whom it is made for belongs to its name: 狗狗雨衣.
    """
    start, pieces = noun.start, noun.run.pieces
    own = pieces[noun.at]
    if own.term is None and own.start < start:
        kept = _own_words(plain[own.start : start])
        start -= len(kept)
        if start > own.start:
            return start, noun.end
    for piece in reversed(pieces[: noun.at]):
        if piece.end != start:
            break
        if piece.term is None:
            kept = _own_words(piece.text)
            start -= len(kept)
            if len(kept) < len(piece.text):
                break
        elif _compounds(piece.term, plain[max(0, piece.start - 2) : piece.start], with_owner=with_owner):
            start = piece.start
        else:
            break
    if noun.end - start == 1 and start > noun.run.start and re.match(_HAN_ONE, plain[start - 1]):
        # One character says too little: 藤篮.
        start -= 1
    end = noun.end
    if noun.at + 1 < len(pieces) and plain[end : end + 2] in ("套装", "礼盒", "套盒", "组合", "套组"):
        end += 2
    return start, end


def _compounds(term: Term, before: str, *, with_owner: bool) -> bool:
    """Return whether a known word belongs to the noun behind it: another product's name, or what states no fact by
    itself."""
    if term.is_product:
        return not leads_aside(before, straight=True)
    if term.fact == "audience":
        return with_owner
    if term.kind == "shape" and term.en.endswith("shaped"):
        # What it looks like is what it is: 法斗造型存钱罐.
        return True
    return (not term.fact and term.kind != "unseen") or (len(term.zh) == 1 and term.fact == "feature")


def _own_words(text: str) -> str:
    """The end of an unknown stretch that can belong to the noun behind it."""
    found = list(_FUNCTION_WORDS.finditer(text))
    kept = text[found[-1].end() :] if found else text
    kept = _COUNTED.sub("", kept)
    # 出 alone is how a second-hand thing is offered: 出宝宝推车.
    kept = "" if kept in ("出", "转") else kept
    return kept if len(kept) <= 6 and not re.search(r"[^\w'’-]|\d", kept) else ""


def compound_start(run: Run, at: int, start: int) -> int:
    """Return where the words begin that make a compound of a noun: 手工 before 馄饨, 酱 before 牛肉."""
    for piece in reversed(run.pieces[:at]):
        if piece.end != start or piece.term is None or (piece.term.is_product and len(piece.text) > 1):
            break
        start = piece.start
    return start
