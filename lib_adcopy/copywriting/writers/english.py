"""English nouns in a template: which article they take, and whether their first letter is a name's."""

from __future__ import annotations

from functools import cache

from lib_adcopy.copywriting.reading.english import product_words
from lib_adcopy.copywriting.vocabulary import load
from lib_adcopy.copywriting.writers.phrases import phrases


def articles(noun: str) -> dict[str, str]:
    """What {a}, {A} and {this} are before the noun: "a pair of" earbuds, no article before tea or cookies."""
    last = noun.lower().split()[-1] if noun.strip() else ""
    nouns: dict[str, list[str]] = phrases("en")["nouns"]
    if last in nouns["pairs"]:
        one, this = "a pair of", "this pair of"
    elif last in nouns["mass"]:
        one, this = "", "this"
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        one, this = "", "these"
    else:
        one, this = ("an" if last and noun[0].lower() in "aeiou" else "a"), "this"
    return {"{a}": one, "{A}": one.capitalize(), "{this}": this}


def is_put_on(noun: str) -> bool:
    """Whether it is worn as a dress is, not carried or put on one's feet."""
    return not set(noun.lower().split()) & set(phrases("en")["nouns"]["carried"])


def in_a_sentence(noun: str) -> str:
    """The noun without the capital a brief began with; a word nobody knows may be a name and keeps it."""
    first, *rest = noun.split()
    plain = first[1:].islower() and first.lower() in _plain_words()
    return " ".join([first.lower(), *rest]) if plain else noun


@cache
def _plain_words() -> frozenset[str]:
    """Words for products, colours, materials and whom they are for; a brand is none of them."""
    nouns = phrases("en")["nouns"]
    kinds = load("points_en.json")["kinds"]
    listed = [*product_words(), *kinds["colour"]["words"], *kinds["material"]["ends"]]
    listed += [word for words in nouns.values() for word in words]
    return frozenset(part for word in listed for part in word.lower().split())


def tidied(text: str) -> str:
    """One space between words, and a capital at the beginning."""
    joined = " ".join(text.split())
    return joined[:1].upper() + joined[1:]
