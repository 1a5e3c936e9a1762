"""A seller's free words read for the product: which noun is for sale, and what belongs to it.

Chinese puts the noun last in its phrase and adjectives straight before what they describe, so colours and materials go
to the part or packaging they stand before, else to the product.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_adcopy.copywriting.reading.clauses import affirmed
from lib_adcopy.prompting.glossary.glossary import PRODUCT_KINDS, Glossary, Segment, Term
from lib_adcopy.prompting.glossary.phrases import count_of, is_claim, leftover, says, singular, uncontained
from lib_adcopy.prompting.product.noun_phrase import ProductWords

# "a lid" comes with it, "a gift" does not lie in the picture.
_COMES_WITH = ("带", "附", "含", "配")
# What follows these words in a phrase is not what is for sale: 送收纳袋, 适合微波炉.
_ASIDE = re.compile("(?:送|赠|附|带|含|配|放|(?<![拼组新童包精平简散罐瓶盒袋])装|搭)$")
_SET = re.compile("[两二三四五六七八九十]件套")
_SUITS = re.compile("适合|适配|适用|用于|代替|可放|兼容")
# How much of it there is, not another thing: 身体乳大瓶.
_BIG_BOTTLE = re.compile("[大小中整套量简精双单][瓶盒袋罐箱桶包杯碗]")


def read_points(
    points: Sequence[str], glossary: Glossary, words: ProductWords, *, named: bool, first: bool = False
) -> None:
    """Adds what the points say to `words`. `named` where the brief's attributes have named the product already,
    `first` where the first point is its name."""
    lines = [_line(point, glossary) for point in points]
    own = _product_at(lines[:1], glossary) if first else None
    place = None if named else own or _product_at(lines, glossary)
    for row, line in enumerate(lines):
        _read_line(line, place[1] if place and place[0] == row else None, glossary, words)


def _product_at(lines: list[list[Segment]], glossary: Glossary) -> tuple[int, int] | None:
    """Row and number of the piece that names the product: a phrase's last noun, as Chinese puts it."""
    found: list[tuple[int, int, int]] = []
    for row, line in enumerate(lines):
        for at in range(len(line) - 1, -1, -1):
            piece = line[at]
            last = all(_can_follow(other) for other in line[at + 1 :])
            if piece.term is None:
                if last and not _can_follow(piece) and _head(line, at, glossary):
                    found.append((1, row, -at))
            elif piece.term.kind in PRODUCT_KINDS and not _is_aside(line[:at]):
                found.append((0 if last else 2, row, -at))
    if not found:
        return None
    _, row, at = min(found)
    line = lines[row]
    # A 三件套 of boxes is boxes: what the set is of stands before it.
    before = line[-at - 1].term if at < 0 else None
    if _SET.fullmatch(line[-at].text) and before is not None and before.kind in PRODUCT_KINDS:
        return row, -at - 1
    return row, -at


def _head(line: list[Segment], at: int, glossary: Glossary) -> Term | None:
    """Return what the last characters of a word nobody knows say it is; 架 alone does behind a product (纸巾架)."""
    before = line[at - 1].term if at else None
    return glossary.head(leftover(line[at].text), whole=before is not None and before.kind in PRODUCT_KINDS)


def _is_aside(before: list[Segment]) -> bool:
    said = "".join(piece.text for piece in before)
    straight = before[-1].text if before and before[-1].term is None else ""
    return bool(_ASIDE.search(straight) or _SUITS.search(said))


def _can_follow(piece: Segment) -> bool:
    if piece.term is None:
        rest = leftover(piece.text)
        return not rest or _BIG_BOTTLE.fullmatch(rest) is not None
    return piece.term.kind not in PRODUCT_KINDS


