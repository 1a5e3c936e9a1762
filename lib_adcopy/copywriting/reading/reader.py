"""A seller's words in free form, read into facts: amounts first, then brand and product, then phrase by phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lib_adcopy.copywriting.reading.amounts import Amount, find_amounts
from lib_adcopy.copywriting.reading.books import find_book
from lib_adcopy.copywriting.reading.brands import (
    Named,
    brand_before,
    brand_behind,
    named_by_place,
    named_in_words,
    named_outright,
)
from lib_adcopy.copywriting.reading.categories import category_of_noun
from lib_adcopy.copywriting.reading.courses import as_course, find_course
from lib_adcopy.copywriting.reading.cutting import cut_clauses
from lib_adcopy.copywriting.reading.joining import Joined, drafts_of
from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.lexicon import Lexicon, load_lexicon
from lib_adcopy.copywriting.reading.nouns import as_service, find_nouns
from lib_adcopy.copywriting.reading.phrases import Found, facts_of_label, facts_of_run
from lib_adcopy.copywriting.reading.prices import bare_prices
from lib_adcopy.copywriting.reading.product_names import product_names
from lib_adcopy.copywriting.reading.product_noun import Noun, Run
from lib_adcopy.copywriting.reading.segments import Phrase, cut_phrases
from lib_adcopy.copywriting.reading.shops import find_shop
from lib_adcopy.copywriting.reading.source import Source
from lib_adcopy.domain.facts import FACT_KINDS, Fact

# Labels whose value is read as free words are.
_FREE_LABELS = ("", "feature", "type", "name")


@dataclass(frozen=True)
class Reading:
    """`facts` in the text's order; `noun` is the product's, None where no word names one; `category` is its own, ""
    where nothing tells. `phrases` are those that the text was cut into, `drafts` its clauses."""

    facts: tuple[Fact, ...]
    noun: Noun | None
    category: str
    phrases: tuple[Phrase, ...] = ()
    drafts: tuple[Joined, ...] = ()


def read_words(source: Source, own_brands: Sequence[str] = ()) -> Reading:
    """Read Chinese free words, labelled values and lists."""
    plain, lexicon = source.plain, load_lexicon()
    amounts = find_amounts(plain)
    drafts = drafts_of(plain, cut_clauses(plain, amounts), amounts, language="zh")
    phrases = [part for phrase in cut_phrases(plain, amounts) for part in _cut_at(phrase, drafts)]
    named = named_outright(plain, phrases, own_brands)
    runs = [_with_role(run, drafts) for run in _runs(plain, phrases, amounts, named, lexicon)]
    nouns = find_nouns(plain, runs, lexicon)
    book = find_book(plain, runs, nouns)
    first = book or find_shop(plain, runs, lexicon) or find_course(plain, runs, nouns, lexicon)
    nouns = [first, *nouns] if first else nouns
    if nouns:
        nouns[0] = as_course(plain, as_service(plain, nouns[0], lexicon), lexicon)
    noun = nouns[0] if nouns else None
    named = named_in_words(plain, named_by_place(plain, phrases, noun, named, lexicon))
    if noun:
        named += brand_behind(plain, phrases, noun, named, lexicon)
        before = brand_before(plain, noun.run, noun.start, lexicon)
        named += [before] if before and not any(each.kind == "brand" for each in named) else []
    category = category_of_noun(plain, noun, _audiences(plain, phrases)) if noun else ""
    amounts = _with_prices(plain, phrases, amounts, named, lexicon, category)
    names = list(product_names(plain, nouns, category, named, amounts))
    names = names or list(_unknown_name(plain, phrases, drafts, named, amounts))
    taken = [*names, *(Found(each.kind, each.start, each.end) for each in named)]
    taken += [Found(each.kind, each.start, each.end, each.value) for each in amounts if each.kind != "spec"]
    found = [*taken, *_described(plain, phrases, taken, lexicon, names)]
    return Reading(tuple(_facts(source, found)), noun, category, tuple(phrases), tuple(drafts))


def _cut_at(phrase: Phrase, drafts: Sequence[Joined]) -> Iterator[Phrase]:
    """The phrase as the clauses that begin within it, where a text runs them together."""
    inside = (start for draft in drafts for start, _ in draft.parts if phrase.start < start < phrase.end)
    for start, end in pairwise([phrase.start, *sorted(inside), phrase.end]):
        yield replace(phrase, start=start, end=end)


_NO_NAME = re.compile(r"[\d，,。不没无]|(?:的|了|吗|呢|吧|啦|哦|款|新品|现货|特价|上新|包邮|推荐)$")
_LONGEST_UNKNOWN = 10


def _unknown_name(
    plain: str,
    phrases: Sequence[Phrase],
    drafts: Sequence[Joined],
    named: Sequence[Named],
    amounts: Sequence[Amount],
) -> Iterator[Found]:
    """The first phrase as the product's name, where no word of the text names a thing that is known."""
    labelled = [each for each in phrases if each.label == "name"]
    for phrase in [*labelled, *(each for each in phrases[:3] if not each.label)]:
        text = plain[phrase.start : phrase.end]
        role = next((each.role for each in drafts if each.start <= phrase.start < each.end), "")
        taken = [*((n.start, n.end) for n in named), *((a.start, a.end) for a in amounts)]
        is_taken = any(start < phrase.end and phrase.start < end for start, end in taken)
        pieces = load_lexicon().split(text)
        known = [piece.term for piece in pieces if piece.term is not None]
        tells = any(term.fact or term.kind in ("material", "part", "colour") for term in known)
        if tells or role not in ("", "product"):
            continue
        is_name = 1 < len(text) <= _LONGEST_UNKNOWN and not _NO_NAME.search(text) and kind_of_phrase(text) == "feature"
        if is_name and not is_taken and role in ("", "product"):
            yield Found("name", phrase.start, phrase.end)
            return


