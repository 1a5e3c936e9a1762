"""A photo's scene by diffusers' inpainting, with the parts of the pipeline that is loaded."""

from __future__ import annotations

from typing import Any

from lib_adcopy.hosts.photo_scene import SceneRequest

# Input channels of a UNet that was trained to inpaint: latents, their mask, the masked picture's latents.
INPAINT_CHANNELS = 9


def is_inpainting(parts: Any) -> bool:
    """Return whether the loaded checkpoint was trained to inpaint."""
    return parts.unet.config.in_channels == INPAINT_CHANNELS


def draw_scene(parts: Any, request: SceneRequest, common: dict[str, Any], scheduler: Any) -> Any:
    """Draw where the request's mask is white; `common` are the pipeline's arguments that every picture has."""
    pipeline = _pipeline(parts, scheduler)
    return pipeline(
        image=request.canvas,
        mask_image=request.draw_mask,
        strength=request.denoising,
        width=request.canvas.width,
        height=request.canvas.height,
        **common,
    ).images[0]


def draw_from_nothing(parts: Any, size: tuple[int, int], common: dict[str, Any], scheduler: Any) -> Any:
    """Draw a whole picture with a checkpoint that was trained to inpaint, which the plain pipeline cannot use."""
    from PIL import Image

    pipeline = _pipeline(parts, scheduler)
    grey, everything = Image.new("RGB", size, (128, 128, 128)), Image.new("L", size, 255)
    return pipeline(
        image=grey, mask_image=everything, strength=1.0, width=size[0], height=size[1], **common
    ).images[0]


def _pipeline(parts: Any, scheduler: Any) -> Any:
    from diffusers import StableDiffusionInpaintPipeline

    pipeline = StableDiffusionInpaintPipeline(**parts.components, requires_safety_checker=False)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.scheduler = scheduler
    return pipeline