def _read_line(line: list[Segment], product: int | None, glossary: Glossary, words: ProductWords) -> None:
    waiting: list[Term] = []
    bare = ""
    choice = any(piece.text.endswith("可选") for piece in line)
    for at, piece in enumerate(line):
        term = piece.term
        if term is None:
            _read_unknown(line, at, at == product, glossary, words)
            waiting = _settled(waiting, words) if leftover(piece.text) else waiting
        elif _undone(line, at):
            continue
        elif at == product:
            waiting = _settled(waiting, words)
            words.take(term)
        elif term.kind in ("colour", "material", "shape"):
            if not (choice and term.kind == "colour" and words.before["colour"]):
                waiting.append(term)
        elif term.kind in ("part", "packaging"):
            waiting, bare = _read_part(term, waiting, words)
        elif term.kind in PRODUCT_KINDS:
            _read_other(line, at, product, term, words)
        elif term.kind == "detail":
            words.details.append(term.en)
    if waiting and (bare or _is_of_the_box(line, words)):
        words.details[-1] = _bound(waiting, words.details[-1])
    else:
        _settled(waiting, words)


def _read_part(term: Term, waiting: list[Term], words: ProductWords) -> tuple[list[Term], str]:
    """Return a part or packaging with the adjectives before it, or, where there are none, open for those after:
    领口刺绣."""
    if words.nouns and words.nouns[0].endswith(f" {term.en}"):
        # The bottle of a "perfume bottle" is the product.
        return _settled(waiting, words), ""
    words.details.append(_bound(waiting, term.en))
    return [], "" if waiting else term.en


def _is_of_the_box(line: list[Segment], words: ProductWords) -> bool:
    """Tell whether a colour by itself is the packaging's named just before: food has its own."""
    alone = all(piece.term is not None and piece.term.kind == "colour" for piece in line)
    return alone and words.category == "food" and bool(words.details) and words.details[-1].startswith("in a")


def _read_other(line: list[Segment], at: int, product: int | None, term: Term, words: ProductWords) -> None:
    """A second product's name: what a dish is made of, what comes along, or nothing that belongs in the picture."""
    if at > 0 and line[at - 1].text.endswith(_COMES_WITH):
        words.details.append(_with(term))
    elif product is not None and at < product:
        head = line[product].term
        behind = head is None and at == product - 1
        if behind or (term.category == "food" and head is not None and head.category == "food"):
            words.before["cut"].append(singular(uncontained(term.en)))
        elif term.category in ("food", "plants") and head is not None and head.category == "beauty":
            words.details.append(term.en)
    elif len(line) == 1 and term.category == "food" and words.category in ("food", "beauty"):
        words.details.append(uncontained(term.en))


def _read_unknown(line: list[Segment], at: int, is_product: bool, glossary: Glossary, words: ProductWords) -> None:
    rest = leftover(line[at].text)
    head = _head(line, at, glossary) if is_product else None
    if head:
        words.take(head)
        rest = leftover(rest[: -len(head.zh)])
    if len(rest) > 1 and not is_claim(rest) and not _BIG_BOTTLE.fullmatch(rest):
        words.unknown.append(rest)


def _line(point: str, glossary: Glossary) -> list[Segment]:
    pieces = glossary.split(affirmed(point))
    return [_unsure(piece, pieces, at) for at, piece in enumerate(pieces)]


def _unsure(piece: Segment, pieces: list[Segment], at: int) -> Segment:
    """Return a single character between ones nobody knows (the 红 of 红景天) is chance, not a word."""
    if piece.term is None or len(piece.text) > 1:
        return piece
    around = [pieces[near] for near in (at - 1, at + 1) if 0 <= near < len(pieces)]
    if any(other.term is None and leftover(other.text) for other in around):
        return Segment(piece.text)
    return piece


def _undone(line: list[Segment], at: int) -> bool:
    """Tell whether the character before takes the word away: 无香, 免洗."""
    return at > 0 and line[at - 1].term is None and line[at - 1].text.endswith(("无", "非", "免"))


def _settled(waiting: list[Term], words: ProductWords) -> list[Term]:
    for term in waiting:
        words.describe(term)
    return []


def _bound(adjectives: list[Term], english: str) -> str:
    """ "in a box" with its own colour and material: "in a red paper box"."""
    said = " ".join(term.en for term in adjectives if not says(english, term.en))
    if not said:
        return english
    found = re.match(r"(?:in|with) (?:an? )?(?:small )?", english)
    start = found.group() if found else ""
    return f"{start}{said} {english[len(start) :]}"


def _with(term: Term) -> str:
    return f"with {term.en}" if term.count or count_of(term.en) else f"with a {term.en}"