def _with_role(run: Run, drafts: Sequence[Joined]) -> Run:
    """The run with the role of the clause it stands in."""
    draft = next((each for each in drafts if each.start <= run.start < each.end), None)
    return replace(run, role=draft.role, heading=draft.label) if draft else run


def _runs(
    plain: str, phrases: Sequence[Phrase], amounts: Sequence[Amount], named: Sequence[Named], lexicon: Lexicon
) -> Iterator[Run]:
    """The phrases' stretches without amounts and brands."""
    closed = sorted(
        [(each.start, each.end) for each in amounts if each.kind != "spec" and not _is_product(plain, each, lexicon)]
        + [(each.start, each.end) for each in named]
    )
    for number, phrase in enumerate(phrases):
        for start, end in _open(phrase.start, phrase.end, closed):
            pieces = tuple(lexicon.split(plain[start:end], start))
            if pieces:
                yield Run(start, end, pieces, number, phrase.segment, phrase.label)


def _is_product(plain: str, amount: Amount, lexicon: Lexicon) -> bool:
    """Return whether what looks like a number of things is one: a 四件套 is bedding."""
    term = lexicon.term(plain[amount.start : amount.end])
    return term is not None and term.is_product


def _open(start: int, end: int, closed: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at = start
    for first, last in closed:
        if last <= at or first >= end:
            continue
        if first > at:
            yield at, first
        at = max(at, last)
    if at < end:
        yield at, end


def _audiences(plain: str, phrases: Sequence[Phrase]) -> list[str]:
    """Return what labels and phrases like "狗狗用" say of whom it is for."""
    return [
        plain[phrase.start : phrase.end]
        for phrase in phrases
        if not _CAVEAT.search(plain[phrase.start : phrase.end])
        and (
            phrase.label == "audience"
            or re.search("(?:专用|适用|可用|[用穿])$|^(?:适合|专为|给)", plain[phrase.start : phrase.end])
        )
    ]


def _with_prices(
    plain: str,
    phrases: Sequence[Phrase],
    amounts: Sequence[Amount],
    named: Sequence[Named],
    lexicon: Lexicon,
    category: str,
) -> list[Amount]:
    """The amounts with the prices that only their place tells; a lone 定价 is the price, beside another the old one."""
    kept = [each for each in amounts if not any(each.start < other.end and other.start < each.end for other in named)]
    taken = [Amount(each.kind, each.start, each.end) for each in named]
    kept += bare_prices(plain, phrases, [*kept, *taken], lexicon, category)
    fixed = [each for each in kept if each.kind == "price" and plain.startswith("定价", each.start)]
    others = [each for each in kept if each.kind == "price" and each not in fixed]
    if fixed and others:
        kept = [Amount("list_price", *_rest(each)) if each in fixed else each for each in kept]
    if not fixed and not others:
        kept = [Amount("price", *_rest(each)) if each.kind == "list_price" else each for each in kept]
    return kept


def _rest(amount: Amount) -> tuple[int, int, str, str]:
    return amount.start, amount.end, amount.value, amount.pattern


def _described(
    plain: str, phrases: Sequence[Phrase], taken: Sequence[Found], lexicon: Lexicon, names: Sequence[Found]
) -> Iterator[Found]:
    closed = sorted((each.start, each.end) for each in taken)
    for phrase in phrases:
        if phrase.label in ("brand", "model"):
            continue
        if phrase.label not in _FREE_LABELS and phrase.label in FACT_KINDS:
            if not any(phrase.start <= each.start < phrase.end and each.kind == phrase.label for each in taken):
                yield from facts_of_label(plain, phrase.start, phrase.end, phrase.label)
            continue
        beside = any(phrase.start <= name.start < phrase.end for name in names)
        for start, end in _open(phrase.start, phrase.end, closed):
            pieces = lexicon.split(plain[start:end], start)
            if pieces:
                yield from facts_of_run(plain, pieces, beside_noun=beside)


# A caveat is not whom the product is for: 新手慢跑不太建议, 新疆西藏除外.
_CAVEAT = re.compile("不太?建议|不太?适合|不推荐|除外|慎[入拍买用]|不要买|别买")
_RECOMMENDING = ("audience", "occasion", "season", "origin")
# Bands of radio: 2.4G, 5G.
_RADIO = re.compile(r"(?:2\.4|[2-6])G(?:Hz)?")


# "39.9包邮" is a price and free postage, no parcels; "60g*2" and "各2" are no prices.
_POSTAGE = "包邮"
_COUNTED_BY = re.compile(r"(?:[*xX×]|各)\s*$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _priced(plain: str, found: Iterable[Found]) -> Iterator[Found]:
    """The facts with what only looks like a price, or only looks like none, put right."""
    listed = {(each.start, each.end) for each in found if each.kind == "list_price"}
    for each in found:
        text = plain[each.start : each.end]
        number = _NUMBER.match(text)
        if each.kind == "quantity" and number and plain.startswith(_POSTAGE, each.start + number.end()):
            yield Found("price", each.start, each.start + number.end(), f"{float(number[0])} CNY")
            yield Found("service", each.start + number.end(), each.start + number.end() + len(_POSTAGE))
        elif each.kind == "price" and "各" in text:
            yield replace(each, kind="feature", value="")
        elif not (_is_rest_of_postage(plain, each) or _is_no_price(plain, each, listed)):
            yield each


def _is_rest_of_postage(plain: str, found: Found) -> bool:
    return found.kind == "feature" and plain[found.start - 1 : found.end] == _POSTAGE


def _is_no_price(plain: str, found: Found, listed: set[tuple[int, int]]) -> bool:
    """Return whether a price is the old one, or a count behind a sign."""
    if found.kind != "price":
        return False
    counted = plain[found.start : found.end].isdigit() and _COUNTED_BY.search(plain[: found.start])
    return (found.start, found.end) in listed or bool(counted)


def _told_apart(found: Found, text: str) -> Found:
    """A caveat as a feature said as it stands, and a band of radio as a function, whatever pattern found them."""
    if found.kind in _RECOMMENDING and _CAVEAT.search(text):
        return replace(found, kind="feature")
    if found.kind in ("capacity", "weight") and _RADIO.fullmatch(text):
        return replace(found, kind="function", value="")
    return found


def _facts(source: Source, found: Iterable[Found]) -> Iterator[Fact]:
    """Return facts in the text's order, none twice and none within another of its kind."""
    seen: set[tuple[str, str]] = set()
    for each in sorted(_priced(source.plain, list(found)), key=lambda each: (each.start, -each.end)):
        text = source.text[each.start : each.end]
        each = _told_apart(each, text)
        if (each.kind, source.plain[each.start : each.end].lower()) not in seen:
            seen.add((each.kind, source.plain[each.start : each.end].lower()))
            yield Fact(each.kind, text, each.value, each.start, each.end)
