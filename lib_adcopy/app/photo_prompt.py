"""The prompt of a scene around a photo's product: place and light from preset, brief, copy and the user's own words,
and nothing that would draw the product a second time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import Networks, Prompt
from lib_adcopy.i18n import Message
from lib_adcopy.photo.presets import CAMERAS, ScenePreset, presets_for, scene_words
from lib_adcopy.prompting.glossary.glossary import PRODUCT_KINDS, SCENE_KINDS, Glossary, load_glossary
from lib_adcopy.prompting.glossary.phrases import leftover, singular
from lib_adcopy.prompting.networks import tags, usable
from lib_adcopy.prompting.product.noun_phrase import Product
from lib_adcopy.prompting.product.product import Translate, read_product
from lib_adcopy.prompting.sanitise import clean_words
from lib_adcopy.prompting.scene.scene import Scene, read_scene
from lib_adcopy.prompting.styles.style import Style

_EMPTY = "empty scene"
_ALWAYS = ("clear centre", "soft focus background")
_NEVER = ("text", "watermark", "logo", "packaging", "person", "hands", "frame", "duplicate", "collage")
# A noun that ends a phrase names the thing; what follows one of these says what it is of.
_PARTS = re.compile(r"\s+(?:of|with|in|for|on)\s+")
_WORD = re.compile(r"[a-z][a-z-]*")
# Words of a place that tell one from another; the rest stand in every phrase.
_SMALL = frozenset((
    "a", "an", "the", "of", "on", "in", "at", "by", "with", "and", "into", "out", "from", "far", "behind", "before",
    "above", "below", "soft", "light", "colours", "wall", "floor",
))  # fmt: skip
# "put on": says where the product is, and nothing of the place.
_PUT = re.compile("[摆放立站挂铺置搁]在|置于|背景[是为]?|场景[是为]?")
_LIT = re.compile(r"light|sun|glow|dusk|dawn|night|shade|shadow", re.IGNORECASE)
_DANGLING = re.compile(
    r"^(?:(?:an?|the|my|our|this)\s+)?(?:(?:standing|placed|lying|set)\s+)?(?=(?:on|in|at|by|near)\b)"
)


@dataclass(frozen=True)
class SceneWords:
    """Describe what says how the scene looks: the user's own `words`, a `preset` chosen by him or None for what suits,
    the photo's own `camera` height ("" where it is not known), how the product is shown, and a seed for the choice."""

    words: str = ""
    preset: ScenePreset | None = None
    camera: str = ""
    kind: str = "standing"
    seed: int = 0


@dataclass(frozen=True)
class PlannedScene:
    """The prompt, and the preset behind it."""

    prompt: Prompt
    preset: ScenePreset


def plan_scene(
    brief: Brief,
    copy: Copy | None,
    wanted: SceneWords,
    style: Style,
    networks: Networks,
    *,
    translate: Translate | None = None,
    user_glossary: Path | None = None,
) -> PlannedScene:
    """Derive the scene's prompt. Words that cannot be put into English are named in its notes."""
    glossary = load_glossary(user_glossary)
    product = read_product(brief, glossary, translate)
    banned = product_nouns(product)
    said = read_scene(brief, copy, product, glossary)
    own, unknown = _own_words(wanted.words, glossary, translate, banned)
    chosen = wanted.preset or _suiting(brief.category, wanted, (*own, *said.phrases))
    phrases = _phrases(chosen, said, own, wanted)
    kept = tuple(dict.fromkeys(word for phrase in phrases if (word := without_nouns(phrase, banned))))
    loras, embeddings, notes = usable(style.loras, style.embeddings, networks)
    tail = [word.strip() for word in style.positive.split(",") if word.strip()]
    positive = ", ".join(dict.fromkeys([*kept, *_ALWAYS, *tail]))
    if loras:
        positive = f"{positive}, {tags(loras)}"
    if unknown:
        notes = (*notes, Message("prompting.note.not_translated", {"words": "、".join(unknown)}))
    negative, excluded = _negative(chosen, banned, style)
    prompt = Prompt(
        positive,
        ", ".join([*embeddings, *negative]),
        loras,
        embeddings,
        (*notes, *glossary.problems),
        style.name,
        (),
        kept,
        excluded,
    )
    return PlannedScene(prompt, chosen)


def product_nouns(product: Product) -> frozenset[str]:
    """Return the nouns of a product, singular and lower case: {"mug"} for "white ceramic mug"."""
    if product.staged:
        return frozenset()
    heads = [part.split()[-1] for part in _PARTS.split(product.noun.lower()) if part.split()]
    return frozenset(singular(head) for head in heads)


