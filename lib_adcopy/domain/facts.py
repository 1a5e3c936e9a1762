"""Describe what a brief says, fact by fact."""

from __future__ import annotations

from dataclasses import dataclass

FACT_KINDS = (
    "name", "brand", "model", "price", "list_price", "offer", "coupon", "size", "capacity", "weight", "quantity",
    "material", "colour", "ingredient", "flavour", "pattern", "style", "fit", "function", "feature", "origin",
    "audience", "occasion", "season", "service", "certificate", "warranty", "contact", "deadline",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One fact as the seller wrote it: `text` is `brief[start:end]`.

    `kind` is one of FACT_KINDS. `value` is the normalised form, "" where there is none: a number and its unit with one
    space between ("39.0 CNY", "500 ml", "20 kg"), "/" before what it is counted by ("69.9 CNY/把"). `start` and `end`
    are offsets in characters into the brief's text. `name` is AdvertiseGen's own name of an attribute ("裙型"), ""
    for facts read from free words.
    """

    kind: str
    text: str
    value: str = ""
    start: int = -1
    end: int = -1
    name: str = ""
