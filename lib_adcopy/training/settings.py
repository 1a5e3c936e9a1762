"""Hyperparameters of P-Tuning v2: the published recipe, and gentler ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from lib_adcopy.errors import AdCopyError


@dataclass(frozen=True)
class Settings:
    """Hyperparameters of P-Tuning v2; the defaults are the published AdvertiseGen recipe.

    Lengths are in tokens. A step takes `batch` x `accumulation` examples. `held_out` is the share of examples that are
    only evaluated, `general_share` that of general pairs among the trained ones. `clip` is the gradient's largest norm.
    A checkpoint is written every `save_every` steps.
    """

    prefix_length: int = 128
    projection: bool = False
    max_source: int = 64
    max_target: int = 64
    steps: int = 3000
    batch: int = 1
    accumulation: int = 16
    rate: float = 2e-2
    general_share: float = 0.0
    dropout: float = 0.1
    clip: float = 1.0
    held_out: float = 0.1
    seed: int = 42
    save_every: int = 100
    gradient_checkpointing: bool = True


_MAX_SHARE = 0.9
_MAX_SEED = 2**32 - 1


def check_settings(settings: Settings, *, mixing: bool) -> None:
    """Raise AdCopyError as `check_numbers` does, and where general pairs (`mixing`) and their share do not agree."""
    share = settings.general_share
    if not 0 <= share <= _MAX_SHARE or (share > 0) != mixing:
        raise AdCopyError("training.bad_share")
    check_numbers(settings)


def check_numbers(settings: Settings) -> None:
    """Raise AdCopyError for numbers that nothing can be trained with."""
    valid = {
        "steps": settings.steps >= 1,
        "rate": 0 < settings.rate < math.inf,
        "held_out": 0 <= settings.held_out <= _MAX_SHARE,
        "seed": 0 <= settings.seed <= _MAX_SEED,
    }
    for name, is_valid in valid.items():
        if not is_valid:
            raise AdCopyError(f"training.bad_{name}")


OFFICIAL = Settings()
PRESETS = {
    "official": OFFICIAL,
    # Whole posts instead of their first 64 tokens, and half the steps at half the rate.
    "long": replace(OFFICIAL, max_source=256, max_target=512, steps=1500, rate=1e-2),
    # For some dozens of examples: more steps would only memorise them.
    "few": replace(OFFICIAL, max_source=128, max_target=256, steps=300, accumulation=4, rate=1e-2, save_every=25),
    # For a model of a few million parameters: so narrow that a prefix needs large values to have an effect.
    "starter": Settings(
        prefix_length=32, max_source=128, max_target=256, steps=160, batch=16, accumulation=1, rate=0.3, dropout=0.0,
        save_every=40, gradient_checkpointing=False,
    ),
}
