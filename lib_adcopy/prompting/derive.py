"""Brief and copy into a prompt: the product first, then what is seen around it, then the style."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.i18n import Message
from lib_adcopy.prompting.glossary import Glossary, load_glossary
from lib_adcopy.prompting.networks import tags, usable
from lib_adcopy.prompting.prompt import Networks, Prompt
from lib_adcopy.prompting.sanitise import clean_scene, clean_words
from lib_adcopy.prompting.styles import Style
from lib_adcopy.prompting.tokens import CHUNK, estimate_tokens

_SCENE_AT_MOST = 4
# Names that say what the garment is; the most telling first. The others describe it.
_NOUN_NAMES = ("衣样式", "裙型", "裤型", "裙长", "裤长", "类型")
_KIND_ORDER = {"product": 0, "colour": 1, "material": 2, "detail": 3}


def derive_prompt(
    brief: Brief,
    copy: Copy | None,
    style: Style,
    networks: Networks,
    *,
    language: str = "zh",
    describe: Callable[[str], str] | None = None,
    count_tokens: Callable[[str], int] = estimate_tokens,
    user_glossary: Path | None = None,
) -> Prompt:
    """The prompt for `brief` and `copy` in `style`; words that cannot be translated are named in its notes.

    `describe` asks a language model for a scene in English; `count_tokens` is the host's own count, by which scene
    words are dropped until the product and the style fit one chunk of 75.
    """
    glossary = load_glossary(user_glossary)
    product, unknown = _product_words(brief, glossary)
    scene = _scene_words(brief, copy, glossary, describe)
    loras, embeddings, notes = usable(style.loras, style.embeddings, networks)
    tail = [word for word in (style.background, style.positive) if word]
    scene = _within_budget(product, [word for word in scene if word not in product], tail, count_tokens)
    positive = ", ".join(dict.fromkeys([*product, *scene, *tail]))
    if loras:
        positive = f"{positive}, {tags(loras)}"
    if unknown:
        notes = (*notes, Message("prompting.note.not_translated", {"words": "、".join(unknown)}))
    negative = ", ".join([*embeddings, *([style.negative] if style.negative else [])])
    return Prompt(positive, negative, loras, embeddings, notes, style.name)


def _product_words(brief: Brief, glossary: Glossary) -> tuple[list[str], list[str]]:
    """English product words, noun first, and the Chinese that no glossary knows."""
    nouns: list[tuple[int, str]] = []
    details: list[tuple[int, str]] = []
    unknown: list[str] = []
    for name, value in brief.attributes:
        english = glossary.attribute(name, value)
        if not english:
            unknown.append(value)
        elif name in _NOUN_NAMES:
            nouns.append((_NOUN_NAMES.index(name), english))
        else:
            details.append((1 if name == "颜色" else 3, english))
    for point in brief.points:
        if point.isascii():
            nouns.append((len(_NOUN_NAMES), clean_words(point)))
            continue
        terms, left = glossary.find(point)
        for term in terms:
            if term.kind == "product":
                nouns.append((len(_NOUN_NAMES), term.en))
            elif term.kind != "unseen":
                details.append((_KIND_ORDER.get(term.kind, 3), term.en))
        if len(left) > 1:
            unknown.append(point if not terms else left)
    return _ordered(nouns, details, brief), unknown


def _ordered(nouns: list[tuple[int, str]], details: list[tuple[int, str]], brief: Brief) -> list[str]:
    ranked = [word for _, word in sorted(nouns, key=lambda pair: pair[0]) if word]
    # "skirt" or "top" beside "pleated skirt" or "jacket" would be a second garment.
    if len(ranked) > 1:
        ranked = [word for word in ranked if word not in ("skirt", "top", "trousers")] or ranked[:1]
    first = ", ".join(ranked)
    if brief.category == "clothing" and first:
        first = f"1 model wearing {ranked[0]}" + "".join(f", {word}" for word in ranked[1:])
    words = [first] if first else []
    words += [word for _, word in sorted(details, key=lambda pair: pair[0]) if word]
    return list(dict.fromkeys(words))


def _scene_words(
    brief: Brief, copy: Copy | None, glossary: Glossary, describe: Callable[[str], str] | None
) -> list[str]:
    text = " ".join(part for part in (brief.text, copy.title if copy else "", copy.body if copy else "") if part)
    words = [term.en for term in glossary.find(text, scenes=True)[0]]
    if describe is not None:
        words = [*clean_scene(describe(text)), *words]
    return list(dict.fromkeys(words))[:_SCENE_AT_MOST]


def _within_budget(
    product: list[str], scene: list[str], tail: Iterable[str], count_tokens: Callable[[str], int]
) -> list[str]:
    while scene and count_tokens(", ".join([*product, *scene, *tail])) > CHUNK:
        scene = scene[:-1]
    return scene
