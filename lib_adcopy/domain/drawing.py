"""Settings of one txt2img run."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.domain.fields import setting

DEFAULT_UPSCALER = "Latent"


@dataclass(frozen=True)
class HiresFix:
    """A second pass at `scale` times the first size."""

    scale: float = 1.5
    upscaler: str = DEFAULT_UPSCALER
    steps: int = 0
    denoising_strength: float = 0.5


@dataclass(frozen=True)
class DrawSettings:
    """One txt2img run. Sizes in pixels, cut to multiples of 8; `seed` -1 draws one; `clip_skip` 0 leaves the host's.

    `sampler`, `scheduler` and `checkpoint` are the host's own names, "" for its default. A `hires_scale` of 1 draws
    without a second pass; `hires_steps` 0 takes as many steps as the first.
    """

    width: int = setting(512, least=64, most=2048, step=8, flag="--width", advised=True)
    height: int = setting(512, least=64, most=2048, step=8, flag="--height", advised=True)
    steps: int = setting(30, least=1, most=150, flag="--steps", advised=True)
    sampler: str = setting("", offered_by="samplers", flag="--sampler", advised=True)
    scheduler: str = setting("", offered_by="schedulers", flag="--scheduler", advised=True)
    cfg_scale: float = setting(7.0, least=1, most=30, step=0.5, flag="--cfg-scale", advised=True)
    seed: int = setting(-1, least=-1, most=2**32 - 1)
    batch_size: int = setting(1, least=1, most=8, flag="--batch-size")
    batch_count: int = setting(1, least=1, most=16, flag="--batch-count")
    clip_skip: int = setting(0, least=0, most=12, flag="--clip-skip", advised=True)
    checkpoint: str = setting("", offered_by="checkpoints", flag="--checkpoint")
    hires_scale: float = setting(1.0, least=1, most=2, step=0.01, flag="--hires-scale")
    hires_upscaler: str = setting("", offered_by="upscalers", flag="--hires-upscaler")
    hires_steps: int = setting(0, least=0, most=150, flag="--hires-steps")
    denoising: float = setting(0.5, least=0, most=1, step=0.01, flag="--denoising")

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", self.width // 8 * 8)
        object.__setattr__(self, "height", self.height // 8 * 8)

    @property
    def hires(self) -> HiresFix | None:
        """The second pass, None where there is none."""
        if self.hires_scale <= 1:
            return None
        return HiresFix(self.hires_scale, self.hires_upscaler or DEFAULT_UPSCALER, self.hires_steps, self.denoising)
