"""Reads what is advertised, in the seller's words, into facts, AdvertiseGen attributes and selling points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.copywriting.reading.amounts import find_amounts
from lib_adcopy.copywriting.reading.cutting import cut_clauses
from lib_adcopy.copywriting.reading.english import read_english
from lib_adcopy.copywriting.reading.garment_facts import with_attributes
from lib_adcopy.copywriting.reading.joining import Joined, drafts_of
from lib_adcopy.copywriting.reading.pairs import is_hash_list, is_pairs, read_pairs
from lib_adcopy.copywriting.reading.reader import read_words
from lib_adcopy.copywriting.reading.refining import refine
from lib_adcopy.copywriting.reading.source import Source, open_source
from lib_adcopy.copywriting.reading.statements import read_statements, statements_of_pairs, unused_words
from lib_adcopy.domain.brief import CATEGORIES, LENGTHS, PLATFORMS, TONES, Brief, product_noun
from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.domain.facts import Fact
from lib_adcopy.errors import AdCopyError

__all__ = ["CATEGORIES", "LENGTHS", "MAX_CHARACTERS", "PLATFORMS", "TONES", "Brief", "parse_brief", "product_noun"]

# A product page is a few thousand characters; more is a book.
MAX_CHARACTERS = 10_000
# Categories whose things may be garments, which AdvertiseGen has attributes for.
_WITH_GARMENTS = ("clothing", "mother_baby", "sports", "outdoors", "other")
_GARMENTS = ("裙", "裤", "上衣")
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")


def parse_brief(text: str, **settings: object) -> Brief:
    """Read free text or AdvertiseGen pairs; `settings` are Brief's other fields.

    Raises AdCopyError for a brief without words or with nothing but links and prices, one over MAX_CHARACTERS, or an
    unknown setting's value.
    """
    text, settings = whole_characters(text), whole_characters(settings)
    _check_settings(settings)
    if len(text) > MAX_CHARACTERS:
        raise AdCopyError("copywriting.brief_too_long", length=len(text), limit=MAX_CHARACTERS)
    source = open_source(text)
    if not re.search(r"\w", source.text):
        raise AdCopyError("copywriting.empty_brief")
    if not _says_what(source.plain):
        raise AdCopyError("copywriting.no_product")
    brand_words = [str(word) for word in settings.get("brand_words", ())]  # type: ignore[attr-defined]
    fields: dict[str, Any] = {**_read(source, brand_words), **settings}
    return Brief(text=source.text, **fields)


def _read(source: Source, own_brands: Sequence[str]) -> dict[str, object]:
    """Return the fields of Brief that its text tells."""
    language = "zh" if _IDEOGRAPH.search(source.text) else "en"
    if is_hash_list(source.plain):
        source = replace(source, plain=source.plain.replace("#", ";"), shown=source.shown.replace("#", ";"))
    if is_pairs(source.plain):
        return {"language": language, **_read_pairs(source)}
    if language == "en":
        told, category = read_english(source, own_brands)
        clauses = cut_clauses(source.plain, amounts := find_amounts(source.plain), chinese=False)
        drafts = drafts_of(source.plain, clauses, amounts, language="en")
        return {
            "language": language,
            "category": category or "other",
            **_stated(source, told, drafts, language, category),
        }
    reading = read_words(source, own_brands)
    category = reading.category or "other"
    facts: tuple[Fact, ...] = reading.facts
    attributes: tuple[tuple[str, str], ...] = ()
    # What is sold by the pack is no garment by its last character: 拉拉裤 are nappies.
    is_packed = reading.noun is not None and reading.noun.term.en.startswith("pack of ")
    if category in _WITH_GARMENTS and not is_packed:
        facts, attributes = with_attributes(source, reading.facts, reading.phrases)
    if attributes and category == "other":
        category = "clothing"
    fields = {"language": language, "category": category, "attributes": attributes}
    return {**fields, **_stated(source, facts, reading.drafts, language, category, named=not attributes)}


def _stated(
    source: Source,
    facts: Sequence[Fact],
    drafts: Sequence[Joined],
    language: str,
    category: str,
    *,
    named: bool = True,
) -> dict[str, object]:
    """The statements, the facts as they tell them, and what of the text is in none of them."""
    statements = read_statements(source, drafts, facts, language=language)
    refined = refine(source, facts, statements, category)
    unused = unused_words(source, statements, refined)
    return {"statements": statements, "facts": refined, "points": _points(refined, named=named), "unused": unused}


def _read_pairs(source: Source) -> dict[str, object]:
    pairs = read_pairs(source)
    garment = vocabulary.garment_of(pairs.attributes)
    category = "clothing"
    if garment not in _GARMENTS:
        words = "，".join(fact.text for fact in pairs.facts)
        category = read_words(open_source(words)).category or ("clothing" if garment else "other")
    told = {"category": category, "facts": pairs.facts, "attributes": pairs.attributes, "points": pairs.points}
    return {**told, "statements": statements_of_pairs(pairs.facts)}


def _points(facts: Sequence[Fact], *, named: bool = True) -> tuple[str, ...]:
    """The facts' words as selling points, the product's name first; without it where attributes name it (`named`)."""
    names = [fact.text for fact in facts if fact.kind == "name"] if named else []
    others = [fact for fact in facts if fact.kind != "name" and not fact.name]
    whole = [fact for fact in others if not any(_is_part_of(fact, other) for other in others)]
    return tuple(dict.fromkeys([*names, *(fact.text for fact in whole)]))


def _is_part_of(fact: Fact, other: Fact) -> bool:
    return other.start <= fact.start and fact.end <= other.end and len(fact.text) < len(other.text)


def _says_what(plain: str) -> bool:
    """Tell whether a text has a word beside its links and prices."""
    priced = [amount for amount in find_amounts(plain) if amount.kind in ("price", "list_price", "contact")]
    rest = "".join(
        mark for at, mark in enumerate(plain) if not any(amount.start <= at < amount.end for amount in priced)
    )
    return re.search(r"[^\W\d_]", rest) is not None


def _check_settings(settings: dict[str, object]) -> None:
    allowed = (("platform", PLATFORMS), ("tone", TONES), ("length", LENGTHS), ("category", CATEGORIES))
    for name, values in allowed:
        if name in settings and settings[name] not in values:
            raise AdCopyError("copywriting.unknown_setting", name=name, value=settings[name])
