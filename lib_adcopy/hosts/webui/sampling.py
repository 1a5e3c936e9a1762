"""Samplers, schedulers, upscalers and checkpoints, by the names the host shows, and the user's own txt2img defaults."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from modules import sd_models, sd_samplers, shared

from lib_adcopy.domain.drawing import DrawSettings

_log = logging.getLogger("adcopy.webui")
_AUTOMATIC = "Automatic"
# Label in ui-config.json, our field, and what the host ships: only a value that differs is the user's own wish.
_DEFAULTS: tuple[tuple[str, str, Any], ...] = (
    ("Sampling method", "sampler", None),
    ("Schedule type", "scheduler", _AUTOMATIC),
    ("Sampling steps", "steps", 20),
    ("CFG Scale", "cfg_scale", 7.0),
    ("Seed", "seed", -1),
    ("Batch count", "batch_count", 1),
    ("Batch size", "batch_size", 1),
)


def samplers() -> tuple[str, ...]:
    hidden = getattr(sd_samplers, "samplers_hidden", ())
    return tuple(found.name for found in sd_samplers.samplers if found.name not in hidden)


def schedulers() -> tuple[str, ...]:
    """Return labels; none where a sampler's name includes its schedule (webui before 1.9)."""
    try:
        from modules import sd_schedulers
    except ImportError:
        return ()
    return tuple(found.label for found in sd_schedulers.schedulers)


def upscalers() -> tuple[str, ...]:
    return (*shared.latent_upscale_modes, *(found.name for found in shared.sd_upscalers))


def checkpoints() -> tuple[str, ...]:
    return tuple(found.title for found in sd_models.checkpoints_list.values())


def checkpoint() -> str:
    return str(getattr(shared.opts, "sd_model_checkpoint", None) or "")


def named(sampler: str, scheduler: str) -> tuple[str, str]:
    """Return sampler and scheduler as this webui spells them; the first sampler for one it lacks.

    "DPM++ 2M Karras" is one name before 1.9 and two names after.
    """
    known, labels = samplers(), schedulers()
    if labels:
        for label in labels:
            if sampler not in known and sampler.endswith(f" {label}"):
                sampler, scheduler = sampler[: -len(label) - 1], label
        return sampler if sampler in known else known[0], scheduler if scheduler in labels else _AUTOMATIC
    joined = f"{sampler} {scheduler}"
    return joined if joined in known else sampler if sampler in known else known[0], ""


def default_settings() -> DrawSettings:
    """Return the user's saved txt2img defaults, and ours for the rest."""
    saved = _saved_defaults()
    wished: dict[str, Any] = {}
    for label, name, shipped in _DEFAULTS:
        value = next((value for key, value in saved.items() if key.endswith(f"txt2img/{label}/value")), None)
        # The file may be edited by hand: only a value of the field's own kind is taken.
        kinds = (int, float) if name == "cfg_scale" else (type(getattr(DrawSettings(), name)),)
        if type(value) in kinds and value != shipped:
            wished[name] = value
    return DrawSettings(**wished)


def _saved_defaults() -> dict[str, Any]:
    file = Path(shared.cmd_opts.ui_config_file)
    if not file.is_file():
        return {}
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return stored if isinstance(stored, dict) else {}
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("the saved defaults in %s cannot be read: %s", file.name, error)
        return {}
