"""The use case "more like this": further copies in the manner of one that was chosen."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from lib_adcopy.copywriting.review import rank
from lib_adcopy.copywriting.script import in_script_of
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.copy import Copy, Draft
from lib_adcopy.domain.writing import TEMPLATE

if TYPE_CHECKING:
    from lib_adcopy.app.events import Loading, Writing, Written
    from lib_adcopy.app.studio import Studio

# So many are composed, of which those most like the chosen one are shown.
_COMPOSED = 24
# Of the chosen body's pairs of characters: what shares more is the same text again.
_SAME = 0.9
_WISH = {"zh": "照这条的写法再写一条，换一种说法", "en": "Write another one in the manner of this one, in other words"}


def write_like(
    studio: Studio, ad: Ad, copy: Copy, *, stop: threading.Event, on_loading: Callable[[Loading], None]
) -> Iterator[Writing | Written]:
    """Stream copies like `copy`, as `Studio.write` does: one of a language model, several of the template."""
    if ad.writing.writer != TEMPLATE:
        wish = _WISH["en" if ad.brief.language == "en" else "zh"]
        yield from studio.revise(replace(ad, copy=copy), wish, (), stop=stop, on_loading=on_loading)
        return
    yield from _composed_like(ad, copy, stop)


def _composed_like(ad: Ad, copy: Copy, stop: threading.Event) -> Iterator[Writing | Written]:
    from lib_adcopy.app.events import Writing, Written
    from lib_adcopy.copywriting.writers.template import composed

    first = random.SystemRandom().randrange(2**31)
    found: list[tuple[float, Copy]] = []
    for seed in range(first, first + _COMPOSED):
        if stop.is_set():
            break
        made = composed(ad.brief, seed)
        share = likeness(made.body, copy.body)
        if share < _SAME:
            found.append((share, made))
        if len(found) == 1:
            yield Writing(Draft(0, made))
    found.sort(key=lambda pair: -pair[0])
    best = rank(ad.brief, [made for _, made in found[: max(1, ad.writing.count)]])
    candidates = tuple(replace(one, copy=in_script_of(one.copy, ad.brief.text)) for one in best)
    yield Written(replace(ad, candidates=candidates, copy=candidates[0].copy if candidates else copy))


def likeness(text: str, other: str) -> float:
    """Return the share of `other`'s pairs of characters that `text` has too, 0..1."""
    pairs, others = set(pairwise(text)), set(pairwise(other))
    return len(pairs & others) / len(others) if others else 0.0
