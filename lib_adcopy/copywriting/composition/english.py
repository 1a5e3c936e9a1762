"""Statements put into English sentences: predicates of "it" or "they", and lists of nouns that need no article."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.plan import Plan, Unit

_PAIRS = (
    "earbuds", "headphones", "jeans", "trousers", "pants", "shoes", "boots", "sneakers", "gloves", "socks", "shorts",
    "leggings", "earrings", "sunglasses", "sandals", "slippers", "scissors", "heels", "glasses", "binoculars", "tights",
    "trainers", "loafers",
)  # fmt: skip
_MASS = (
    "tea", "coffee", "honey", "oil", "rice", "milk", "shampoo", "food", "litter", "soap", "sauce", "pasta", "cheese",
    "juice", "wine", "bread", "butter", "jam", "chocolate", "cream", "lotion", "perfume", "granola", "oatmeal",
    "bedding", "luggage", "jewelry", "jewellery", "toothpaste", "powder", "sunscreen", "clothing", "kibble",
    "cleaning", "tuition", "software", "paper", "yarn", "fabric", "candy", "popcorn",
)  # fmt: skip
_THIRD_PERSON = re.compile(
    r"^(?:(?:also|always|never|easily|quickly|slowly) )?(?P<verb>packs|fits|holds|keeps|comes|lasts|folds|weighs|"
    r"charges|runs|works|supports|includes|stands|closes|opens|rolls|stays|clips|connects|plays|cleans|dries|makes|"
    r"cooks|heats|cools|turns|pairs|reaches|covers|protects|measures|stretches|washes|stacks|doubles|converts|adjusts|"
    r"absorbs|dissolves|contains|needs|takes|serves|ships|replaces|gets|softens|switches|sits|hangs|locks|saves|uses|"
    r"has|feels|looks|smells|tastes|arrives|grows|blooms|brews|helps|lets|gives|goes|does|rotates|tilts|detaches|burns)\b|"
    r"^(?P<other>[a-z]{3,}[^s\W]s)\b(?= (?:about|up|for|in|to|into|with|an?|the|on|over|every|like|from|down|off|\d))"
)
_IMPERATIVE = re.compile(
    r"^(?:steep|brew|pour|add|wash|keep|use|book|pick|mail|bring|trim|size up|machine wash|hand wash|take home|twist|"
    r"press|pull|push|turn|hang|store|charge|plug|mix|stir|serve|shake|rinse|wipe|apply|choose|order|message|call|"
    r"please|ask|buy|get|save)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|i|we|you|my|our|it's|that's|thats|can|will|won't|doesn't|don't|yes|no more)\b", re.IGNORECASE
)
_PREDICATE = re.compile(
    r"^(?:for|from|in|up to|made|suitable|available|designed|inspired|ready|easy|lightly|fully|hand|machine|"
    r"floral|soft|light|quiet)\b|(?:tested|proof|washable|adjustable|foldable|free|resistant|compatible|roasted|"
    r"rechargeable|removable|handmade|waterproof|lightweight)$",
    re.IGNORECASE,
)
_IS = re.compile(r"^(?:It is|They are) ")
_PRICES = ("price", "offer", "cost", "deal")
_BASE = {"has": "have", "does": "do", "goes": "go", "dries": "dry", "is": "are"}


def is_plural(noun: str) -> bool:
    """Tell whether the product's noun is a plural: earbuds, cookies; not glass or class."""
    last = noun.lower().split()[-1] if noun.strip() else ""
    return last in _PAIRS or (last.endswith("s") and not last.endswith(("ss", "us", "is")))


