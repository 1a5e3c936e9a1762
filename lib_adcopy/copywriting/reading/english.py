"""English briefs read into facts: the head of a phrase names the product, what stands before it describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from lib_adcopy.copywriting.reading.amounts import Amount, find_amounts
from lib_adcopy.copywriting.reading.brands import named_outright
from lib_adcopy.copywriting.reading.categories import owner_category
from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.lexicon import load_lexicon
from lib_adcopy.copywriting.reading.phrases import Found, facts_of_label
from lib_adcopy.copywriting.reading.segments import Phrase, cut_phrases
from lib_adcopy.copywriting.reading.source import Source
from lib_adcopy.domain.facts import FACT_KINDS, Fact

# Behind these a phrase speaks of what the product has, is for or is made of.
_TAIL = re.compile(
    r"\s+(?:with|for|in|of|from|by|that|which|made|and|featuring|to|on|at|packs|is|are|,)\b|\s[-–—]\s|"
    r"\s+(?:SPF|UPF|IPX?)\s?\d|\s+PA\+|\s+\d+(?:\.\d+)?\s?(?:ml|g|kg|cm|mm|oz|l)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_][\w'’&.-]*")
_LEADING = re.compile(
    r"^(?:(?:so,? )?(?:this|here|it) is (?:our|my|an?|the)(?: (?:little|small|new|own))?|"
    r"(?:we|i) (?:make|sell|bake|craft|design|offer|run|teach|host)(?: an?)?(?: small| little)?|"
    r"selling|meet|say hello to|the|an?|our|new|brand new|"
    r"introducing|my|this|handmade|premium|best)\s+",
    re.IGNORECASE,
)
_SMALL = frozenset((
    "and", "with", "for", "in", "of", "the", "a", "an", "to", "or", "on", "by", "from", "our", "your", "is", "are",
    "at", "it", "this", "that", "plus", "comes",
))  # fmt: skip
_COLOURED = re.compile(
    r"(?:[a-z-]+ ){0,2}(?:white|black|navy|blue|red|green|yellow|orange|pink|purple|brown|gr[ae]y|beige|cream|ivory|"
    r"khaki|teal|burgundy|silver|gold|charcoal|olive|turquoise|lavender|mustard|rust|oatmeal)"
)
_SETS = ("set", "kit", "pack", "bundle", "box", "collection", "duo", "trio", "bag")
# A phrase that begins so speaks of what the product does.
_NO_NAME = re.compile(
    r"(?:\d+ (?:class(?:es)?|lessons?|sessions?|seats?|spots?)|max|valid|"
    r"fits|works?|comes|suits?|replaces|includes?|holds|for|with|from|in|on|no|not|free)\b",
    re.IGNORECASE,
)
_COMES_ALONG = re.compile(r"\b(?:provided|available|included|welcome)$", re.IGNORECASE)
_CLAUSE = re.compile(r"\s+(?:with|and|plus)\s+", re.IGNORECASE)
_EDGES = " \t.,;:!?\"'“”‘’-–—*#|()[]"


def read_english(source: Source, own_brands: Sequence[str] = ()) -> tuple[tuple[Fact, ...], str]:
    """Return the facts of an English brief and its category, "" where no word tells."""
    plain = source.plain
    amounts = find_amounts(plain)
    phrases = [_trim(plain, each) for each in cut_phrases(plain, amounts, by_spaces=False)]
    phrases = [each for each in phrases if each.start < each.end]
    taken = [Found(each.kind, each.start, each.end, each.value) for each in amounts if each.kind != "spec"]
    taken += [Found(each.kind, each.start, each.end) for each in named_outright(plain, phrases, own_brands)]
    name = _name(plain, phrases, taken)
    found = [*taken, *([name] if name else [])]
    for phrase in phrases:
        found += _phrase_facts(plain, phrase, found, name)
    facts = tuple(_facts(source, found))
    return facts, _category(plain, name, facts)


def _category(plain: str, name: Found | None, facts: Sequence[Fact]) -> str:
    said = plain[name.start : name.end] if name else plain
    category = category_of_words(said) or category_of_words(plain)
    return owner_category(
        category, [said, *(fact.text for fact in facts if fact.kind == "audience")], worn=category == "clothing"
    )


def _name(plain: str, phrases: Sequence[Phrase], taken: Sequence[Found]) -> Found | None:
    """Return the product: the head of the first phrase that ends in a thing, with the words that are no facts of their
    own."""
    free = [p for p in phrases if not p.label and not _COMES_ALONG.search(plain[p.start : p.end])]
    choices = [each for each in phrases if each.label == "name"] or free
    ranked = [(phrase, _head(plain, phrase, taken)) for phrase in choices]
    known = next(((p, h) for p, h in ranked if h and _names_thing(h) and not _NO_NAME.match(plain, p.start)), None)
    # What a text begins with and calls a set is for sale whatever lies in it: "Sourdough starter kit: ...".
    if ranked and len(ranked[0][1]) > 1 and ranked[0][1][-1].group().lower() in _SETS:
        known = ranked[0]
    phrase, words = known or next(((p, h) for p, h in ranked if h), (None, []))
    if phrase is None or not words:
        return None
    start = words[-1].start()
    for number in range(len(words) - 2, -1, -1):
        word = words[number]
        if (
            _descriptor(word.group())
            or word.end() + 1 < start
            or any(each.start <= word.start() < each.end for each in taken)
        ):
            break
        start = word.start()
    return Found("name", start, words[-1].end())


def _names_thing(words: Sequence[re.Match[str]]) -> bool:
    """Return whether words end in a thing, or in a set of them: "duvet set"."""
    last = words[-1].group().lower()
    pair = " ".join(word.group().lower() for word in words[-2:])
    return _is_thing(last) or (last in _SETS and len(words) > 1 and (_is_thing(words[-2].group()) or _is_thing(pair)))


def _head(plain: str, phrase: Phrase, taken: Sequence[Found]) -> list[re.Match[str]]:
    """Return the words of a phrase up to its noun, those of amounts left out."""
    start = phrase.start
    leading = _LEADING.match(plain[start : phrase.end])
    start += leading.end() if leading else 0
    tail = _TAIL.search(plain, start + 1, phrase.end)
    end = tail.start() if tail else phrase.end
    words = list(_WORD.finditer(plain, start, end))
    return [word for word in words if not any(each.start <= word.start() < each.end for each in taken)]


def _phrase_facts(plain: str, phrase: Phrase, found: Sequence[Found], name: Found | None) -> Iterator[Found]:
    if phrase.label in FACT_KINDS and phrase.label not in ("feature", "name"):
        if not any(phrase.start <= each.start < phrase.end for each in found):
            yield from facts_of_label(plain, phrase.start, phrase.end, phrase.label)
        return
    at = phrase.start
    inside = sorted((each for each in found if phrase.start <= each.start < phrase.end), key=lambda each: each.start)
    for each in [*inside, Found("", phrase.end, phrase.end)]:
        if at < each.start:
            beside = name is not None and (each is name or at == name.end)
            yield from _stretch(plain, at, each.start, before_name=beside and each is name)
        at = max(at, each.end)


def _stretch(plain: str, start: int, end: int, *, before_name: bool) -> Iterator[Found]:
    """Yield the facts of free words: each describing word before the product's name, else each clause."""
    if before_name:
        words = list(_WORD.finditer(plain, start, end))
        at = 0
        while at < len(words):
            size = next(
                (
                    n
                    for n in (3, 2, 1)
                    if at + n <= len(words) and _descriptor(plain[words[at].start() : words[at + n - 1].end()])
                ),
                0,
            )
            if size:
                text = plain[words[at].start() : words[at + size - 1].end()]
                yield Found(_descriptor(text), words[at].start(), words[at + size - 1].end())
            at += max(size, 1)
        return
    at = start
    for joint in [*_CLAUSE.finditer(plain, start, end), None]:
        stop = joint.start() if joint else end
        text = plain[at:stop]
        stripped = text.strip(_EDGES)
        first = at + text.find(stripped) if stripped else at
        stripped_words = [word for word in stripped.lower().split() if word not in _SMALL]
        if stripped_words:
            yield Found(_descriptor(stripped) or kind_of_phrase(stripped), first, first + len(stripped))
        at = joint.end() if joint else end


