"""A photo's scene as the host's own img2img run: inpainting over the whole picture, the product pasted back before the
host saves."""

from __future__ import annotations

import dataclasses
import re
from contextlib import closing
from pathlib import Path
from typing import Any

from modules import processing, scripts, shared

from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.hosts.photo_scene import SceneRequest
from lib_adcopy.hosts.webui import controlnet, txt2img

# Attributes of a run: its request, and the pictures of it that are finished.
_REQUEST, _FINISHED = "adcopy_scene", "adcopy_finished"
# Settings of the user that would add pictures to the result, recolour the scene to the canvas or lose the overlay.
_SETTINGS = {
    "return_mask": False,
    "return_mask_composite": False,
    "img2img_color_correction": False,
    "save_init_img": False,
    "overlay_inpaint": True,
}
# Files that hosts write beside a picture and in which no product is to be pasted.
_NO_PICTURE = re.compile(r"-mask(-composite)?$")


def run(request: SceneRequest) -> DrawResult:
    """Draw the scene; the caller holds the queue. Raises AdCopyError for what the user can mend."""
    txt2img.require_checkpoint()
    try:
        with closing(_processing(request)) as p:
            processed = processing.process_images(p)
            result = txt2img.result(processed)
            for picture in result.pictures:
                _finish(p, picture.image)
    except Exception as error:
        raise txt2img.named(error, "img2img") from error
    finally:
        shared.total_tqdm.clear()
    return result


def finish_saved(params: Any) -> None:
    """Paste the product into a picture of ours that the host is about to save; others are left alone."""
    if hasattr(params.p, _REQUEST) and not _NO_PICTURE.search(Path(str(params.filename)).stem):
        params.pnginfo.update(_finish(params.p, params.image))


def _finish(p: Any, image: Any) -> dict[str, str]:
    finished: list[Any] = getattr(p, _FINISHED)
    if any(image is known for known in finished):
        return {}
    finished.append(image)
    return dict(getattr(p, _REQUEST).finish(image))


def _processing(request: SceneRequest) -> Any:
    settings, opts = request.settings, shared.opts
    wanted = {
        **txt2img.common_arguments(request),
        "outpath_samples": opts.outdir_samples or opts.outdir_img2img_samples,
        "outpath_grids": opts.outdir_grids or opts.outdir_img2img_grids,
        "override_settings": txt2img.overrides(settings, _SETTINGS),
        "init_images": [request.canvas],
        # White is drawn; a blur would reach into the product.
        "mask": request.draw_mask,
        "mask_blur": 0,
        "inpainting_fill": 1,
        "inpainting_mask_invert": 0,
        "inpaint_full_res": False,
        "resize_mode": 0,
        "denoising_strength": request.denoising,
    }
    kind = processing.StableDiffusionProcessingImg2Img
    known = {field.name for field in dataclasses.fields(kind) if field.init}
    p = kind(**{name: txt2img.as_sent(value) for name, value in wanted.items() if name in known})
    setattr(p, _REQUEST, request)
    setattr(p, _FINISHED, [])
    runner = scripts.scripts_img2img
    arguments = controlnet.with_units(txt2img.script_args(runner), runner, request.controls)
    return txt2img.prepared(p, request, runner, arguments)


