"""Reads what the copy adds that can be seen: a place, a season, a light, a mood; one of each, the brief's before the
copy's.

A language model's description, where there is one, may add to it; on the product itself the glossary is always right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lib_adcopy.copywriting.reading.clauses import affirmed
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.prompting.glossary.glossary import SCENE_KINDS, Glossary
from lib_adcopy.prompting.product.noun_phrase import Product
from lib_adcopy.prompting.scene.from_llm import Describe, described, slot

# Clauses that may tell where and when a product is seen; a shop's address and an offer's feast do not.
_SHOWN = ("product", "attribute", "point", "use", "audience")
_MANY_STATEMENTS = 40
# What is to be done or can go wrong in a season is not how the product is seen: 冬天要搬进屋.
_LIMITS = re.compile("[要别不没会搬收放少勿只另]|可能|觉得|提前")
_COLOURS = tuple("红橙黄绿蓝紫黑白灰棕粉银青褐杏咖色金")
# A model does not stand on furniture, and gatherings put strangers around a mug.
_FURNITURE = re.compile(
    r"\b(?:(?:counter|table)(?:top)?|desk|bed|dresser|nightstand|shelf|sideboard|sill|surface|vanity|windowsill)\b"
)


@dataclass(frozen=True)
class Scene:
    """English phrases, "" for what nobody said. `indoors` tells of the place."""

    place: str = ""
    indoors: bool = False
    season: str = ""
    light: str = ""
    mood: str = ""

    @property
    def phrases(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.light, self.place, self.season, self.mood)))

    def shortened(self) -> Iterator[Scene]:
        """Itself, then without more and more of it, the least telling first."""
        yield self
        yield replace(self, mood="")
        yield replace(self, mood="", season="")
        yield Scene(place=self.place)

    def only(self, kinds: tuple[str, ...]) -> Scene:
        """Return what of it a style leaves room for."""
        return Scene(
            place=self.place if ("room" if self.indoors else "place") in kinds else "",
            season=self.season if "season" in kinds else "",
            light=self.light if "light" in kinds else "",
            mood=self.mood if "mood" in kinds else "",
        )


def read_scene(
    brief: Brief, copy: Copy | None, product: Product, glossary: Glossary, describe: Describe | None = None
) -> Scene:
    """Return what can be seen around the product, by the glossary, and by `describe` where it is given."""
    # A whole product page tells of many places; what it is seen in is the product's own clause.
    roles = _SHOWN if len(brief.statements) <= _MANY_STATEMENTS else ("product",)
    shown = [each.text for each in brief.statements_of(*roles)] if brief.statements else list(brief.points)
    texts = [*shown, *([copy.title, copy.body] if copy else [])]
    if product.staged:
        # What is done for the buyer is its own scene.
        texts = []
    found: dict[str, str] = {}
    indoors = False

    def add(kind: str, english: str) -> None:
        nonlocal indoors
        if _fits(kind, english, product) and slot(kind) not in found:
            found[slot(kind)] = english
            indoors = indoors or kind == "room"

    for text in texts:
        said = affirmed(text)
        for piece in glossary.split(said):
            # 雪山灰 is a grey and no mountain.
            is_colour = said[piece.end : piece.end + 1] in _COLOURS
            kind = piece.term.kind if piece.term else ""
            is_other = (kind == "place" and is_colour) or (kind == "season" and _LIMITS.search(said) is not None)
            if piece.term and kind in SCENE_KINDS and not is_other:
                add(kind, piece.term.en)
    if describe is not None:
        for kind, phrase in described(brief, copy, product.noun, describe, glossary, found):
            add(kind, phrase)
    return Scene(**found, indoors=indoors)


def _fits(kind: str, english: str, product: Product) -> bool:
    if product.worn:
        return not (kind == "room" and _FURNITURE.search(english))
    return kind != "occasion"
