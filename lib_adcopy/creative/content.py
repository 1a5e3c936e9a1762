"""Describe what a creative says, slot by slot; every slot can be edited or switched off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

# A slot's name -> how many characters are set at most; what is longer is planned anew, never cut in a word.
SLOTS = ("headline", "subline", "points", "price", "badge", "note", "cta", "brand", "specs")
_PRICE = re.compile(
    r"(?P<sign>[¥￥$€£])?\s*(?P<whole>\d[\d,]*)(?:\.(?P<rest>\d{1,2}))?\s*(?:元|块)?(?P<unit>起|/\S{1,4})?"
)


@dataclass(frozen=True)
class Price:
    """`whole` and `rest` are the digits before and after the point; `was` is drawn struck through, digits only.

    `tag` names the price ("到手价"), `unit` follows it ("起", "/把").
    """

    whole: str
    rest: str = ""
    sign: str = "¥"
    unit: str = ""
    tag: str = ""
    was: str = ""

    @property
    def text(self) -> str:
        """The price in one line as it is drawn."""
        return f"{self.sign}{self.whole}{f'.{self.rest}' if self.rest else ''}{self.unit}"

    @classmethod
    def read(cls, text: str, *, tag: str = "", was: str = "") -> Price | None:
        """Return the price a text such as "¥39.9", "39元" or "69.9元/把" says; None where it says none."""
        found = _PRICE.search(text)
        if found is None:
            return None
        rest = (found["rest"] or "").rstrip("0")
        sign = "¥" if found["sign"] in (None, "¥", "￥") else found["sign"]
        return cls(found["whole"].replace(",", ""), rest, sign, found["unit"] or "", tag, was)


@dataclass(frozen=True)
class Content:
    """The slots of one creative. `specs` are (name, value) pairs of a specification sheet; "" and () leave one out."""

    headline: str = ""
    subline: str = ""
    points: tuple[str, ...] = ()
    price: Price | None = None
    badge: str = ""
    note: str = ""
    cta: str = ""
    brand: str = ""
    specs: tuple[tuple[str, str], ...] = ()
    language: str = "zh"

    def without(self, *slots: str) -> Content:
        """Return the same with these slots empty."""
        empty: dict[str, Any] = {field.name: field.default for field in fields(Content)}
        return replace(self, **{slot: empty[slot] for slot in slots})

    def edited(self, edits: Mapping[str, str | None]) -> Content:
        """Return the same with slots set by text as a form has it; None or "" switches a slot off.

        Points are parted by commas, line breaks or bars; a price is "39.9", or "39.9|59" with the price before;
        specifications are lines of "name: value".
        """
        changed = self
        for slot, text in edits.items():
            if slot not in SLOTS:
                raise KeyError(slot)
            changed = changed._set(slot, (text or "").strip())
        return changed

    def _set(self, slot: str, text: str) -> Content:
        if not text:
            return self.without(slot)
        if slot == "points":
            return replace(
                self, points=tuple(part.strip() for part in re.split(r"[|｜，,；;、\n]+", text) if part.strip())
            )
        if slot == "price":
            now, _, was = text.partition("|")
            kept = self.price.tag if self.price else ""
            return replace(self, price=Price.read(now, tag=kept, was=re.sub(r"[^\d.]", "", was)))
        if slot == "specs":
            pairs = (re.split(r"[:：]", line, maxsplit=1) for line in text.splitlines())
            return replace(self, specs=tuple((pair[0].strip(), pair[1].strip()) for pair in pairs if len(pair) == 2))
        changed: dict[str, Any] = {slot: text}
        return replace(self, **changed)