def article_of(noun: str) -> str:
    """ "a" or "an" before the noun, "" before plurals and what cannot be counted."""
    last = noun.lower().split()[-1] if noun.strip() else ""
    if is_plural(noun) or last in _MASS:
        return ""
    return "an" if last and noun[0].lower() in "aeiou" else "a"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class EnglishWording:
    """Puts the statements of one English copy into words."""

    def __init__(self, plan: Plan, register: str, chooser: Chooser, aside: Callable[[Unit], str]) -> None:
        self._plan, self._chooser = plan, chooser
        self._plural = is_plural(plan.name)

    def explained(self, unit: Unit, text: str) -> str:
        """Return what is said of a statement as it is: English copy adds nothing to it."""
        return text

    def clause(self, unit: Unit) -> str:
        """Return the statement as it stands after a colon."""
        text = unit.text
        label = unit.label
        if unit.role == "price":
            return self._price(unit)
        if unit.facet.name == "colour" and "/" in text:
            return f"in {text}"
        if unit.role == "audience" and not re.match(r"(?i)for|suit|suitable|great|made", text):
            return f"for {_lowered(text)}"
        named = unit.has_own_label and label.lower() not in text.lower()
        if named and unit.role not in ("voice", "caveat", "point", "contents", "offer", "service"):
            return f"{label.lower() if len(label) > 3 else label}: {text}"
        return _lowered(text)

    def _price(self, unit: Unit) -> str:
        text = re.sub(r"^price:? ", "", unit.text, flags=re.IGNORECASE)
        text = re.sub(r"(\S*\d) ?(?:→|->|=>) ?(\S*\d)", r"now \2, was \1", text)
        return f"{unit.label.lower()} {text}" if unit.has_own_label and unit.label.lower() not in _PRICES else text

    def row(self, unit: Unit) -> tuple[str, str]:
        """(label, value) for a table of specifications."""
        return unit.label or unit.facet.label, unit.text

    def sentences(self, units: Sequence[Unit], leads: int = 2, turn: int = 0) -> list[str]:
        """Predicates and orders as sentences of their own, nouns gathered in a list."""
        made: list[str] = []
        nouns: list[str] = []
        for unit in units:
            sentence = self._sentence(unit)
            if sentence and made and _IS.match(sentence) and _IS.match(made[-1]) and " and " not in made[-1]:
                made[-1] = f"{made[-1][:-1]} and {_IS.sub('', sentence)}"
            elif sentence:
                made.append(sentence)
            else:
                nouns.append(self.clause(unit))
        for at in range(0, len(nouns), 5):
            frames: list[str] = load_copy_data("en/frames.json")["details"]
            told = _series(nouns[at : at + 5])
            frame = self._chooser.order("details", frames)[0] if len(nouns) > 3 and at == 0 else "{L}."
            made.insert(0 if at == 0 else len(made), frame.format(l=told, L=capital(told)))
        return made

    def _sentence(self, unit: Unit) -> str:
        text = unit.text
        if unit.has_own_label and unit.role in ("attribute", "contents", "place"):
            return self.stopped(f"{unit.label}: {text}") if len(text) > 30 or unit.role != "attribute" else ""
        subject, verb = ("They", "are") if self._plural else ("It", "is")
        if found := _THIRD_PERSON.match(text[:1].lower() + text[1:]):
            lowered = text[:1].lower() + text[1:]
            if self._plural:
                verb = found["verb"] or found["other"]
                lowered = lowered.replace(verb, _base(verb), 1)
            return self.stopped(f"{subject} {lowered}")
        if _IMPERATIVE.match(text) or _SENTENCE.search(text):
            return self.stopped(capital(text))
        return self.stopped(f"{subject} {verb} {_lowered(text)}") if _PREDICATE.search(text) else ""

    def plain_sentences(self, units: Sequence[Unit]) -> list[str]:
        """Return the statements as they are."""
        made = []
        for unit in units:
            labelled = unit.has_own_label and unit.label.lower() not in unit.text.lower()
            made.append(self.stopped(capital(f"{unit.label}: {unit.text}" if labelled else unit.text)))
        return made

    def deal(self, units: Sequence[Unit]) -> list[str]:
        """Price and offers in the seller's order."""
        texts = [self._price(unit) if unit.role == "price" else unit.text for unit in units]
        return [self.stopped(capital("; ".join(texts)))] if texts else []

    def listed(self, texts: Sequence[str]) -> str:
        """Statements of one kind as one item of a list."""
        return ("; " if any("," in text for text in texts) else ", ").join(dict.fromkeys(texts))

    def stopped(self, text: str) -> str:
        return text if text.endswith((".", "!", "?")) else text + "."


def _base(verb: str) -> str:
    if verb in _BASE:
        return _BASE[verb]
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes")) else verb[:-1]


def _lowered(text: str) -> str:
    """Return a verb or an adjective at the front in lower case; names and abbreviations keep their capitals."""
    lowered = text[:1].lower() + text[1:]
    return lowered if _THIRD_PERSON.match(lowered) or _IMPERATIVE.match(text) or _PREDICATE.search(text) else text


def _series(items: Sequence[str]) -> str:
    if len(items) < 2:
        return "".join(items)
    comma = "; " if any("," in item for item in items) else ", "
    return f"{comma.join(items[:-1])} and {items[-1]}" if comma == ", " else comma.join(items)
