"""Tell when and where a product is wanted: data/copy/zh/scenes, a file a category.

A file's "goods" are {"when": a pattern searched in the product's name, "says": sentences}; the first that fits counts.
Of goods of no such kind nothing is said: a sentence for a whole category is wrong for half of it. A sentence that names
a place, a time of year, a person or a material is told only where the brief names it too (scene_words.json).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.plan import PRODUCT_ROLES, Plan
from lib_adcopy.copywriting.vocabulary import DATA

# A brief that tells so few things of its product leaves room for a scene in every text.
_FEW = 4
_LEFT_OUT = re.compile(r"不[做拆含接包]|没有|除外")


def scenes_of(plan: Plan) -> tuple[str, ...]:
    """Return the sentences of the product's kind that repeat nothing of the brief and assume nothing it leaves open."""
    # Beside what a service leaves out, a scene may promise it; a garment's attributes are scene enough.
    if not plan.is_zh or plan.attributes or (plan.kind == "service" and _LEFT_OUT.search(plan.brief.text)):
        return ()
    kinds = (kind for category in dict.fromkeys((plan.brief.category, plan.pack.category)) for kind in _kinds(category))
    own: list[str] = next((kind["says"] for kind in kinds if re.search(kind["when"], plan.full)), [])
    return tuple(say for say in _new(own, plan) if not _assumes(say, plan.brief.text))


def says_little(plan: Plan) -> bool:
    """Tell whether the brief leaves room for a scene."""
    return not plan.attributes and len(plan.of(*PRODUCT_ROLES)) <= _FEW and len(plan.of("voice")) == 0


def _assumes(say: str, text: str) -> bool:
    """Tell whether the sentence names what the brief does not: a season, a room, a person, a material."""
    return any(word not in text for word in _word_pattern().findall(say))


def _new(says: list[str], plan: Plan) -> tuple[str, ...]:
    """Leave out what shares four characters in a row with the brief, or holds a word to avoid."""
    runs = [(say, {say[at : at + 4] for at in range(len(say) - 3)}) for say in says]
    avoided = [word for word in plan.brief.avoid_words if word]
    fresh = (say for say, parts in runs if not any(part in plan.brief.text for part in parts))
    return tuple(say for say in fresh if not any(word in say for word in avoided))


@cache
def _word_pattern() -> re.Pattern[str]:
    words = [word for listed in load_copy_data("zh/scene_words.json")["words"].values() for word in listed]
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


@cache
def _kinds(category: str) -> tuple[dict[str, Any], ...]:
    if not (DATA / "copy/zh/scenes" / f"{category}.json").is_file():
        return ()
    return tuple(load_copy_data(f"zh/scenes/{category}.json")["goods"])
