"""Settings of one txt2img run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HiresFix:
    """A second pass at `scale` times the first size."""

    scale: float = 1.5
    upscaler: str = "Latent"
    steps: int = 0
    denoising_strength: float = 0.5


@dataclass(frozen=True)
class DrawSettings:
    """One txt2img run. Sizes in pixels (multiples of 8); `seed` -1 draws one; `clip_skip` 0 leaves the host's.

    `sampler`, `scheduler` and `checkpoint` are the host's own names, "" for its default.
    """

    width: int = 512
    height: int = 512
    steps: int = 30
    sampler: str = ""
    scheduler: str = ""
    cfg_scale: float = 7.0
    seed: int = -1
    batch_size: int = 1
    batch_count: int = 1
    clip_skip: int = 0
    checkpoint: str = ""
    hires: HiresFix | None = None
