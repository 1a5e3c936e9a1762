"""The picture from the seller's own photo: scene, placement, and the cut-out's mask to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from lib_adcopy.domain.photo import AUTO
from lib_adcopy.i18n import translate
from lib_adcopy.photo.presets import presets
from lib_adcopy.ui.choices import Choices, named
from lib_adcopy.ui.compat import keep_out_of_defaults, sketch_box, small, uploaded_file
from lib_adcopy.ui.photo_handlers import FROM_PHOTO, FROM_WORDS

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab

_REFERENCES = [".jpg", ".jpeg", ".png", ".webp"]


def build(tab: Tab) -> None:
    """Add the widgets of the picture's step that are about a photo; inside the Blocks' context."""
    tab.choose(gr.Radio, "picture_from", named("picture_sources", (FROM_WORDS, FROM_PHOTO)), FROM_WORDS)
    for name in ("photo_kept", "reference_kept"):
        hidden = gr.Textbox(elem_id=f"adcopy_{name}", elem_classes=["adcopy-hidden"], show_label=False)
        keep_out_of_defaults(tab.keep(name, hidden))
    with tab.fold("photo_scenes"):
        with gr.Row():
            tab.field("scene_preset", Choices(_scenes), min_width=140)
            tab.field("photo_kind", min_width=110)
        tab.field("photo_scene")
        for row in (("photo_scale", "photo_rotation"), ("photo_x", "photo_y"), ("scene_strength", "photo_flip")):
            with gr.Row():
                for name in row:
                    tab.field(name, min_width=130)
        tab.add(uploaded_file, "reference", file_types=_REFERENCES, file_count="single", height=110)
    with tab.fold("photo_mask"):
        with gr.Row():
            for name in ("mask_more", "mask_less", "mask_feather", "mask_found"):
                tab.button(name, **small())
        tab.add(sketch_box, "mask_sketch")
        with gr.Row():
            for name in ("mask_add", "mask_remove"):
                tab.button(name, size="sm", min_width=120)
    keep_out_of_defaults(tab["photo_scene"], tab["picture_from"], tab["mask_sketch"])


def build_send(tab: Tab) -> None:
    """Add the button that sends picture and mask to the host's inpainting, where the host has boxes for both."""
    boxes = tab.studio.host.masked_inpaint_boxes()
    if boxes is None:
        return
    for name, box in zip(("inpaint_picture", "inpaint_mask"), boxes, strict=True):
        tab.keep(name, box)
    tab.button("send_masked", **small())
    tab.studio.host.bind_send("img2img_text", tab["send_masked"], None, tab["parameters"])


def _scenes(language: str) -> list[tuple[str, str]]:
    named = [(preset.title(language), name) for name, preset in presets().items()]
    return [(translate("ui.scene_auto", language), AUTO), *named]
