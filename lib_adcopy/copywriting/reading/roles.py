"""Decides what a clause is good for in a text: by its heading first, then by its words. roles.json: patterns by
role."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lib_adcopy.copywriting.reading.amounts import Amount
from lib_adcopy.copywriting.reading.clauses import is_aside
from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.lexicon import load_lexicon
from lib_adcopy.copywriting.reading.segments import label_kind

_FILE = Path(__file__).with_suffix(".json")
# The role of a clause under a heading, by the kind of fact the heading names.
_OF_KIND = {
    "name": "product", "brand": "attribute", "price": "price", "list_price": "price", "offer": "offer",
    "coupon": "offer", "deadline": "offer", "service": "service", "warranty": "service", "contact": "place",
    "audience": "audience",
}  # fmt: skip
# The usual label of a clause that states one fact and nothing else.
USUAL_LABELS = {
    "zh": {
        "brand": "品牌", "model": "型号", "size": "尺寸", "capacity": "容量", "weight": "重量", "quantity": "规格",
        "material": "材质", "colour": "颜色", "ingredient": "成分", "flavour": "口味", "pattern": "图案",
        "style": "风格", "fit": "版型", "origin": "产地", "season": "季节",
    },
    "en": {
        "brand": "Brand", "model": "Model", "size": "Size", "capacity": "Capacity", "weight": "Weight",
        "quantity": "Contents", "material": "Material", "colour": "Colour", "ingredient": "Ingredients",
        "flavour": "Flavour", "pattern": "Pattern", "style": "Style", "fit": "Fit", "origin": "Origin",
        "season": "Season",
    },
}  # fmt: skip
_SHORT = 5
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_ONLY_WITH = re.compile(r"[(（][^()（）]*才[有送][)）]$")
_MONEY = ("price", "list_price")
_OFFERS = ("offer", "coupon", "deadline")


def role_of_heading(label: str) -> str:
    """The role of what stands under a heading, "" where its words must tell."""
    kind = label_kind(label)
    for role, pattern in _rules("headings"):
        if pattern.search(label):
            return role
    return _OF_KIND.get(kind, "")


def role_of_clause(text: str, amounts: Sequence[Amount], *, language: str) -> str:
    """The role that the words of a clause tell, "" for a plain fact. `amounts` are those within it."""
    kinds = [amount.kind for amount in amounts]
    # What stands in brackets qualifies the clause and does not make it.
    outside = _BRACKETS.sub("", text).strip() or text
    for role, pattern in _rules(language):
        if pattern.search(outside):
            return role
    if "contact" in kinds:
        return "place"
    money = [amount for amount in amounts if amount.kind in _MONEY]
    offers = [amount for amount in amounts if amount.kind in _OFFERS]
    # A part that only a dearer set has is no price: 隔水炖盅（加20元的B套餐才有）.
    if money and not _ONLY_WITH.search(text) and not (offers and offers[0].start < money[0].start):
        return "price"
    if offers:
        return "offer"
    kind = kind_of_phrase(outside)
    if kind in ("offer", "coupon"):
        return "offer"
    if kind in ("service", "warranty"):
        return "service"
    if is_aside(text):
        return "voice"
    if kind == "audience" and (_is_mostly_audience(text) or "audience" in kinds):
        return "audience"
    return "audience" if kinds == ["audience"] else ""


def _is_mostly_audience(text: str) -> bool:
    if _rules("audience")[0][1].search(text):
        return True
    return len(text) <= _SHORT and not any(piece.term and piece.term.is_product for piece in load_lexicon().split(text))


@cache
def _rules(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    data: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in data[name])
