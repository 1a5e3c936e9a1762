"""The webui's output panel, and "send to" with all parameters."""

from __future__ import annotations

import json
from typing import Any

from modules import shared, ui_common

try:
    from modules import infotext_utils as paste
except ImportError:  # webui before 1.8
    from modules import generation_parameters_copypaste as paste

# One entry for each picture; the panel's Save finds a picture by its index in the gallery.
_PER_PICTURE = ("infotexts", "all_prompts", "all_negative_prompts", "all_seeds", "all_subseeds")
# The boxes of img2img's "Inpaint upload", by the ids they have in every webui; filled while its page is built.
_INPAINT_BOXES = ("img_inpaint_base", "img_inpaint_mask")
_boxes: dict[str, Any] = {}
SEND_TARGETS = ("txt2img", "img2img", "inpaint", "extras")


def note_box(component: Any, **arguments: Any) -> None:
    """Remember the boxes to inpaint with a mask; for on_after_component, which is called for every component."""
    if arguments.get("elem_id") in _INPAINT_BOXES:
        _boxes[arguments["elem_id"]] = component


def masked_inpaint_boxes() -> tuple[Any, Any] | None:
    """Return the boxes for a picture and its mask, None where this webui has none of these ids."""
    picture, mask = (_boxes.get(name) for name in _INPAINT_BOXES)
    return (picture, mask) if picture is not None and mask is not None else None


def output_panel(tab: str) -> dict[str, Any]:
    """Create the panel and return its components by name; the webui returns an object, before 1.7 a tuple."""
    made = ui_common.create_output_panel(tab, shared.opts.outdir_samples or shared.opts.outdir_txt2img_samples)
    if isinstance(made, tuple):
        gallery, generation_info, infotext, log = made
    else:
        gallery, generation_info, infotext, log = made.gallery, made.generation_info, made.infotext, made.html_log
    return {"gallery": gallery, "generation_info": generation_info, "infotext": infotext, "log": log}


def bind_send(target: str, button: Any, gallery: Any, parameters: Any) -> None:
    """Make `button` send the picture chosen in `gallery`, and the infotext in `parameters`, to another tab."""
    if target == "img2img_text":
        # What fills the boxes for picture and mask besides is ours.
        _bind("img2img", button, text=parameters)
        return
    if target == "inpaint":
        # The text goes to img2img, which has the same boxes: for inpaint it would call a script that no webui has. The
        # last binding decides which tab is shown.
        _bind("img2img", button, text=parameters)
        _bind("inpaint", button, picture=gallery)
        return
    _bind(
        target,
        button,
        text=None if target == "extras" else parameters,
        picture=None if target == "txt2img" else gallery,
    )


def _bind(target: str, button: Any, *, text: Any = None, picture: Any = None) -> None:
    binding = paste.ParamBinding(
        paste_button=button, tabname=target, source_text_component=text, source_image_component=picture
    )
    paste.register_paste_params_button(binding)


def with_extra(generation_info: str, extra: int) -> str:
    """Return the panel's JSON for `extra` more pictures at the end of its gallery, with the first picture's entries."""
    if not generation_info:
        return generation_info
    info = json.loads(generation_info)
    for name in _PER_PICTURE:
        if info.get(name):
            info[name] = [*info[name], *([info[name][0]] * extra)]
    return json.dumps(info)
