"""What stands in the boxes, as the use cases take it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lib_adcopy.app.studio import WriteOptions
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.domain.drawing import DrawSettings, HiresFix
from lib_adcopy.hosts.base import Host
from lib_adcopy.ui.session import Values

_SEPARATORS = re.compile(r"[，,、；;\n]+")
BRIEF = ("brief", "platform", "tone", "length", "audience", "brand_words", "avoid_words")
WRITING = ("writer", "prefix", "count", "temperature", "top_p", "max_length", "copy_seed")
DRAWING = (
    "format", "sampler", "scheduler", "steps", "cfg_scale", "width", "height", "batch_count", "batch_size",
    "clip_skip", "checkpoint", "hires_scale", "hires_upscaler", "hires_steps", "denoising", "seed",
)  # fmt: skip

# What a drawing's numbers may be, the least and the most.
RANGES = {
    "steps": (1, 150), "cfg_scale": (1, 30), "width": (64, 2048), "height": (64, 2048), "batch_count": (1, 16),
    "batch_size": (1, 8), "clip_skip": (0, 12), "hires_scale": (1, 2), "hires_steps": (0, 150), "denoising": (0, 1),
    "seed": (-1, 2**32 - 1),
}  # fmt: skip


def brief_settings(values: Values) -> dict[str, Any]:
    return {
        **{name: values[name] for name in ("platform", "tone", "length")},
        "audience": (values["audience"] or "").strip(),
        **{name: _listed(values[name]) for name in ("brand_words", "avoid_words")},
    }


def write_options(values: Values) -> WriteOptions:
    return WriteOptions(
        writer=values["writer"],
        prefix=values["prefix"] or None,
        count=int(values["count"]),
        seed=_whole(values["copy_seed"]),
        sampling=Sampling(
            temperature=values["temperature"], top_p=values["top_p"], max_length=int(values["max_length"])
        ),
    )


def draw_settings(values: Values) -> DrawSettings:
    scale = float(values["hires_scale"])
    upscaler = values["hires_upscaler"] or HiresFix.upscaler
    hires = HiresFix(scale, upscaler, int(values["hires_steps"]), float(values["denoising"]))
    return DrawSettings(
        width=int(values["width"]) // 8 * 8,
        height=int(values["height"]) // 8 * 8,
        steps=int(values["steps"]),
        sampler=values["sampler"],
        scheduler=values["scheduler"],
        cfg_scale=float(values["cfg_scale"]),
        seed=_whole(values["seed"]),
        batch_size=int(values["batch_size"]),
        batch_count=int(values["batch_count"]),
        clip_skip=int(values["clip_skip"]),
        checkpoint=values["checkpoint"],
        hires=hires if scale > 1 else None,
    )


def drawing_values(stored: Mapping[str, Any], host: Host) -> dict[str, Any]:
    """draw_settings' inverse for settings out of a file, which may be anybody's: a number out of its range, or a name
    this host does not offer, is left out."""
    hires = stored.get("hires")
    hires = hires if isinstance(hires, dict) else {"scale": 1}
    flat = {**stored, "denoising": hires.get("denoising_strength"),
            **{f"hires_{name}": hires.get(name) for name in ("scale", "upscaler", "steps")}}  # fmt: skip
    offered = {"sampler": host.samplers, "scheduler": host.schedulers, "checkpoint": host.checkpoints,
               "hires_upscaler": host.upscalers}  # fmt: skip
    numbers = {name: flat.get(name) for name in RANGES}
    names = {name: flat.get(name) for name in offered}
    return {
        **{name: value for name, value in numbers.items() if _within(value, *RANGES[name])},
        **{name: value for name, value in names.items() if value == "" or value in offered[name]()},
    }


def _within(value: Any, least: float, most: float) -> bool:
    return type(value) in (int, float) and least <= value <= most


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in _SEPARATORS.split(text or "") if word.strip()))


def _whole(number: Any) -> int:
    """A number box that was emptied gives None: then the seed is drawn."""
    return -1 if number is None else int(number)