def _descriptor(text: str) -> str:
    """Return the kind of a word or two that describe: a colour, a material, a reader; "" for what may be part of a
    name."""
    lowered = text.lower().strip(_EDGES)
    known = _described().get(lowered) or _described().get(lowered.replace("-", " "))
    if known or _COLOURED.fullmatch(lowered):
        return known or "colour"
    kind = kind_of_phrase(text) if " " not in lowered else "feature"
    return (
        kind
        if kind in ("audience", "fit", "function", "material", "season", "style", "pattern", "certificate", "origin")
        else ""
    )


@cache
def _described() -> dict[str, str]:
    lexicon = load_lexicon()
    found = {term.en.lower(): term.kind for term in lexicon.terms("colour", "material")}
    return {
        **{word.removeprefix("faux "): kind for word, kind in found.items()},
        **found,
        "grey": "colour",
        "gold": "colour",
    }


def category_of_words(text: str) -> str:
    """Return the category of the last thing that English words name in their first phrase that names one, "" for
    none."""
    for phrase in re.split(r"[,.;:\n|]", text.lower()):
        found = [
            (match.end(), match.end() - match.start(), category)
            for category, pattern in _nouns()
            for match in pattern.finditer(phrase)
        ]
        if found:
            return max(found)[2]
    return ""


@cache
def product_words() -> tuple[str, ...]:
    """Return every word for a thing that English briefs are searched for."""
    return tuple(word for words in _listed().values() for word in words)


@cache
def _listed() -> dict[str, list[str]]:
    file = Path(__file__).with_name("english_nouns.json")
    listed: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return listed


@cache
def _nouns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return a pattern of the things of each category, one or many of them."""
    return tuple(
        (category, re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?:e?s)?\b"))
        for category, words in _listed().items()
    )


def _is_thing(word: str) -> bool:
    return bool(category_of_words(word))


def _trim(plain: str, phrase: Phrase) -> Phrase:
    text = plain[phrase.start : phrase.end]
    start = phrase.start + len(text) - len(text.lstrip(_EDGES.replace("$", "")))
    return replace(phrase, start=start, end=max(start, phrase.start + len(text.rstrip())))


def _facts(source: Source, found: Sequence[Found | Amount]) -> Iterator[Fact]:
    for each in sorted(found, key=lambda each: each.start):
        yield Fact(each.kind, source.text[each.start : each.end], each.value, each.start, each.end)
