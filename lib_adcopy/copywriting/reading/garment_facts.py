"""Facts of a garment's brief, those that AdvertiseGen knows under its names and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lib_adcopy.copywriting.reading.garments import GarmentAttribute, Pair, attributes_in, garment_in
from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.pairs import ADGEN_KINDS
from lib_adcopy.copywriting.reading.segments import Phrase
from lib_adcopy.copywriting.reading.source import Source
from lib_adcopy.domain.facts import Fact

# Endings that say nothing beside an attribute: 蕾丝面料, 复古风.
_TRAILERS = ("风格", "风", "设计", "图案", "款", "款式", "元素", "面料", "材质", "版型", "的", "裙", "裤")
# Kinds whose words are never AdvertiseGen's attributes.
_APART = (
    "brand", "model", "price", "list_price", "offer", "coupon", "size", "capacity", "weight", "quantity", "ingredient",
    "flavour", "origin", "audience", "service", "certificate", "warranty", "contact", "deadline",
)  # fmt: skip


def with_attributes(
    source: Source, facts: Sequence[Fact], phrases: Sequence[Phrase]
) -> tuple[tuple[Fact, ...], tuple[Pair, ...]]:
    """Return the facts with AdvertiseGen's names on those it knows, and the attributes; none where no garment is
    named."""
    plain = source.plain
    names = [fact for fact in facts if fact.kind == "name"]
    garment = garment_in([plain[fact.start : fact.end] for fact in names])
    if not garment:
        return tuple(facts), ()
    told: list[Fact] = []
    pairs: list[Pair] = []
    for fact in facts:
        if fact.kind in _APART:
            told.append(fact)
            continue
        label = next((each.name for each in phrases if each.start <= fact.start < each.end), "")
        found = list(attributes_in(plain[fact.start : fact.end], garment, fact.start, label))
        pairs += [each.pair for each in found if each.pair not in pairs]
        told += [fact] if fact.kind == "name" else _parted(source, fact, found)
    if not any(name == "类型" for name, _ in pairs):
        pairs.insert(0, ("类型", garment))
    return tuple(told), tuple(pairs)


def _parted(source: Source, fact: Fact, found: Sequence[GarmentAttribute]) -> Iterator[Fact]:
    """Yield a fact as the attributes in it, and what stands between them as facts of their own."""
    if not found or _is_more(source.plain, fact, found):
        yield fact
        return
    at = fact.start
    for each in found:
        yield from _between(source, at, each.start)
        kind = ADGEN_KINDS.get(each.pair[0], "feature")
        yield Fact(kind, source.text[each.start : each.end], each.pair[1], each.start, each.end, each.pair[0])
        at = each.end
    yield from _between(source, at, fact.end)


def _is_more(plain: str, fact: Fact, found: Sequence[GarmentAttribute]) -> bool:
    """Tell whether the attributes are only part of a word: a single character left over belongs to its neighbours."""
    edges = [fact.start, *(place for each in found for place in (each.start, each.end)), fact.end]
    rests = [_without_trailers(plain[a:b]) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return any(len(rest) == 1 for rest in rests) or plain[: fact.end].endswith("套装")


def _between(source: Source, start: int, end: int) -> Iterator[Fact]:
    rest = _without_trailers(source.plain[start:end])
    if rest:
        first = source.plain.index(rest, start)
        text = source.text[first : first + len(rest)]
        yield Fact(kind_of_phrase(rest), text, "", first, first + len(rest))


def _without_trailers(run: str) -> str:
    for trailer in sorted(_TRAILERS, key=len, reverse=True):
        run = run.removeprefix(trailer).removesuffix(trailer)
    return run.strip("和与及 ")
