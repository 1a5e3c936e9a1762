"""Statements put into English: the seller's own sentences kept whole, keywords gathered into short ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.grouping import by_sentence, clustered, is_written_text
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
    r"has|shows|syncs|sounds|fades|feels|looks|smells|tastes|arrives|grows|blooms|brews|helps|lets|gives|goes|does|rotates|tilts|detaches|burns|hides|slips|wraps|reads|"
    r"records|tracks|filters|blocks|dims|swings|spins|mixes|blends|cuts|slices|grinds|carries|reflects|repels|soothes)\b"
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
# Apostrophes that are left out in haste.
_APOSTROPHES = {
    "wont": "won't",
    "dont": "don't",
    "cant": "can't",
    "doesnt": "doesn't",
    "isnt": "isn't",
    "thats": "that's",
}
_MISSED = re.compile(rf"\b(?:{'|'.join(_APOSTROPHES)})\b", re.IGNORECASE)
# So many keywords one sentence lists.
_MOST = 3
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


class EnglishText:
    """Puts the statements of one English copy into words."""

    def __init__(
        self,
        plan: Plan,
        register: str,
        chooser: Chooser,
        aside: Callable[[Unit], str],
        benefit: Callable[[Unit], str],
    ) -> None:
        self._plan, self._chooser, self._benefit = plan, chooser, benefit
        self._plural = is_plural(plan.name)
        self._written = is_written_text(plan.units)

    def explained(self, unit: Unit, text: str) -> str:
        """Return what is said of a statement, and what it means to the buyer where this copy tells that."""
        benefit = self._benefit(unit)
        return f"{text}, {benefit}" if benefit else text

    def clause(self, unit: Unit) -> str:
        """Return the statement as it stands after a colon."""
        text = _spelled(unit.text)
        label = unit.label
        if unit.role == "price":
            return self._price(unit)
        if unit.facet.name == "colour" and "/" in text:
            return f"in {text}"
        if unit.role == "audience" and not re.match(r"(?i)for|not|suit|suitable|great|good|made|ages?|if|best", text):
            return f"for {_lowered(text)}"
        named = unit.has_own_label and label.lower() not in text.lower()
        if named and unit.role not in ("voice", "caveat", "point", "contents", "offer", "service"):
            return f"{label.lower() if len(label) > 3 else label}: {text}"
        return _lowered(text)

    def _price(self, unit: Unit) -> str:
        text = re.sub(r"^price:? ", "", unit.text, flags=re.IGNORECASE)
        text = re.sub(r"(\S*\d) ?(?:→|->|=>) ?(\S*\d)", r"now \2, was \1", text)
        text = re.sub(r"(?<=\d) / (?=\d+ for)", ", ", text)
        return f"{unit.label.lower()} {text}" if unit.has_own_label and unit.label.lower() not in _PRICES else text

    def row(self, unit: Unit) -> tuple[str, str]:
        """(label, value) for a table of specifications; the label is "" where none is sure."""
        return unit.label or (unit.facet.label if unit.is_answer else ""), _spelled(unit.text)

    def sentences(self, units: Sequence[Unit], turn: int = 0) -> list[str]:
        """Return the seller's sentences as he wrote them; keywords by what they are about, three a sentence."""
        if self._written:
            return [sentence for group in by_sentence(units) for sentence in self._told(group)]
        clusters = clustered(units, written=False)
        turn = turn % len(clusters) if clusters else 0
        made: list[str] = []
        words: list[str] = []
        for unit in (unit for cluster in clusters[turn:] + clusters[:turn] for unit in self._one_of_colours(cluster)):
            whole = _SENTENCE.search(unit.text) or _IMPERATIVE.match(unit.text) or self._benefit(unit)
            if whole or _THIRD_PERSON.match(unit.text[:1].lower() + unit.text[1:]):
                made.append(self._sentence([unit]))
            else:
                words.append(self._within(unit) if words else self.clause(unit))
        even = -(-len(words) // -(-len(words) // _MOST)) if words else 1
        listed = [self.stopped(capital(self.listed(words[at : at + even]))) for at in range(0, len(words), even)]
        return [*listed[:1], *made, *listed[1:]]

    def _one_of_colours(self, cluster: Sequence[Unit]) -> Sequence[Unit]:
        """Return colours that the brief's commas part as one statement: black, navy or white."""
        if len(cluster) < 2 or cluster[0].facet.name != "colour":
            return cluster
        return [replace(cluster[0], text=", ".join(unit.text for unit in cluster))]

    def _within(self, unit: Unit) -> str:
        """Return the statement as it goes on within a sentence, though it began one in the brief."""
        text = self.clause(unit)
        began = unit.start == 0 or re.search(r"[.!?\n]\s*$", self._plan.brief.text[: max(0, unit.start)])
        return text[:1].lower() + text[1:] if began and text[1:2].islower() else text

    def _told(self, group: Sequence[Unit]) -> list[str]:
        """Return the clauses of one of the seller's sentences as one, two where they are long."""
        made: list[list[Unit]] = []
        for unit in group:
            length = sum(len(one.text) for one in made[-1]) if made else 0
            apart = self._benefit(unit) or (made and self._benefit(made[-1][-1])) or unit.has_own_label
            if made and not apart and length + len(unit.text) <= 110:
                made[-1].append(unit)
            else:
                made.append([unit])
        return [self._sentence(units) for units in made]

    def _sentence(self, units: Sequence[Unit]) -> str:
        first, *rest = units
        text = self.explained(first, self.clause(first))
        subject = "They" if self._plural else "It"
        if found := _THIRD_PERSON.match(text[:1].lower() + text[1:]):
            text = text[:1].lower() + text[1:]
            verb = found["verb"]
            text = f"{subject} {text.replace(verb, _base(verb), 1) if self._plural else text}"
        return self.stopped(capital(", ".join([text, *(self._within(unit) for unit in rest)])))

    def plain_sentences(self, units: Sequence[Unit]) -> list[str]:
        """Return the statements as they are, those of one sentence of the brief together."""
        made = []
        for group in by_sentence(units):
            texts = []
            for unit in group:
                labelled = unit.has_own_label and unit.label.lower() not in unit.text.lower()
                text = _spelled(unit.text)
                texts.append(f"{unit.label}: {text}" if labelled and unit.role in ("place", "service") else text)
            ends = any(text.endswith((".", "!", "?")) for text in texts[:-1])
            made.append(self.stopped(capital((" " if ends else ", ").join(texts))))
        return made

    def deal(self, units: Sequence[Unit]) -> list[str]:
        """Price and offers in the seller's order."""
        made: list[str] = []
        for group in by_sentence(units):
            text = ", ".join(self._price(unit) if unit.role == "price" else unit.text for unit in group)
            made.append(self.stopped(capital(text)))
        return made

    def listed(self, texts: Sequence[str]) -> str:
        """Statements of one kind as one item of a list."""
        return ("; " if any("," in text for text in texts) else ", ").join(dict.fromkeys(texts))

    def stopped(self, text: str) -> str:
        return text if text.endswith((".", "!", "?")) else text + "."


def _spelled(text: str) -> str:
    """Return the text with the apostrophes that the seller left out, and no blank before a dash of his."""
    return _MISSED.sub(lambda found: _APOSTROPHES[found[0].lower()], text)


def _base(verb: str) -> str:
    if verb in _BASE:
        return _BASE[verb]
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes")) else verb[:-1]


def _lowered(text: str) -> str:
    """Return a verb or an adjective at the front in lower case; names and abbreviations keep their capitals."""
    lowered = text[:1].lower() + text[1:]
    return lowered if _THIRD_PERSON.match(lowered) or _IMPERATIVE.match(text) or _PREDICATE.search(text) else text
