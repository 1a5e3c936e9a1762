"""The facts of one phrase: what its label says it is, the known words it is made of, or the phrase as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lib_adcopy.copywriting.reading.amounts import measure_value, price_value
from lib_adcopy.copywriting.reading.clauses import affirmed_part, is_aside, worn_with
from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.lexicon import Segment

# Kinds that a phrase may hold several of: "白色和黑色".
_LISTED = ("colour", "material", "ingredient", "flavour", "audience", "occasion", "season", "pattern", "style")
# Kinds of known words that are facts wherever they stand.
_STRONG = ("material", "colour", "ingredient", "origin")
_JOINERS = re.compile(r"\s*(?:和|与|及|以及|跟|或者?|[、/+&,，]|\band\b|\bor\b)\s*")
_LITTLE = re.compile(
    r"[\s的地得了和与及或是为有用在款色系类型级版装面料材质图案风格设计可选都很更又也还里外内上下中着双多好种约等这那它本身我们全大小一二两三、/+&.,，~\-·]*$"
)
_EDGES = " \t\"'‘’“”.,，。;；:：!！?？~～-_*#·|、的"
_BEFORE = {
    "audience": re.compile(r"^(?:特别|非常|最)?(?:适合|适用于?|专为|针对|推荐给?|送给?|给|for\s)+"),
    "season": re.compile(r"^(?:适合|适用于?)"),
    "occasion": re.compile(r"^(?:特别|非常)?(?:适合|适用于?|用于|for\s)"),
    "origin": re.compile(r"^(?:产地|来自于?|源自|产自|采自|原产于?)"),
    "material": re.compile(r"^(?:采用|选用|使用|优质|精选|加厚)"),
}
_AFTER = {
    "audience": re.compile(r"(?:也可以|都可以|也能[用穿]|都能[用穿]|使用|适用|可用|专用|专属|首选|必备|也合适)+$"),
    "season": re.compile(r"(?:都能穿|都可以穿?|可穿|穿|使用|适用|用|都合适|也可以)$"),
    "occasion": re.compile(r"(?:都可以|都能用|都合适|也合适|适用|可用|使用|都好用|必备)$"),
}
_WHOLE_PHRASE = 8


@dataclass(frozen=True)
class Found:
    """A fact's kind and place."""

    kind: str
    start: int
    end: int
    value: str = ""


def facts_of_label(plain: str, start: int, end: int, kind: str) -> Iterator[Found]:
    """The facts of a value behind its label."""
    if kind in _LISTED:
        at = start
        for joiner in [*_JOINERS.finditer(plain, start, end), None]:
            stop = joiner.start() if joiner else end
            yield from _trimmed(plain, at, stop, kind)
            at = joiner.end() if joiner else end
    else:
        yield from _trimmed(plain, start, end, kind, _value(kind, plain[start:end]))


def facts_of_run(plain: str, pieces: Sequence[Segment], *, beside_noun: bool = False) -> Iterator[Found]:
    """The facts of a stretch of free words.

    `beside_noun` for what stands around the product's noun in its own phrase: only known words count there, the rest
    describes nothing by itself.
    """
    start, end = _affirmed(plain, pieces[0].start, pieces[-1].end)
    pieces = [piece for piece in pieces if start <= piece.start and piece.end <= end]
    if not pieces or not plain[start:end].strip(_EDGES):
        return
    merged = list(_merged(pieces))
    text = plain[start:end]
    unknown = "".join(plain[each.start : each.end] for each in merged if not each.kind)
    if _LITTLE.match(unknown) and any(each.kind for each in merged):
        has_part = any(piece.term and piece.term.kind in ("part", "packaging") for piece in pieces) and not beside_noun
        kind = _of_whole(text, merged, has_part=has_part)
        if kind:
            yield from _trimmed(plain, start, end, kind)
            return
        for each in merged:
            if each.kind:
                yield from _trimmed(plain, each.start, each.end, each.kind)
    elif beside_noun:
        yield from _beside(plain, merged)
    else:
        yield from _described(plain, start, end, merged)


def _affirmed(plain: str, start: int, end: int) -> tuple[int, int]:
    """The part of a phrase that states something of the product."""
    text = plain[start:end]
    if is_aside(text):
        return start, start
    other = worn_with(text)
    if other >= 0:
        end = start + other
    first, last = affirmed_part(plain[start:end])
    return start + first, start + last


