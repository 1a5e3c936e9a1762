"""Statements brought together as a text tells them: by the seller's own sentences, else by what they are about."""

from __future__ import annotations

from collections.abc import Sequence

from lib_adcopy.copywriting.composition.units import Unit

# Parts of a longer text, and the facets told in each.
_BANDS = {
    "work": (
        "function", "power", "battery", "connect", "noise", "install", "point", "lesson", "job", "style", "detail",
    ),
    "make": ("material", "ingredient", "craft", "origin", "flavour", "texture", "author", "book"),
    "measure": ("size", "capacity", "weight", "quantity", "spec", "shelf", "contents", "safety", "colour"),
    "use": ("fit_age", "howto", "care"),
}  # fmt: skip
_BAND_OF = {facet: band for band, facets in _BANDS.items() for facet in facets}
# From so many sentences on, the brief is a text of its own whose order is kept.
_SENTENCES = 3
_ALONE = ("point", "detail", "caveat", "voice", "howto")
_LATE = ("size", "quantity", "weight", "colour", "spec", "shelf")


def is_written_text(units: Sequence[Unit]) -> bool:
    """Tell whether all of a brief's statements come from several sentences or lines rather than a line of keywords."""
    return len({unit.sentence for unit in units}) >= _SENTENCES


def by_sentence(units: Sequence[Unit]) -> list[list[Unit]]:
    """Return the statements of each of the brief's sentences, in the seller's order."""
    groups: dict[int, list[Unit]] = {}
    for unit in units:
        groups.setdefault(unit.sentence, []).append(unit)
    return list(groups.values())


def banded(units: Sequence[Unit], *, written: bool) -> list[list[Unit]]:
    """Return the statements by the part of a text they belong to; a sentence of the seller's is never parted."""
    bands: dict[str, list[Unit]] = {}
    for group in by_sentence(units) if written else [[unit] for unit in units]:
        band = _BAND_OF.get(group[0].facet.name, "work")
        bands.setdefault(band, []).extend(group)
    return list(bands.values())


def clustered(units: Sequence[Unit], *, written: bool) -> list[list[Unit]]:
    """Return what stands as one item of a list: a sentence of the seller's with short clauses, else one facet."""
    if written:
        return [item for group in by_sentence(units) for item in _items(group)]
    clusters: dict[str, list[Unit]] = {}
    for at, unit in enumerate(units):
        alone = unit.facet.name in _ALONE and len(unit.text) > 4
        clusters.setdefault(f"{unit.facet.name} {at if alone else ''}", []).append(unit)
    return sorted(clusters.values(), key=lambda them: them[0].facet.name in _LATE)


def _items(group: Sequence[Unit]) -> list[list[Unit]]:
    """Return the clauses of one sentence; those under one label, and a short one with the clause before it, are one
    item."""
    items: list[list[Unit]] = []
    for unit in group:
        before = items[-1] if items else []
        same_label = before and unit.label and unit.label == before[0].label and unit.has_own_label
        length = sum(len(one.text) for one in before) + len(unit.text)
        short = before and not unit.has_own_label and length <= 18 and unit.text[:1] not in "可能带"
        if same_label or short:
            before.append(unit)
        else:
            items.append([unit])
    return items
