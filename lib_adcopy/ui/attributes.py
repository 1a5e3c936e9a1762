"""The attribute pickers: what each kind of product is described by, and the brief's own words changed by a choice.

The brief stays the one text the seller sees; a picker only writes into it. attributes.json holds the words for
everything that is no garment; a garment's are AdvertiseGen's own.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.domain.brief import CATEGORIES, Brief

GARMENTS = ("裙", "裤", "上衣")
PRODUCTS = (*GARMENTS, *(category for category in CATEGORIES if category != "clothing"))
# What stands in an empty brief when a garment's attribute is chosen first.
_NOUNS = {"裙": "裙子", "裤": "裤子", "上衣": "上衣"}
_PIECES = re.compile(r"([，,、；;。\n\t|*]+)")
_EDGES = " ，,、；;。\n\t|*"


@cache
def _others() -> dict[str, dict[str, dict[str, str]]]:
    return json.loads((Path(__file__).parent / "attributes.json").read_text(encoding="utf-8"))


def product_of(brief: Brief) -> str:
    """Return which of PRODUCTS a brief is about."""
    garment = vocabulary.garment_of(brief.attributes)
    return garment if garment in GARMENTS else "other" if brief.category == "clothing" else brief.category


def kinds(product: str) -> tuple[str, ...]:
    """Return the kinds of attributes a product has.

    AdvertiseGen's names for a garment, "colour" and the like for others.
    """
    if product in GARMENTS:
        return tuple(name for name in vocabulary.values() if name != "类型" and vocabulary.fits_garment(name, product))
    return tuple(_others().get(product, _others()["other"]))


def every_kind() -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for product in PRODUCTS for kind in kinds(product)))


def values(product: str, kind: str, language: str) -> tuple[str, ...]:
    """Return what can be chosen for a kind; garments' words are Chinese, as the copy that AdvertiseGen teaches."""
    if product in GARMENTS:
        return vocabulary.values().get(kind, ())
    found = _others().get(product, _others()["other"]).get(kind, {})
    return tuple(found.get("en", "").split("|")) if language == "en" else tuple(found.get("zh", "").split())


def with_attribute(text: str, product: str, kind: str, value: str) -> str:
    """Return the brief with one attribute more, written the way the brief is written."""
    text = text.rstrip(_EDGES)
    if not text:
        return f"{_NOUNS[product]}，{value}" if product in _NOUNS else value
    if _is_pairs(text):
        return f"{text}*{kind}#{value}" if product in GARMENTS else f"{text}*{value}"
    pieces = [piece.strip().lower() for piece in _PIECES.split(text)]
    return text if value.lower() in pieces else f"{text}{'，' if _is_chinese(text + value) else ', '}{value}"


def _is_pairs(text: str) -> bool:
    return "#" in text


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)
