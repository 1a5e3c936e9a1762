"""The stand-ins' img2img: what inpainting was seen to do on the real webuis, its traps included."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
from PIL import Image, ImageFilter

# Settings, and the defaults of a fresh installation.
OPTIONS = {
    "outdir_img2img_samples": "outputs/img2img-images", "outdir_img2img_grids": "outputs/img2img-grids",
    "return_mask": False, "return_mask_composite": False, "img2img_color_correction": False,
    "save_init_img": False, "overlay_inpaint": True,
}  # fmt: skip
# The first webui has no such setting.
NOT_IN_AKEGARASU = ("overlay_inpaint",)


def processing_class(flavour, txt2img):
    """StableDiffusionProcessingImg2Img of a flavour, with the fields its __init__ takes."""
    base = txt2img.__mro__[1]
    taken = [
        (field.name, field.type, field) for field in dataclasses.fields(txt2img) if not field.name.startswith("hr_")
    ]
    own = [
        ("init_images", list, None), ("mask", object, None), ("mask_blur", int, 4), ("inpainting_fill", int, 0),
        ("inpainting_mask_invert", int, 0), ("inpaint_full_res", bool, True), ("resize_mode", int, 0),
        ("denoising_strength", float, 0.75),
    ]  # fmt: skip
    names = {name for name, _, _ in own} | {"enable_hr"}
    shared = [(name, kind, field.default) for name, kind, field in taken if name not in names]
    fields = [(name, kind, dataclasses.field(default=default)) for name, kind, default in shared + own]
    return dataclasses.make_dataclass("StableDiffusionProcessingImg2Img", fields, bases=(base,))


def drawn(webui, p, processed):
    """The pictures of one run: the scene of random colours where the mask is white, the canvas elsewhere."""
    opts = webui.opts
    canvas = p.init_images[0].convert("RGB").resize((p.width, p.height))
    mask = p.mask.convert("L").resize(canvas.size)
    if p.inpainting_mask_invert:
        mask = mask.point(lambda value: 255 - value)
    # Floats are taken for no number by the property of all but the newest.
    blur = p.mask_blur if isinstance(p.mask_blur, int) else 4
    if blur:
        mask = mask.filter(ImageFilter.GaussianBlur(blur)).point(lambda value: min(2 * value, 255))
    seed = p.seed if p.seed >= 0 else 4242
    images, infotexts, seeds = [], [], []
    webui.state.job_count = p.n_iter
    for number in range(p.n_iter * p.batch_size):
        if webui.state.interrupted:
            break
        own = seed + number
        webui.state.sampling_steps = int(min(p.denoising_strength, 0.999) * p.steps) + 1
        webui._sample(webui.state.sampling_steps)
        facts = repr((p.prompt, own, p.steps, p.denoising_strength, p.cfg_scale)).encode()
        noise = np.random.default_rng(int.from_bytes(hashlib.sha256(facts).digest()[:4], "big"))
        scene = Image.fromarray(noise.integers(0, 255, (p.height, p.width, 3), np.uint8))
        if opts.img2img_color_correction:
            scene = Image.blend(scene, canvas, 0.5)
        kept = opts.data_labels.get("overlay_inpaint") is None or opts.overlay_inpaint
        image = Image.composite(scene, canvas, mask) if kept else scene
        if p.inpaint_full_res:
            image = image.rotate(180)
        extra = ", ".join(f"{key}: {value}" for key, value in (p.extra_generation_params or {}).items())
        text = f"{p.prompt}\nNegative prompt: {p.negative_prompt}\nSteps: {p.steps}, Seed: {own}, {extra}"
        images.append(image)
        infotexts.append(text)
        seeds.append(own)
        webui._save(p, image, own, text)
        for wanted in ("return_mask", "return_mask_composite"):
            if getattr(opts, wanted):
                images.append(mask.convert("RGB"))
    return processed(images, infotexts, seeds)
