"""Draws a request as the webui's own txt2img does: same pipeline, other extensions' scripts, same files."""

from __future__ import annotations

import copy
import dataclasses
import logging
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from modules import processing, scripts, sd_models, shared

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import DrawRequest
from lib_adcopy.hosts.webui import sampling

_log = logging.getLogger("adcopy.webui")
# The attribute of a run that pictures.py writes into the PNG.
CHUNKS = "adcopy_chunks"
_CLIP_SKIP = "CLIP_stop_at_last_layers"
_CHECKPOINT = "sd_model_checkpoint"


def run(request: DrawRequest) -> DrawResult:
    """Draw; the caller holds the queue. Raises AdCopyError for what the user can mend."""
    require_checkpoint()
    try:
        with closing(_processing(request)) as p:
            processed = processing.process_images(p)
    except Exception as error:
        raise named(error, "txt2img") from error
    finally:
        shared.total_tqdm.clear()
    return result(processed)


def require_checkpoint() -> None:
    """Raise AdCopyError where the host has no checkpoint to draw with."""
    if not sd_models.checkpoints_list:
        sd_models.list_models()
    if not sd_models.checkpoints_list:
        raise AdCopyError("hosts.no_checkpoint")


def _processing(request: DrawRequest) -> Any:
    settings = request.settings
    wanted = {
        **common_arguments(request),
        "outpath_samples": shared.opts.outdir_samples or shared.opts.outdir_txt2img_samples,
        "outpath_grids": shared.opts.outdir_grids or shared.opts.outdir_txt2img_grids,
        "override_settings": overrides(settings),
        **_hires(settings),
    }
    kind = processing.StableDiffusionProcessingTxt2Img
    known = {field.name for field in dataclasses.fields(kind) if field.init}
    p = kind(**{name: as_sent(value) for name, value in wanted.items() if name in known})
    return prepared(p, request, scripts.scripts_txt2img, script_args(scripts.scripts_txt2img))


def common_arguments(request: DrawRequest) -> dict[str, Any]:
    """Return the arguments that txt2img and img2img share."""
    settings = request.settings
    sampler, scheduler = sampling.named(settings.sampler, settings.scheduler)
    return {
        "prompt": request.positive,
        "negative_prompt": request.negative,
        "seed": settings.seed,
        "sampler_name": sampler,
        "scheduler": scheduler,
        "steps": settings.steps,
        "cfg_scale": settings.cfg_scale,
        "width": settings.width,
        "height": settings.height,
        "batch_size": settings.batch_size,
        "n_iter": settings.batch_count,
        # Each picture becomes a creative of its own: nobody posts a contact sheet.
        "do_not_save_grid": True,
        "extra_generation_params": dict(request.infotext),
    }


def prepared(p: Any, request: DrawRequest, runner: Any, arguments: tuple[Any, ...]) -> Any:
    """Return the run with the scripts of other extensions, its user and our chunks."""
    # Before the scripts: assigning those sets them up, and as a page's run the built-in Sampler and Seed scripts would
    # put their own boxes' values over ours.
    p.is_api = True
    p.scripts = runner
    p.script_args = arguments
    p.user = request.user or None
    setattr(p, CHUNKS, dict(request.chunks))
    return p


def as_sent(value: Any) -> Any:
    """Convert 7.0 to 7, as a page sends it and txt2img's infotext has it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def script_args(runner: Any) -> tuple[Any, ...]:
    """Return every script's own defaults, as its boxes are in txt2img; no selectable script is chosen.

    The user's ui-config.json is in these values already, so ADetailer and its like run here as they do there.
    """
    values = [_untouched(control) for control in runner.inputs]
    values[0] = 0
    return tuple(values)


def _untouched(control: Any) -> Any:
    """Return what a freshly loaded txt2img page submits for a script's box."""
    value = getattr(control, "value", None)
    # ADetailer keeps its boxes in a state that each page fills at its load; what it was filled with when the tab was
    # built is older than the user's ui-config.json.
    loads = getattr(control, "load_event_to_attach", None)
    try:
        if loads and not any(loads[2:]):
            value = loads[0]()
        if getattr(control, "stateful", False):
            # Each page has a copy of its own, which a script may write into.
            return copy.deepcopy(value)
        if value is None or getattr(control, "data_model", None) or not hasattr(control, "preprocess"):
            return value
        # A list that hands over the place of a choice holds its word.
        return control.preprocess(as_sent(value))
    except Exception:
        _log.debug("a script's box is handed over as it is", exc_info=True)
        return value


def _hires(settings: DrawSettings) -> dict[str, Any]:
    if settings.hires is None:
        # As the txt2img tab of 1.6 has it, which names its default in the infotext of a picture without a second pass.
        return {"denoising_strength": None}
    hires = settings.hires
    return {
        "enable_hr": True,
        "hr_scale": hires.scale,
        "hr_upscaler": hires.upscaler,
        "hr_second_pass_steps": hires.steps,
        "denoising_strength": hires.denoising_strength,
        # Of itself 1.0 in Forge and reForge: no guidance, no negative prompt. The others take the first pass's.
        "hr_cfg": settings.cfg_scale,
        # Forge stumbles over its own default, None.
        "hr_additional_modules": ["Use same choices"],
    }


def overrides(settings: DrawSettings, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return settings for this run alone, `more` as far as the webui knows them.

    A key the user's config.json lacks would not be restored afterwards (and is an error on 1.6), so it is given its own
    default first.
    """
    labels = shared.opts.data_labels
    wanted: dict[str, Any] = {key: value for key, value in (more or {}).items() if key in labels}
    if settings.clip_skip:
        wanted[_CLIP_SKIP] = settings.clip_skip
    if settings.checkpoint:
        wanted[_CHECKPOINT] = settings.checkpoint
    for key in wanted:
        if key not in shared.opts.data:
            shared.opts.data[key] = shared.opts.data_labels[key].default
    return wanted


def result(processed: Any) -> DrawResult:
    first = int(getattr(processed, "index_of_first_image", 0) or 0)
    images = processed.images[first:]
    pictures = []
    for index, image in enumerate(images):
        infotext = processed.infotexts[first + index] if first + index < len(processed.infotexts) else processed.info
        seed = processed.all_seeds[index] if index < len(processed.all_seeds) else processed.seed
        saved = getattr(image, "already_saved_as", None)
        pictures.append(Picture(image, infotext, int(seed), Path(saved) if saved else None))
    return DrawResult(
        pictures=tuple(pictures),
        grid=processed.images[0] if first else None,
        generation_info=processed.js(),
        comments=tuple(line for line in (processed.comments or "").splitlines() if line.strip()),
        interrupted=bool(shared.state.interrupted),
    )


def named(error: Exception, run_of: str) -> AdCopyError:
    """Return the error as a sentence for the user; `run_of` is "txt2img" or "img2img", for the log."""
    if isinstance(error, AdCopyError):
        return error
    _log.error("%s failed", run_of, exc_info=error)
    text = str(error).lower()
    if type(error).__name__ == "OutOfMemoryError" or "out of memory" in text:
        return AdCopyError("hosts.out_of_memory")
    if type(error).__name__ == "NansException":
        return AdCopyError("hosts.nan_picture")
    first_line = (str(error).splitlines() or [type(error).__name__])[0]
    return AdCopyError("hosts.draw_failed", reason=first_line[:200])
