"""What a copy is made of: the brief's facts, put in groups and rid of what is said twice or may not be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.bank import Pack, family_noun, load_copy_data, pack_for
from lib_adcopy.copywriting.composition.forms import form_of
from lib_adcopy.copywriting.composition.segments import product_name, whole_phrases
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.facts import Fact

GROUPS = {
    "make": ("material", "ingredient", "origin", "certificate"),
    "look": ("colour", "pattern", "style", "fit"),
    "amount": ("size", "capacity", "weight", "quantity", "model"),
    "work": ("name", "flavour", "function", "feature"),
    "use": ("audience", "occasion", "season"),
    "deal": ("price", "list_price", "offer", "coupon", "deadline"),
    "after": ("service", "warranty", "contact"),
}
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
# The `name` of a piece that is the reader the brief's audience setting asks for, not a fact of the product.
READER = "reader"
_EDGES = " \t\n，,。；;、：:｜|·-—~*"
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Piece:
    """One fact ready to be said: `text` as it stands in the copy, `form` from forms.py, `name` AdvertiseGen's."""

    kind: str
    text: str
    form: str
    name: str = ""
    value: str = ""

    @property
    def group(self) -> str:
        return _GROUP_OF[self.kind]


@dataclass(frozen=True)
class Material:
    """The facts of one brief as the composer uses them.

    `full` is brand, model and name as they are said in running text, `name` the name alone, `short` the noun of it.
    `pieces` are the facts to be said after the name, in the order they are spoken of.
    """

    full: str
    name: str
    short: str
    brand: str
    model: str
    pieces: tuple[Piece, ...]
    pack: Pack
    language: str
    category: str

    def of(self, *groups: str) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.group in groups)

    def kinds(self, *kinds: str) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.kind in kinds)


def gather(brief: Brief) -> Material:
    """Read a brief into the material of a copy; words to avoid and repeated facts are left out."""
    found = whole_phrases(brief) or facts_of(brief)
    facts = [fact for fact in found if fact.text.strip() and not _avoided(fact.text, brief.avoid_words)]
    name = _name(brief, facts)
    brand = _first(facts, "brand") or next(iter(brief.brand_words), "")
    model = _first(facts, "model")
    full = _full_name(brand, model, name, brief.language)
    pieces = _pieces(brief, facts, full, model)
    pack = pack_for(name, brief.category, brief.language)
    short = family_noun(name, brief.category, brief.language)
    if len(short) < 2:
        short = name
    return Material(full, name, short, brand, model, pieces, pack, brief.language, brief.category)


_ATTRIBUTE_KINDS = {
    "颜色": "colour", "材质": "material", "图案": "pattern", "风格": "style", "版型": "fit", "类型": "name",
}  # fmt: skip


def facts_of(brief: Brief) -> tuple[Fact, ...]:
    """The brief's facts; of a brief that was put together without any, its attributes and points."""
    if brief.facts:
        return brief.facts
    kinds = ((_ATTRIBUTE_KINDS.get(name, "feature"), name, value) for name, value in brief.attributes)
    named = [Fact(kind, value, value, name=name) for kind, name, value in kinds]
    points = [Fact("name" if point == brief.product else "feature", point) for point in brief.points]
    return (*named, *points)


def _name(brief: Brief, facts: Sequence[Fact]) -> str:
    product = brief.product.strip(_EDGES) or brief.text
    named = product_name(brief, _written(product))
    if _avoided(named, brief.avoid_words):
        others = [fact.text for fact in facts if fact.kind == "name"]
        named = others[0] if others else named
    return named or product


def _first(facts: Iterable[Fact], kind: str) -> str:
    return next((fact.text.strip(_EDGES) for fact in facts if fact.kind == kind), "")


def _full_name(brand: str, model: str, name: str, language: str) -> str:
    """Brand, model and name; Latin words stand apart, Chinese ones together."""
    words = [word for word in (brand, model) if word and word.lower() not in name.lower()]
    words += [name] if name else []
    joined = words[0] if words else ""
    for before, word in pairwise(words):
        apart = language == "en" or not (_IDEOGRAPH.match(word) and _IDEOGRAPH.match(before[-1]))
        joined += f" {word}" if apart and (language == "en" or not _IDEOGRAPH.match(word[0])) else word
    return joined


def _pieces(brief: Brief, facts: Sequence[Fact], full: str, model: str) -> tuple[Piece, ...]:
    made: list[Piece] = []
    if brief.audience and not _avoided(brief.audience, brief.avoid_words):
        facts = [*facts, Fact("audience", brief.audience, name=READER)]
    for fact in facts:
        text = _attribute_text(fact, brief.language)
        known = fact.kind in ("brand", "model") and text.lower() in full.lower()
        if not text or known or fact.text in (brief.product, full) or _names_only(fact, brief):
            continue
        # A second brand or model (a chip, a film's) is no part of the name: it is said as a feature.
        kind = fact.kind if fact.kind in _GROUP_OF else "feature"
        made.append(Piece(kind, text, form_of(text), fact.name, fact.value))
    return tuple(_ordered(brief, [piece for piece in made if not _said_elsewhere(piece, made, full)]))


def _names_only(fact: Fact, brief: Brief) -> bool:
    """Whether the fact is AdvertiseGen's type of garment, which the name says."""
    return fact.kind == "name" and bool(fact.name) and bool(brief.product)


def _said_elsewhere(piece: Piece, others: Sequence[Piece], full: str) -> bool:
    """Whether the name or a longer fact says this one already; prices are never taken for part of others."""
    if piece.group == "deal":
        return any(other.text == piece.text and other is not piece for other in others[: others.index(piece)])
    lowered = piece.text.lower()
    if lowered in full.lower():
        return True
    at = others.index(piece)
    longer = (other for other in others if other.group != "deal" and len(other.text) > len(lowered))
    return any(lowered in other.text.lower() for other in longer) or any(
        lowered == other.text.lower() for other in others[:at]
    )


def _ordered(brief: Brief, pieces: Sequence[Piece]) -> list[Piece]:
    """What a revision stresses first, then in the category's order; of a kind as the seller wrote them."""
    orders: dict[str, list[str]] = load_copy_data("structures.json")["orders"]
    kinds = [*orders.get(brief.category, ()), *orders["*"]]
    groups = list(GROUPS)

    def place(piece: Piece) -> tuple[bool, int, int]:
        stressed = piece.text in brief.stress or kind_of_attribute(piece.name) in brief.stress
        late = groups.index(piece.group) if piece.group in ("use", "deal", "after") else 0
        return not stressed, late, kinds.index(piece.kind) if piece.kind in kinds else 0

    return sorted(pieces, key=place)


def _attribute_text(fact: Fact, language: str) -> str:
    """The fact's text without label signs; AdvertiseGen's bare values as they read in running text."""
    text = _written(fact.text.strip(_EDGES))
    if not fact.name or fact.name == READER or language != "zh":
        return text
    frames: dict[str, str] = load_copy_data("zh/voice.json")["attribute_text"]
    frame = next((frame for part, frame in frames.items() if part in fact.name), "{v}")
    tail = frame.replace("{v}", "")
    return text if tail and text.endswith(tail[-1]) else frame.replace("{v}", text)


def _written(text: str) -> str:
    found: str = load_copy_data("zh/voice.json")["written"].get(text, text)
    return found


def _avoided(text: str, words: Sequence[str]) -> bool:
    return any(word.lower() in text.lower() for word in words if word)
