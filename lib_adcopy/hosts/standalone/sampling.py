"""Maps the webui's sampler names to diffusers' schedulers."""

from __future__ import annotations

from typing import Any

DEFAULT_SAMPLER = "DPM++ 2M Karras"
# Stable Diffusion 1's noise schedule.
_NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000}
_SAMPLERS: dict[str, tuple[str, dict[str, Any]]] = {
    DEFAULT_SAMPLER: ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True, "steps_offset": 1}),
    "DPM++ 2M": ("DPMSolverMultistepScheduler", {"steps_offset": 1}),
    "DPM++ 2M SDE Karras": (
        "DPMSolverMultistepScheduler",
        {"use_karras_sigmas": True, "algorithm_type": "sde-dpmsolver++", "steps_offset": 1},
    ),
    "Euler a": ("EulerAncestralDiscreteScheduler", {"steps_offset": 1}),
    "Euler": ("EulerDiscreteScheduler", {"steps_offset": 1}),
    "Heun": ("HeunDiscreteScheduler", {"steps_offset": 1}),
    "UniPC": ("UniPCMultistepScheduler", {"steps_offset": 1}),
    "DDIM": ("DDIMScheduler", {"clip_sample": False, "set_alpha_to_one": False, "steps_offset": 1}),
}


def samplers() -> tuple[str, ...]:
    return tuple(_SAMPLERS)


def named(sampler: str) -> str:
    """Return the sampler if it is known, else the default."""
    return sampler if sampler in _SAMPLERS else DEFAULT_SAMPLER


def scheduler(sampler: str) -> Any:
    import diffusers

    kind, options = _SAMPLERS[sampler]
    return getattr(diffusers, kind)(**_NOISE, **options)
