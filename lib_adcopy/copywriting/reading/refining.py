"""The facts of a brief put right by its clauses: each a whole phrase, of the kind its heading or role tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lib_adcopy.copywriting.reading.amounts import find_amounts, measure_value, price_value
from lib_adcopy.copywriting.reading.clause_facts import (
    AMOUNTS,
    HAN,
    LISTED,
    MONEY,
    NAMES,
    STRONG,
    fact_at,
    facts_of_clauses,
    listed_facts,
    parts_between,
)
from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.lexicon import load_lexicon
from lib_adcopy.copywriting.reading.segments import label_kind
from lib_adcopy.copywriting.reading.source import Source
from lib_adcopy.domain.facts import FACT_KINDS, Fact
from lib_adcopy.domain.statements import Statement

_PARTS = re.compile(rf"\d+个(?!装|入|一|月)[{HAN}]{{2,}}")
_SPACES = re.compile(r"[，,;；]|\s+")
_BARE_NUMBER = re.compile(
    r"(?<![\d.:：])\d{1,6}(?:\.\d{1,2})?(?![\d.:：]|\s*(?:%|折|[A-Za-z]|[年月日号天点分小人寸米斤克]))"
)
_FREE_POSTAGE = re.compile(r"包邮|免运费?")
_UNTIL = re.compile(r"截止|为止|(?:到|至)\s*(?:本|下)?\d{1,2}月?\d{0,2}[日号]?$|前有效$|到期")
_REDUCED = re.compile(r"[减折送赠券抵返]|半价|免")


def refine(
    source: Source, facts: Sequence[Fact], statements: Sequence[Statement], category: str = ""
) -> tuple[Fact, ...]:
    """The facts, those of each statement by its role; of what stands in no statement names alone are left."""
    told: list[Fact] = []
    left = list(facts)
    for statement in statements:
        inside = [fact for fact in left if statement.start <= fact.start < statement.end]
        left = [fact for fact in left if fact not in inside]
        told += _of_statement(source, statement, inside)
    told = [_as_ingredient(source, fact) if category in _EATEN else fact for fact in told]
    # 6个按摩头 is what it has; 6个装 is how many there are.
    told = [
        replace(fact, kind="feature", value="") if fact.kind == "quantity" and _PARTS.fullmatch(fact.text) else fact
        for fact in told
    ]
    return _once([*told, *(fact for fact in left if fact.kind in NAMES)])


def _as_ingredient(source: Source, fact: Fact) -> Fact:
    """A short feature that only names something eaten or a substance as what the product is made of."""
    text = source.plain[fact.start : fact.end]
    if fact.kind not in ("feature", "material", "function") or len(text) > _LONGEST_INGREDIENT or text[-1] in "色调款":
        return fact
    pieces = load_lexicon().split(text)
    foods = [piece.term is not None and piece.term.category in ("food", "plants") for piece in pieces]
    is_food = all(foods) or (any(foods) and bool(_LISTED_FOODS.fullmatch(text)))
    substance = _SUBSTANCE.search(text) or (fact.kind == "material" and not _PACKED_IN.search(text))
    if is_food and "/" in text:
        # One of them at a time: tastes to choose from.
        return replace(fact, kind="flavour")
    return replace(fact, kind="ingredient") if is_food or substance else fact


def _once(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    kept: list[Fact] = []
    seen: set[tuple[str, str, str]] = set()
    for fact in sorted(facts, key=lambda fact: (fact.start, -fact.end)):
        sign = (fact.kind, fact.text.lower(), fact.name)
        if sign not in seen and re.search(r"\w", fact.text):
            seen.add(sign)
            kept.append(fact)
    return tuple(kept)


def _of_statement(source: Source, statement: Statement, inside: Sequence[Fact]) -> list[Fact]:
    whole = fact_at(source, "feature", statement.start, statement.end)
    if whole is None:
        return list(inside)
    names = [fact for fact in inside if fact.kind in NAMES or fact.name]
    role = statement.role
    if role == "instruction":
        return [fact for fact in names if fact.kind == "name"]
    if role == "voice":
        told = [fact for fact in inside if fact.kind in STRONG and fact.kind != "audience"]
        return [*told, *_origins(source, statement)]
    if role in ("product", "other_product"):
        return list(inside)
    if role == "price":
        kept = [fact for fact in inside if fact.kind in STRONG]
        return _with_old_price(source, [*kept, *_bare_prices(source, statement, inside)])
    if role == "offer":
        if _is_date(inside, whole.text):
            return [*names, replace(whole, kind="deadline")]
        kind = "coupon" if re.search("[券碼码]|coupon|code", whole.text) else "offer"
        dated = [fact for fact in inside if fact.kind in ("deadline", "name", "price") and fact.text != whole.text]
        free = [replace(whole, kind="service")] if _FREE_POSTAGE.search(whole.text) else []
        return [*dated, *free, replace(whole, kind=kind)]
    if role == "service":
        warranty = any(fact.kind == "warranty" for fact in inside) or kind_of_phrase(whole.text) == "warranty"
        return [*names, replace(whole, kind="warranty" if warranty else "service")]
    if role == "place":
        found = [fact for fact in inside if fact.kind in ("contact", "deadline", "name", "price")]
        said = sum(len(fact.text) for fact in found if fact.kind == "contact")
        return found if said * 2 >= len(whole.text) else [*names, replace(whole, kind="contact")]
    if role == "audience":
        kept = [fact for fact in inside if fact.kind in (*AMOUNTS, *NAMES, "colour", "price") or fact.name]
        return [*kept, replace(whole, kind="audience")]
    if role == "caveat":
        limits = kind_of_phrase(whole.text) == "service"
        kept = [fact for fact in inside if fact.kind in STRONG and fact.kind not in _NOT_LIMITED]
        return [*kept, replace(whole, kind="service" if limits else "feature")]
    if role == "contents":
        return [*names, *_items(source, statement, inside)]
    if statement.label and role == "attribute" and label_kind(statement.label):
        return _of_label(source, statement, inside)
    return facts_of_clauses(source, statement, inside, whole)


def _is_date(inside: Sequence[Fact], text: str) -> bool:
    """Return whether an offer's clause says only until when."""
    dated = sum(len(fact.text) for fact in inside if fact.kind == "deadline")
    return dated >= 0.7 * len(text) or (bool(_UNTIL.search(text)) and not _REDUCED.search(text))


