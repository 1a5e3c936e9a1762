"""Brief and copy into a prompt.

In this order: subject and count, the product with its attributes, details, pose, camera and light, background, season
and mood, the style's tail. A text encoder reads 75 tokens at a time and heeds the first most; so the product stands
first and never reaches past them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import Networks, Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.prompting.glossary.glossary import load_glossary
from lib_adcopy.prompting.glossary.phrases import counted, says, with_article
from lib_adcopy.prompting.glossary.translators import Translate
from lib_adcopy.prompting.networks import tags, usable
from lib_adcopy.prompting.product.noun_phrase import Product
from lib_adcopy.prompting.product.product import read_product
from lib_adcopy.prompting.scene.from_llm import Describe
from lib_adcopy.prompting.scene.people import NOT_FOR_CHILDREN, wearer
from lib_adcopy.prompting.scene.scene import Scene, read_scene
from lib_adcopy.prompting.styles.style import Style
from lib_adcopy.prompting.tokens import CHUNK, estimate_tokens

_NOBODY = ("person", "woman", "man", "face", "hands")
_ONE_PERSON = ("multiple people", "two women", "crowd", "duplicate", "collage", "multiple views")
_ONE_THING = ("duplicate", "collage", "multiple views")
_LIGHT = re.compile(r"light(?:s|ing)?\b", re.IGNORECASE)
# What a sampler adds to a dressed model unasked.
_ACCESSORIES = ("handbag", "hat", "sunglasses", "necklace", "scarf")


def derive_prompt(
    brief: Brief,
    copy: Copy | None,
    style: Style,
    networks: Networks,
    *,
    describe: Describe | None = None,
    translate: Translate | None = None,
    reads_chinese: bool = False,
    count_tokens: Callable[[str], int] = estimate_tokens,
    user_glossary: Path | None = None,
) -> Prompt:
    """Return the prompt for `brief` and `copy` in `style`; words that cannot be translated are named in its notes.

    `describe` asks a language model about the scene, `translate` an offline translator for words the glossary lacks;
    what still is Chinese then is left out, unless the checkpoint `reads_chinese`. `count_tokens` is the host's own
    count.
    """
    glossary = load_glossary(user_glossary)
    product = read_product(brief, glossary, translate)
    # A romper on a baby is shown as a dress is, whatever its category.
    style = style if product.worn else style.of_category(brief.category)
    problems: list[Message] = []
    # Where the style leaves no room for a scene, the model need not think of one.
    asked = _forgiving(describe, problems) if describe and style.scene else None
    scene = read_scene(brief, copy, product, glossary, asked).only(style.scene)
    loras, embeddings, notes = usable(style.loras, style.embeddings, networks)
    unknown = product.unknown
    details = (*product.details, *unknown) if reads_chinese else product.details
    subject, dropped = _subject(brief, product, details, style, count_tokens)
    scene = _fitting(subject, product, scene, style, count_tokens)
    seen = _surroundings(product, scene, style)
    phrases = [*_lead(style, subject, count_tokens), *seen, *_words(style.positive)]
    positive = ", ".join(dict.fromkeys(phrase for phrase in phrases if phrase))
    if loras:
        positive = f"{positive}, {tags(loras)}"
    if unknown and not reads_chinese:
        notes = (*notes, Message("prompting.note.not_translated", {"words": "、".join(unknown)}))
    if dropped:
        notes = (*notes, Message("prompting.note.too_long", {"words": ", ".join(dropped)}))
    negative, excluded = _negative(product, subject, style)
    return Prompt(
        positive,
        ", ".join([*embeddings, *negative]),
        loras,
        embeddings,
        (*notes, *problems, *glossary.problems),
        style.name,
        tuple(subject),
        scene.phrases,
        excluded,
    )


def _forgiving(describe: Describe, problems: list[Message]) -> Describe:
    """Return the model's answer, or none and a note why: glossary and rules give a prompt without it."""

    def ask(question: str) -> str:
        try:
            return describe(question)
        except AdCopyError as error:
            problems.extend((Message("prompting.note.not_described"), error.message))
            return ""

    return ask


def _subject(
    brief: Brief, product: Product, details: Iterable[str], style: Style, count_tokens: Callable[[str], int]
) -> tuple[list[str], list[str]]:
    """Return the product's phrases within one chunk, and those that would have been past it."""
    who = wearer(brief)
    if product.worn and style.person:
        first = [f"1 {who} wearing {with_article(product.noun, product.count)}"]
    else:
        first = [counted(product.noun, product.count), *([style.without_person] if product.worn else [])]
    kept = [*(phrase for phrase in first if phrase)]
    kept += [word for word in details if not (who.is_child and word in NOT_FOR_CHILDREN)]
    dropped: list[str] = []
    while len(kept) > 1 and count_tokens(", ".join(kept)) > CHUNK:
        dropped.insert(0, kept.pop())
    return kept, dropped


def _surroundings(product: Product, scene: Scene, style: Style) -> list[str]:
    posed = _words(style.pose) if product.worn and style.person else []
    place = [scene.place] if scene.place else _words(style.background)
    # One light: the scene's takes the style's place, as its place does the background's.
    camera = [word for word in _words(style.camera) if not (scene.light and _LIGHT.search(word))]
    return [*posed, *camera, scene.light, *place, scene.season, scene.mood]


def _fitting(
    subject: list[str], product: Product, scene: Scene, style: Style, count_tokens: Callable[[str], int]
) -> Scene:
    """Leave out the least of the scene that would fall past the chunk; the style's own words always stay."""
    for less in scene.shortened():
        if count_tokens(", ".join(filter(None, [*subject, *_surroundings(product, less, style)]))) <= CHUNK:
            return less
    return Scene()


def _lead(style: Style, subject: list[str], count_tokens: Callable[[str], int]) -> list[str]:
    """Return the product after the words a style wants before it, or before them where they would push it too far."""
    if not style.before:
        return subject
    first = [f"{style.before} {subject[0]}", *subject[1:]]
    return first if count_tokens(", ".join(first)) <= CHUNK else [*subject, style.before.rstrip(",")]


def _negative(product: Product, subject: list[str], style: Style) -> tuple[list[str], tuple[str, ...]]:
    """Return the style's words and what keeps one product one product, less what the product itself asks for; and those
    of them that are not the style's."""
    said = " ".join(subject).lower()
    own = _words(style.negative)
    if product.worn and style.person:
        added = [*_ONE_PERSON, *_ACCESSORIES]
    else:
        added = [*_NOBODY, *(_ONE_THING if product.count != "some" else ())]
    words = [word for word in dict.fromkeys([*own, *added]) if not says(said, word)]
    return words, tuple(word for word in words if word not in own)


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]
