"""A style of the user's own: what stands in the prompt boxes, without the product and the scene it was derived for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.prompting.embeddings import embeddings_in
from lib_adcopy.prompting.networks import tags_in, without_tags
from lib_adcopy.prompting.sanitise import clean_style
from lib_adcopy.prompting.styles.style import PLACES, Style

_WORD = re.compile(r"[a-z\d-]+")
_SMALL = frozenset({"a", "an", "the", "of", "in", "with", "and", "1", "single", "pair"})


def style_from(
    name: str,
    base: Style,
    derived: Prompt,
    positive: str,
    negative: str,
    installed: Iterable[str] = (),
    settings: Mapping[str, Any] | None = None,
) -> Style:
    """Return a style of `positive` and `negative`, in which `derived` put the product's and the scene's words.

    `base` is the style it was derived in: its pose, camera, background and negative words stay, less what the user took
    out, also those that this product or scene left no room for. `installed` are the embeddings there are. `settings`
    are those it is to recommend, by field name.
    """
    shown = {phrase.lower() for phrase in _phrases(without_tags(derived.positive))}
    now = [phrase for phrase in _phrases(without_tags(positive)) if not _is_derived(phrase, base, derived)]
    left = {phrase.lower() for phrase in now}

    def kept(words: str) -> str:
        return ", ".join(word for word in _phrases(words) if word.lower() in left or word.lower() not in shown)

    places: dict[str, Any] = {place: kept(getattr(base, place)) for place in PLACES}
    by_category = {
        category: {place: kept(words) for place, words in said.items()} for category, said in base.by_category.items()
    }
    around = [*places.values(), *(words for said in by_category.values() for words in said.values())]
    placed = {word.lower() for words in (*around, base.before) for word in _phrases(words)}
    tail = [cleaned for phrase in now if phrase.lower() not in placed and (cleaned := clean_style(phrase))]
    known = tuple(use.name for use in embeddings_in(negative, (*derived.embeddings, *installed)) if use.weight == 1)
    return replace(
        base,
        name=name,
        titles={},
        before=base.before if base.before.lower() in positive.lower() else "",
        positive=", ".join(dict.fromkeys(tail)),
        negative=", ".join(_negative(base, derived, negative, known)),
        loras=tags_in(positive),
        embeddings=tuple(dict.fromkeys(known)),
        by_category=by_category,
        settings=dict(settings or {}),
        **places,
    )


def _is_derived(phrase: str, base: Style, derived: Prompt) -> bool:
    """Tell whether a phrase speaks of the product or the scene; one of the product's may have been edited."""
    said = phrase.lower()
    if said in {each.lower() for each in derived.scene}:
        return True
    lead = base.before.lower().rpartition(",")[2].strip()
    words = _telling(said.removeprefix(lead))
    return bool(words) and any(2 * len(words & _telling(each)) > len(words) for each in derived.subject)


def _telling(phrase: str) -> frozenset[str]:
    return frozenset(_WORD.findall(phrase.lower())) - _SMALL


def _negative(base: Style, derived: Prompt, negative: str, embeddings: Iterable[str]) -> Iterable[str]:
    """Return the style's words as the user left them, without those that keep this product one product."""
    left_out = {word.lower() for word in (*derived.excluded, *embeddings)}
    now = [word for part in _phrases(negative) if part.lower() not in left_out and (word := clean_style(part))]
    shown = {word.lower() for word in _phrases(derived.negative)}
    unasked = [word for word in _phrases(base.negative) if word.lower() not in shown] if shown else []
    return dict.fromkeys([*now, *unasked])


def _phrases(text: str) -> list[str]:
    return [phrase for part in text.split(",") if (phrase := part.strip())]
