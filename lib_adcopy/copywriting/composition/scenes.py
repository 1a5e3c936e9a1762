"""When and where a product is wanted: data/copy/zh/scenes, a file a category.

A file's "goods" are {"when": a pattern searched in the product's name, "says": sentences}; "any" are said of the rest.
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


def scenes_of(plan: Plan) -> tuple[str, ...]:
    """Return the sentences that fit the product and repeat nothing of the brief, its own kind's alone if it has any."""
    if not plan.is_zh:
        return ()
    for category in dict.fromkeys((plan.brief.category, plan.pack.category)):
        table = _table(category)
        own = [say for goods in table["goods"] if re.search(goods["when"], plan.full) for say in goods["says"]]
        if own:
            return _new(own, plan)
    return _new(_table(plan.brief.category)["any"], plan)


def says_little(plan: Plan) -> bool:
    """Tell whether the brief leaves room for a scene."""
    return not plan.attributes and len(plan.of(*PRODUCT_ROLES)) <= _FEW and len(plan.of("voice")) == 0


def _new(says: list[str], plan: Plan) -> tuple[str, ...]:
    """Leave out what shares four characters in a row with the brief, or holds a word to avoid."""
    runs = [(say, {say[at : at + 4] for at in range(len(say) - 3)}) for say in says]
    avoided = [word for word in plan.brief.avoid_words if word]
    fresh = (say for say, parts in runs if not any(part in plan.brief.text for part in parts))
    return tuple(say for say in fresh if not any(word in say for word in avoided))


@cache
def _table(category: str) -> dict[str, Any]:
    if not (DATA / "copy/zh/scenes" / f"{category}.json").is_file():
        return {"goods": [], "any": []}
    return load_copy_data(f"zh/scenes/{category}.json")