def _origins(source: Source, statement: Statement) -> Iterator[Fact]:
    """The places that a seller names of himself: 我家是温州的工厂."""
    for piece in load_lexicon().split(source.plain[statement.start : statement.end], statement.start):
        if piece.term and piece.term.fact == "origin" and len(piece.text) > 1:
            yield Fact("origin", source.text[piece.start : piece.end], "", piece.start, piece.end)


def _with_old_price(source: Source, facts: Sequence[Fact]) -> list[Fact]:
    """The facts of a price's clause; a plain price before a lower one that is called the present one is the old one."""
    prices = sorted((fact for fact in facts if fact.kind == "price"), key=lambda fact: fact.start)
    if len(prices) != _OLD_AND_NEW or any(fact.kind == "list_price" for fact in facts):
        return list(facts)
    old, new = prices
    amounts = [re.match(r"\d+(?:\.\d+)?", fact.value) for fact in prices]
    led = source.plain[max(0, new.start - 4) : new.end]
    lower = all(amounts) and float(amounts[1][0]) < float(amounts[0][0])  # type: ignore[index]
    plain = not _PRESENT.search(source.plain[max(0, old.start - 2) : old.end]) and "/" not in old.value
    if lower and plain and _PRESENT.search(led):
        return [replace(fact, kind="list_price") if fact is old else fact for fact in facts]
    return list(facts)


def _of_label(source: Source, statement: Statement, inside: Sequence[Fact]) -> list[Fact]:
    """The value behind a heading, taken whole, or part by part where it is a list."""
    kind = label_kind(statement.label)
    if kind not in FACT_KINDS or kind in ("feature", "function", "service", "name"):
        return facts_of_clauses(source, statement, inside, None, fallback=kind if kind in FACT_KINDS else "feature")
    named = [fact for fact in inside if fact.name]
    if named:
        return [*named, *(fact for fact in inside if not fact.name and fact.kind == kind)]
    if kind not in LISTED:
        text = source.plain[statement.start : statement.end]
        value = price_value(text) if kind in ("price", "list_price") and re.search(r"\d", text) else ""
        value = measure_value(text) if kind in AMOUNTS else value
        found = fact_at(source, kind, statement.start, statement.end, value)
        return [found] if found else []
    return listed_facts(source, statement.start, statement.end, kind)


_EATEN = ("food", "beauty", "pets")
_LONGEST_INGREDIENT = 12
_LISTED_FOODS = re.compile(rf"[{HAN}]{{1,5}}(?:[+、/][{HAN}]{{1,5}})+")
_SUBSTANCE = re.compile(
    "(?:[酸醇胺肽酯酚酶酮钠钾钙锌]|提取物|精华|精粹|益生[菌元]|胶原(?:蛋白)?|蛋白|角鲨烷|维[A-EＡ-Ｅ]|维生素[A-E]?|纤维|多糖|膳食纤维|"
    "咖啡因|果胶|神经酰胺|玻尿酸|烟酰胺|植物油|籽油|果油|坚果油|乳木果|积雪草|茶树|马油)$"
)
_NOT_LIMITED = ("audience", "origin", "service", "contact")
_OLD_AND_NEW = 2
_PRESENT = re.compile("现|活动|优惠|折后|今[天日晚]|限时|秒杀|直播|报名|早鸟|双11|双十一|618|国庆|开业")
_MADE_OF = ("material", "ingredient", "certificate")
_PACKED_IN = re.compile("纸|袋|盒|罐|瓶|玻璃|陶瓷|竹|木|棉|无纺|膜布|塑料|铝|布")


def _bare_prices(source: Source, statement: Statement, inside: Sequence[Fact]) -> Iterator[Fact]:
    """The prices of a price's clause that have no sign of their own: 老学员199."""
    for start, end in parts_between(source.plain, statement.start, statement.end, _SPACES):
        if any(fact.kind in MONEY and fact.start < end and start < fact.end for fact in inside):
            continue
        found = list(_BARE_NUMBER.finditer(source.plain, start, end))
        taken = [fact for fact in inside if fact.kind in AMOUNTS]
        found = [n for n in found if not any(fact.start <= n.start() < fact.end for fact in taken)]
        if found:
            price = fact_at(source, "price", start, end, price_value(found[-1].group()))
            if price:
                yield price


def _items(source: Source, statement: Statement, inside: Sequence[Fact]) -> Iterator[Fact]:
    """Return what is in the box, thing by thing; what is counted is a quantity."""
    whole = kind_of_phrase(source.plain[statement.start : statement.end])
    if whole in ("certificate", "warranty", "service", "offer"):
        found = fact_at(source, whole, statement.start, statement.end)
        yield from [found] if found else []
        return
    for start, end in parts_between(source.plain, statement.start, statement.end, re.compile(r"\s*[、+，,;；]\s*")):
        text = source.plain[start:end]
        counted = any(amount.kind == "quantity" for amount in find_amounts(text))
        made = next((fact.kind for fact in inside if start <= fact.start < end and fact.kind in _MADE_OF), "feature")
        found = fact_at(source, "quantity" if counted else made, start, end)
        if found:
            yield found
