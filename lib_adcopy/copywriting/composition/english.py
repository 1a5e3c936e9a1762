"""Facts worded in English: predicates of "it" or "they", and lists of nouns that need no article."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.clauses import Clause, join_words
from lib_adcopy.copywriting.composition.material import Material, Piece

_NOUNS: dict[str, list[str]] = {
    "pairs": [
        "earbuds", "headphones", "jeans", "trousers", "pants", "shoes", "boots", "sneakers", "gloves", "socks",
        "shorts", "leggings", "earrings", "sunglasses", "sandals", "slippers", "scissors", "heels", "glasses",
        "binoculars", "tights", "trainers", "loafers",
    ],
    "mass": [
        "tea", "coffee", "honey", "oil", "rice", "milk", "shampoo", "food", "litter", "soap", "sauce", "pasta",
        "cheese", "juice", "wine", "bread", "butter", "jam", "chocolate", "cream", "lotion", "perfume", "granola",
        "oatmeal", "bedding", "luggage", "jewelry", "jewellery", "toothpaste", "powder", "sunscreen", "clothing",
        "kibble", "cleaning", "tuition", "software", "paper", "yarn", "fabric", "candy", "popcorn",
    ],
}  # fmt: skip
_VERB = re.compile(
    r"^(?:packs|fits|holds|keeps|comes|lasts|folds|weighs|charges|runs|works|supports|includes|stands|closes|opens|"
    r"rolls|stays|clips|connects|plays|cleans|dries|makes|cooks|heats|cools|turns|pairs|reaches|covers|protects|"
    r"measures|stretches|washes|stacks|doubles|converts|adjusts|absorbs|dissolves|contains|needs|takes|serves|ships)\b"
)
_ADJECTIVE = re.compile(
    r"(?:proof|resistant|free|washable|adjustable|foldable|portable|wireless|cordless|rechargeable|reusable|"
    r"removable|detachable|breathable|waterproof|lightweight|soft|quiet|safe|handmade|organic|vegan|vegetarian|"
    r"compatible|unisex|stackable|refillable|insulated|unscented|scented|recyclable|compostable|biodegradable)$|"
    r"^(?:easy|ready|made|suitable|available|hand|machine washable|compatible|made in|designed|inspired)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"^(?:approx\.? |about )?\d[\d.,/x×\- ]*\s?(?:[a-zA-Z\"']{1,7}|fl oz)$")
_ITSELF = re.compile(r"^(?:for|with|from|in|no|without|up to|over|under)\b", re.IGNORECASE)
_IRREGULAR = {"be": "is", "have": "has", "dries": "dry", "dry": "dries"}


def is_plural(noun: str) -> bool:
    """Whether the product's noun is a plural: earbuds, cookies; not glass or class."""
    last = noun.lower().split()[-1] if noun.strip() else ""
    return last in _NOUNS["pairs"] or (last.endswith("s") and not last.endswith(("ss", "us", "is")))


def article_of(noun: str) -> str:
    """ "a" or "an" before the noun, "" before plurals and what cannot be counted."""
    last = noun.lower().split()[-1] if noun.strip() else ""
    if is_plural(noun) or last in _NOUNS["mass"]:
        return ""
    return "an" if last and noun[0].lower() in "aeiou" else "a"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class EnglishWording:
    """Words the facts of one English copy."""

    def __init__(self, material: Material, register: str, chooser: Chooser) -> None:
        self._material, self._chooser = material, chooser
        self._plural = is_plural(material.name)
        voice: dict[str, Any] = load_copy_data("en/voice.json")
        self._predicates: dict[str, list[str]] = voice["predicates"]

    def clauses(self, pieces: Sequence[Piece]) -> list[Clause]:
        """The facts as they stand in a list; colours and flavours of one brief together."""
        made: list[Clause] = []
        for kind in dict.fromkeys(piece.kind for piece in pieces):
            same = [piece for piece in pieces if piece.kind == kind]
            if kind in ("colour", "flavour") and len(same) > 1:
                made.append(Clause(capital(join_words([piece.text for piece in same], "en")), tuple(same)))
            else:
                made += [Clause(capital(piece.text), (piece,)) for piece in same]
        return made

    def sentences(self, clauses: Sequence[Clause], meaning: Callable[[Clause], str]) -> list[str]:
        """Facts with their meaning, then predicates two by two, then the nouns as one list."""
        explained: list[str] = []
        predicates: list[str] = []
        nouns: list[str] = []
        for clause in clauses:
            known = meaning(clause)
            predicate = self._predicate(clause)
            if known:
                explained.append(f"{clause.text}{' ' if known.startswith(('so ', 'and ')) else ', '}{known}.")
            elif predicate:
                predicates.append(predicate)
            else:
                nouns.append(_lowered(clause.text))
        subject = "They" if self._plural else "It"
        paired = [predicates[at : at + 2] for at in range(0, len(predicates), 2)]
        said = [f"{subject} {' and '.join(pair)}." for pair in paired]
        return [*said, *explained, *self._listed(nouns)]

    def with_lead(self, lead: str, sentences: Sequence[str]) -> list[str]:
        return [lead, *sentences]

    def _listed(self, nouns: Sequence[str]) -> list[str]:
        if not nouns:
            return []
        leads = ["Details: ", "Worth noting: ", "On the list: ", "The details: ", "Also: ", "You get: "]
        lead = self._chooser.pick("noun list", leads) or leads[0]
        return [f"{lead}{join_words(list(nouns), 'en')}."]

    def _predicate(self, clause: Clause) -> str:
        """ "weighs 1.8 kg", "is 3000mm waterproof"; "" for what reads better in a list."""
        piece, text = clause.pieces[0], _lowered(clause.text)
        verb = _VERB.match(text)
        if verb:
            return text if not self._plural else _base(verb.group()) + text[verb.end() :]
        if re.match(r"sizes?\b", text):
            return self._conjugated(f"come in {text}")
        if text.startswith("for "):
            return self._conjugated(f"be {text}")
        if _ITSELF.match(text):
            return ""
        if _ADJECTIVE.search(text) and len(text.split()) <= 4:
            return self._conjugated(f"be {text}")
        measured = piece.kind in ("size", "capacity", "weight")
        plain = piece.kind in ("colour", "material", "audience", "season") and len(text.split()) <= 4
        if (measured and _MEASURED.match(text)) or plain:
            frame = self._predicates[piece.kind][0]
            return self._conjugated(frame.replace("{v}", text))
        return ""

    def _conjugated(self, phrase: str) -> str:
        verb, _, rest = phrase.partition(" ")
        if self._plural:
            return f"{'are' if verb == 'be' else verb} {rest}"
        return f"{_IRREGULAR.get(verb, verb + 's')} {rest}"


def _base(verb: str) -> str:
    if verb == "dries":
        return "dry"
    return verb[:-2] if verb.endswith(("shes", "ches", "sses")) else verb[:-1]


def _lowered(text: str) -> str:
    """The text without a sentence's capital; names, initials and units keep theirs."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first[1:].islower() and len(first) > 1 else text
