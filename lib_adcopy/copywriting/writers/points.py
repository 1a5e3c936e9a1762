"""What the template writer says of selling points the vocabulary does not know: by what kind of thing a point names.

data/points_<language>.json: "kinds" tells a colour from a place by words and endings, first match wins; "sentences" are
phrases as in the templates. A kind says nothing that the point itself does not: no use, no effect, no number.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from lib_adcopy.copywriting.vocabulary import load

# A longer point is a statement of its own; nouns and verbs fit into a sentence.
_LONGEST_TERM = {"zh": 8, "en": 28}


def kind_of_point(point: str, language: str) -> str:
    """ "colour", "material", "indoors" and so on, "feature" for what no list knows, "statement" for a sentence."""
    if len(point) > _LONGEST_TERM[language]:
        return "statement"
    lowered, kinds = point.lower(), _table(language)["kinds"]
    # A word that is known whole is what its list says, whatever it ends in: 窗边 is a place and no edge.
    for kind, signs in kinds.items():
        if lowered in signs.get("words", ()):
            return str(kind)
    for kind, signs in kinds.items():
        pattern = signs.get("pattern")
        if lowered.endswith(tuple(signs.get("ends", ()))) or (pattern and re.search(pattern, lowered)):
            return str(kind)
    return "feature"


def spoken_of(
    points: Sequence[str], language: str, category: str, chance: random.Random, *, together: bool
) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """(phrases to choose from, the points they speak of) for all points, what it looks like before where it is used.

    With `together`, two features share a sentence; {v} is both joined, {a} and {b} are each. A taste is spoken of in
    another way where it is a cat's: "taste_pets" stands over "taste".
    """
    sentences: dict[str, list[str]] = _table(language)["sentences"]
    kinds = {point: kind_of_point(point, language) for point in points}
    features = [point for point in points if kinds[point] == "feature"]
    order = list(sentences)
    written: dict[str, str] = _table(language).get("written", {})
    for point in sorted(points, key=lambda point: order.index(kinds[point])):
        if kinds[point] != "feature":
            found = sentences.get(f"{kinds[point]}_{category}") or sentences[kinds[point]]
            yield found, (written.get(point, point),)
        elif point in features:
            both = features[:2] if together and len(features) > 1 and chance.random() < 0.7 else [point]
            features = [other for other in features if other not in both]
            yield sentences["features" if len(both) > 1 else "feature"], tuple(both)


@cache
def _table(language: str) -> dict[str, Any]:
    return load(f"points_{language}.json")
