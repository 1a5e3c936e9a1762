"""The product's noun with its adjectives, made of what a brief says word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lib_adcopy.prompting.glossary.glossary import Term
from lib_adcopy.prompting.glossary.phrases import contained, count_of, inside, is_container, is_served, says

# The adjectives in their English order. More than these before a noun and the picture forgets some; the rest follow as
# phrases of their own.
_AT_MOST = {"shape": 3, "colour": 3, "pattern": 2, "material": 3, "cut": 4}
# Nouns that others make precise: they stand last, "trench coat jacket".
_GENERAL = frozenset({"skirt", "trousers", "top", "dress", "jacket", "sweater"})
# Said by who wears it.
_OF_THE_WEARER = ("men's", "women's", "kids", "baby", "matching couple")


@dataclass(frozen=True)
class Product:
    """`noun` is the product with its adjectives ("white ceramic mug"), without an article; `count` as in a Term.

    `details` are phrases of their own, `unknown` the Chinese nobody could put into English. `worn` says that a model
    shows it, `staged` that `noun` is a place: what is done for the buyer is shown by where it is done.
    """

    noun: str
    count: str
    details: tuple[str, ...]
    unknown: tuple[str, ...]
    worn: bool
    staged: bool = False


@dataclass
class ProductWords:
    """What is said of a product while its brief is read; `before` are adjectives by their place before the noun."""

    nouns: list[str] = field(default_factory=list)
    count: str = ""
    category: str = ""
    worn: bool = False
    staged: bool = False
    before: dict[str, list[str]] = field(default_factory=lambda: {slot: [] for slot in _AT_MOST})
    details: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def describe(self, term: Term) -> None:
        """An adjective or a detail of the product itself."""
        self.before[term.kind].append(term.en) if term.kind in self.before else self.details.append(term.en)

    def take(self, term: Term) -> None:
        """The product itself, in place of a more general word for it."""
        self.nouns = [term.en]
        self.count, self.category, self.worn = term.count, term.category, term.kind == "garment"
        self.staged = term.kind == "service" or term.category in ("services", "courses")

    def product(self) -> Product:
        if self.staged:
            return Product(self.nouns[0], "some", (), (), worn=False, staged=True)
        if self.worn:
            self.before["shape"] = [word for word in self.before["shape"] if word not in _OF_THE_WEARER]
        noun, later = self._described(self._packed(_joined(self.nouns)))
        details = dict.fromkeys([*later, *self.details])
        kept = tuple(word for word in details if word and not says(noun, word))
        return Product(noun, self.count or count_of(noun), kept, tuple(dict.fromkeys(self.unknown)), self.worn)

    def _packed(self, noun: str) -> str:
        """Return the noun in the container the seller names; a dish is served, whatever it is packed in."""
        if is_served(noun):
            self.details = [word for word in self.details if not is_container(word)]
            return noun
        for phrase in self.details:
            repacked = contained(noun, phrase)
            if repacked:
                self.details = [word for word in self.details if word != phrase]
                return repacked
        return noun

    def _described(self, noun: str) -> tuple[str, list[str]]:
        """Return the noun behind its adjectives, and those that are too many for it."""
        later: list[str] = []
        for slot, most in reversed(_AT_MOST.items()):
            words = list(dict.fromkeys(self.before[slot]))
            fresh = [word for word in words if not says(noun, word) and not _said(word, words)]
            later += fresh[most:]
            adjective = (" and " if slot in ("colour", "material") else " ").join(fresh[:most])
            if adjective:
                noun = inside(adjective, noun) if slot == "cut" else f"{adjective} {noun}"
        return noun, later


def _said(word: str, words: Sequence[str]) -> bool:
    """Tell whether a longer word says it already: "cotton" beside "washed cotton"."""
    return any(other != word and says(other, word) for other in words)


def _joined(nouns: Sequence[str]) -> str:
    """Return one noun of several names for the same thing: "sweatshirt", "jacket" -> "sweatshirt jacket"."""
    kept: list[str] = []
    for noun in sorted(dict.fromkeys(nouns), key=_GENERAL.__contains__):
        if not any(noun != other and says(other, noun) for other in nouns):
            kept.append(noun)
    return " ".join(kept)
