"""The values that frames of titles, hooks and introductions are filled with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.deal import bare_price
from lib_adcopy.copywriting.composition.english import article_of, capital
from lib_adcopy.copywriting.composition.material import READER, Material, Piece

_SLOT = re.compile(r"\{(\w+)\}")
_NUMERALS = "零一两三四五六七八九"
_SHORT = {"zh": 8, "en": 26}
# An audience that a sentence may address: no ages, no "适合...".
_NO_READER = re.compile(r"^(?:适|给|送|for)|\d|以上|以下|均码|通用|都")
_MAX_LABELS = 3
# No article before tea or earbuds, no measure word before a service.
_MAY_BE_EMPTY = ("a", "A", "this")


def fill(frame: str, slots: Mapping[str, str]) -> str:
    """The frame with every slot filled; "" where the brief has nothing for one of them."""
    names = _SLOT.findall(frame)
    if not all(slots.get(name) or name in _MAY_BE_EMPTY for name in names):
        return ""
    return re.sub(" +", " ", _SLOT.sub(lambda match: slots[match[1]], frame))


def slots_of(material: Material, clauses: int) -> dict[str, str]:
    """Everything frames may ask for; `clauses` is how many things the body says of the product."""
    zh = material.language == "zh"
    unit = "" if material.category == "services" else material.pack.unit
    branded = f"{material.brand}{'' if zh else ' '}{material.name}" if material.brand else material.name
    short_full = material.name if material.brand and material.brand in material.name else branded
    feature = _first_short(material, ("function", "feature", "material", "certificate"))
    amount = _first_short(material, ("capacity", "weight", "quantity"))
    slots = {
        "a": "" if zh else article_of(material.short),
        "name": material.name,
        "full": material.full,
        "short": material.short,
        "short_full": short_full,
        "unit": unit,
        "this": f"这{unit}" if zh and unit else "",
        "one": f"一{unit}" if zh else "",
        "price": bare_price(material),
        "feature": feature,
        "amount": amount,
        "colour": _only(material.kinds("colour"), material.language),
        "audience": _reader(material),
        "label": next(iter(labels_of(material)), ""),
        "labels": _joined(list(labels_of(material))[:_MAX_LABELS], zh),
        "count": _NUMERALS[clauses] if zh and 2 < clauses < len(_NUMERALS) else "",
    }
    # A frame that begins with a slot asks for it with a capital.
    return {**slots, **{name.capitalize(): capital(text) for name, text in slots.items()}}


def _joined(labels: Sequence[str], zh: bool) -> str:
    if len(labels) < 2:
        return ""
    return "、".join(labels) if zh else ", ".join(labels[:-1]) + " and " + labels[-1]


def _first_short(material: Material, kinds: Iterable[str]) -> str:
    limit = _SHORT[material.language]
    fitting = [
        piece.text
        for kind in kinds
        for piece in material.kinds(kind)
        if len(piece.text) <= limit and piece.form != "clause" and "的" not in piece.text
    ]
    return next(iter(fitting), "")


def _only(pieces: Sequence[Piece], language: str) -> str:
    one = pieces[0].text if len(pieces) == 1 else ""
    return one if len(one) <= _SHORT[language] else ""


def _reader(material: Material) -> str:
    found = (piece.text for piece in material.kinds("audience") if not _NO_READER.search(piece.text))
    return next((text for text in found if len(text) <= _SHORT[material.language]), "")


def labels_of(material: Material) -> dict[str, list[Piece]]:
    """Label -> the facts under it, in the order of the facts; what a specification list says."""
    voice = load_copy_data(f"{material.language}/voice.json")
    found: dict[str, list[Piece]] = {}
    for piece in material.pieces:
        if piece.group in ("deal", "after"):
            continue
        found.setdefault(label_of(piece, material, voice), []).append(piece)
    return found


def label_of(piece: Piece, material: Material, voice: Mapping[str, Any]) -> str:
    """What the fact is called in a list of specifications; AdvertiseGen's own name where it tells one."""
    of_a_part = piece.kind in ("feature", "fit") and kind_of_attribute(piece.name) != "版型"
    if piece.name and piece.name != READER and of_a_part:
        return piece.name.removeprefix("裙").removeprefix("裤").removeprefix("衣") or piece.name
    own: Mapping[str, list[str]] = voice["labels_by_category"].get(material.category, {})
    labels: list[str] = own.get(piece.kind) or voice["labels"][piece.kind]
    return labels[0]
