"""How a prefix is trained: the published recipe, and calmer ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from lib_adcopy.errors import AdCopyError


@dataclass(frozen=True)
class Settings:
    """P-Tuning v2. The defaults are the published AdvertiseGen recipe.

    Lengths are tokens; a step takes `batch` x `accumulation` examples; `held_out` is the share of examples that only
    the held-out loss sees, `general_share` that of another file's pairs among the rest; `dropout` is that of the
    published prefix; `save_every` steps a checkpoint is written.
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


_SHARE_AT_MOST = 0.9
_SEED_AT_MOST = 2**32 - 1


def check_settings(settings: Settings, *, mixing: bool) -> None:
    """Raises AdCopyError as `check_numbers` does, and where general pairs are `mixing` without a share, or a share has
    none."""
    share = settings.general_share
    if not 0 <= share <= _SHARE_AT_MOST or (share > 0) != mixing:
        raise AdCopyError("training.bad_share")
    check_numbers(settings)


def check_numbers(settings: Settings) -> None:
    """Raises AdCopyError for numbers nothing can be trained with."""
    usable = {
        "steps": settings.steps >= 1,
        "rate": 0 < settings.rate < math.inf,
        "held_out": 0 <= settings.held_out <= _SHARE_AT_MOST,
        "seed": 0 <= settings.seed <= _SEED_AT_MOST,
    }
    for name, fine in usable.items():
        if not fine:
            raise AdCopyError(f"training.bad_{name}")


OFFICIAL = Settings()
PRESETS = {
    "official": OFFICIAL,
    # Whole posts instead of their first 64 tokens, and half the steps at half the rate.
    "long": replace(OFFICIAL, max_source=256, max_target=512, steps=1500, rate=1e-2),
    # Some dozens of examples: more steps would only learn them by heart.
    "few": replace(OFFICIAL, max_source=128, max_target=256, steps=300, accumulation=4, rate=1e-2, save_every=25),
    # A model of a few million parameters is quick to read, and so narrow that a prefix must move far to be heard.
    "starter": Settings(
        prefix_length=32, max_source=128, max_target=256, steps=160, batch=16, accumulation=1, rate=0.3, dropout=0.0,
        save_every=40, gradient_checkpointing=False,
    ),
}