def without_nouns(phrase: str, banned: Iterable[str]) -> str:
    """Return the phrase without these nouns, in singular or plural, and without what dangles then."""
    nouns = "|".join(map(re.escape, sorted(banned)))
    if not nouns:
        return phrase
    plain = re.sub(rf"\b(?:{nouns})(?:s|es)?\b", " ", phrase, flags=re.IGNORECASE)
    if plain == phrase:
        return phrase
    plain = re.sub(r"\b(?:an?|the)\s+(?=$|[,;]|on\b|in\b|at\b|by\b)", "", " ".join(plain.split()))
    return _DANGLING.sub("", plain).strip(" ,")


def _own_words(
    words: str, glossary: Glossary, translate: Translate | None, banned: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Return the user's words as English phrases, and those nobody could put into English."""
    found: list[str] = []
    unknown: list[str] = []
    for part in re.split(r"[,，。；;、\n]+", words):
        if part.isascii():
            found.append(clean_words(part))
            continue
        english: list[str] = []
        words_here, rest = _places_in(_PUT.sub("", part))
        found += words_here
        for piece in glossary.split(rest):
            if piece.term is None:
                unknown += [leftover(piece.text)] if leftover(piece.text) else []
            elif piece.term.kind in SCENE_KINDS:
                found.append(clean_words(piece.term.en))
            elif piece.term.en and not _is_own(piece.term.kind, piece.term.en, banned):
                english.append(piece.term.en)
        found.append(clean_words(" ".join(english)))
    if translate is not None and unknown:
        known: Mapping[str, str] = translate(unknown)
        found += [clean_words(known[word]) for word in unknown if word in known]
        unknown = [word for word in unknown if word not in known]
    return [phrase for phrase in found if phrase], unknown


def _places_in(part: str) -> tuple[list[str], str]:
    """Return the English of places and surfaces named in a part of the user's words, and the part without them.

    The longest words first: a marble counter is no counter.
    """
    found: list[tuple[int, str]] = []
    for chinese, english in sorted(scene_words().items(), key=lambda word: -len(word[0])):
        at = part.find(chinese)
        if at >= 0:
            found.append((at, english))
            part = part.replace(chinese, "\0" * len(chinese))
    return [english for _, english in sorted(found)], part.replace("\0", "，")


def _is_own(kind: str, english: str, banned: frozenset[str]) -> bool:
    return kind in PRODUCT_KINDS and singular(english.split()[-1].lower()) in banned


def _suiting(category: str, wanted: SceneWords, said: Iterable[str]) -> ScenePreset:
    """Return the preset of the category that shares most words with what was said; the seed's where none shares any."""
    ranked = presets_for(category, kind=wanted.kind, camera=wanted.camera)
    words: set[str] = {word for phrase in said for word in _WORD.findall(phrase.lower())} - _SMALL
    shared = [len(words & _words_of(each)) for each in ranked]
    most = max(shared, default=0)
    if most:
        return ranked[shared.index(most)]
    walled = wanted.kind in ("hanging", "worn")
    best = [each for each in ranked if walled != bool(each.surface)] or ranked
    return best[wanted.seed % len(best)]


def _words_of(preset: ScenePreset) -> set[str]:
    text = " ".join((preset.surface, preset.place, preset.light, preset.season, preset.props)).lower()
    return set(_WORD.findall(text)) - _SMALL


def _phrases(preset: ScenePreset, said: Scene, own: list[str], wanted: SceneWords) -> list[str]:
    """Surface, place, light, season, things, mood and camera; what the user or the copy says of one takes its place."""
    camera = CAMERAS[wanted.camera or preset.camera]
    if own and wanted.preset is None:
        # His words are the place; of the preset nothing but what no word of his says.
        lit = any(_LIT.search(phrase) for phrase in own)
        return [_EMPTY, *own, "" if lit else said.light or preset.light, said.season, said.mood, camera]
    replaced = said.place if wanted.preset is None else ""
    # A place out of doors has no table of a room in it.
    surface = preset.surface if not replaced or said.indoors else ""
    lit = any(_LIT.search(phrase) for phrase in own)
    light = "" if lit else (said.light or preset.light)
    first = f"empty {surface}" if surface else _EMPTY
    place = [first, *own, replaced or preset.place, light]
    rest = ["", ""] if replaced else [preset.props, preset.mood]
    return [*place, said.season or ("" if replaced else preset.season), *rest, said.mood, camera]


def _negative(preset: ScenePreset, banned: frozenset[str], style: Style) -> tuple[list[str], tuple[str, ...]]:
    own = [word.strip() for word in style.negative.split(",") if word.strip()]
    added = [*sorted(banned), *preset.negative, *_NEVER]
    words = list(dict.fromkeys([*own, *added]))
    return words, tuple(word for word in words if word not in own)
