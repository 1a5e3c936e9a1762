"""The range of every number the tab takes. A page shows sliders, but a request may hold anything."""

from __future__ import annotations

from collections.abc import Mapping

from lib_adcopy.domain.fields import Field
from lib_adcopy.prompting.networks import WEIGHTS
from lib_adcopy.ui.values import FIELDS

_SEED_AT_MOST = 2**32 - 1


def _number(name: str, least: float, most: float, default: float | None, *, whole: bool = False) -> Field:
    return Field(name, name, "whole" if whole else "decimal", default, least=least, most=most)


# Of the training's, an empty box leaves the recipe's number; what nothing can be trained with is said in a sentence.
_OTHERS = (
    _number("network_weight", *WEIGHTS, 1),
    _number("tune_steps", -1, 10**9, None, whole=True),
    _number("tune_rate", -1, 10, None),
    _number("tune_held_out", 0, 0.5, 0),
    _number("tune_seed", -1, _SEED_AT_MOST, None, whole=True),
    _number("tune_share", 0, 0.9, 0),
)
NUMBERS: Mapping[str, Field] = {
    row.name: row for row in (*FIELDS.values(), *_OTHERS) if row.kind in ("whole", "decimal")
}