def _of_whole(text: str, merged: Sequence[Found], *, has_part: bool) -> str:
    """The kind of a phrase of known words that says one thing as a whole, "" where each word says its own."""
    if has_part:
        # 金色外壳, 红色礼盒: a part or packaging with what describes it.
        return next((each.kind for each in merged if each.kind in _STRONG), "feature")
    kinds = {each.kind for each in merged if each.kind}
    if len(kinds) == 1 and len([each for each in merged if each.kind]) == 1:
        return next(iter(kinds))
    whole = kind_of_phrase(text)
    if whole in ("warranty", "certificate", "offer", "coupon", "service", "flavour", "colour", "pattern"):
        return whole
    return "function" if kinds <= {"function", "feature"} and len(text) <= _WHOLE_PHRASE and "function" in kinds else ""


def _beside(plain: str, merged: Sequence[Found]) -> Iterator[Found]:
    for each in merged:
        if each.kind and each.kind not in ("occasion",) and each.end - each.start > 1:
            yield from _trimmed(plain, each.start, each.end, each.kind)
        elif not each.kind:
            text = plain[each.start : each.end].strip(_EDGES)
            kind = kind_of_phrase(text)
            if len(text) > 1 and kind != "feature":
                yield from _trimmed(plain, each.start, each.end, kind)


def _described(plain: str, start: int, end: int, merged: Sequence[Found]) -> Iterator[Found]:
    """A phrase with words nobody knows: one fact if it is short, else what is known of it and the clauses between."""
    kind = kind_of_phrase(plain[start:end])
    strong = [each for each in merged if each.kind in _STRONG and each.end - each.start > 1]
    if kind == "feature" and strong and end - start < 6:
        kind = strong[0].kind
    if kind != "feature" or not strong or end - start < 6:
        yield from _trimmed(plain, start, end, kind)
        return
    at = start
    for each in [*strong, Found("", end, end)]:
        text = plain[at : each.start].strip(_EDGES)
        if len(text) >= 4 and not _LITTLE.match(text):
            yield from _trimmed(plain, at, each.start, kind_of_phrase(text))
        if each.kind:
            yield from _trimmed(plain, each.start, each.end, each.kind)
        at = each.end


def _merged(pieces: Sequence[Segment]) -> Iterator[Found]:
    """Pieces by the kind of fact they state; neighbours of one kind, and a finish before a material, are one."""
    kept: list[Found] = []
    for number, piece in enumerate(pieces):
        kind = piece.term.fact if piece.term else ""
        if piece.term and piece.term.is_product:
            kind = ""
        alone = len(pieces) == 1
        if len(piece.text) == 1 and not alone and not (kind == "colour" and _joins(kept, pieces, number)):
            kind = kind if kind and _known_around(pieces, number) else ""
        if kept and kept[-1].end == piece.start and _one(kept[-1], kind, piece):
            kept[-1] = Found(kind or kept[-1].kind, kept[-1].start, piece.end)
        else:
            kept.append(Found(kind, piece.start, piece.end))
    yield from kept


def _joins(kept: Sequence[Found], pieces: Sequence[Segment], number: int) -> bool:
    return bool(kept) and kept[-1].kind in ("colour", "feature", "material") and number == len(pieces) - 1


def _known_around(pieces: Sequence[Segment], number: int) -> bool:
    """A single character between ones nobody knows (the 红 of 红景天) is chance, not a word."""
    around = [pieces[at] for at in (number - 1, number + 1) if 0 <= at < len(pieces)]
    return all(piece.term is not None or _LITTLE.match(piece.text) for piece in around)


def _one(before: Found, kind: str, piece: Segment) -> bool:
    if before.kind == kind:
        return kind in ("colour", "origin", "function", "feature", "") and (kind != "colour" or len(piece.text) == 1)
    # 磨砂 + 玻璃, 珍珠 + 白.
    finish = before.kind == "feature" and before.end - before.start <= 2
    return (kind == "material" and finish) or (
        kind == "colour" and len(piece.text) == 1 and before.kind in ("material", "feature")
    )


def _trimmed(plain: str, start: int, end: int, kind: str, value: str = "") -> Iterator[Found]:
    while start < end and plain[start] in _EDGES:
        start += 1
    while end > start and plain[end - 1] in _EDGES:
        end -= 1
    before = _BEFORE[kind].match(plain[start:end]) if kind in _BEFORE else None
    if before and before.end() < end - start:
        start += before.end()
    after = _AFTER[kind].search(plain[start:end]) if kind in _AFTER else None
    if after and after.start() > 0:
        end = start + after.start()
    if start < end and re.search(r"\w", plain[start:end]):
        yield Found(kind, start, end, value)


def _value(kind: str, text: str) -> str:
    if kind in ("price", "list_price") and re.search(r"\d", text):
        return price_value(text)
    return measure_value(text) if kind in ("size", "capacity", "weight", "quantity") else ""
