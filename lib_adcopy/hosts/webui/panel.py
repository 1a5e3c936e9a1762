"""The host's own gallery with its buttons, and "send to" with all parameters."""

from __future__ import annotations

import json
from typing import Any

from modules import shared, ui_common

try:
    from modules import infotext_utils as paste
except ImportError:  # webui before 1.8
    from modules import generation_parameters_copypaste as paste

# One entry a picture; the panel's Save looks each picture up by its place in the gallery.
_PER_PICTURE = ("infotexts", "all_prompts", "all_negative_prompts", "all_seeds", "all_subseeds")
SEND_TARGETS = ("txt2img", "img2img", "inpaint", "extras")


def output_panel(tab: str) -> dict[str, Any]:
    """Gallery, generation_info and infotext of the host's panel: an object with names, a tuple before 1.7."""
    made = ui_common.create_output_panel(tab, shared.opts.outdir_samples or shared.opts.outdir_txt2img_samples)
    if isinstance(made, tuple):
        gallery, generation_info, infotext, log = made
    else:
        gallery, generation_info, infotext, log = made.gallery, made.generation_info, made.infotext, made.html_log
    return {"gallery": gallery, "generation_info": generation_info, "infotext": infotext, "log": log}


def bind_send(target: str, button: Any, gallery: Any, parameters: Any) -> None:
    """Makes `button` send the picture chosen in `gallery`, and the infotext in `parameters`, to another tab."""
    if target == "inpaint":
        # The text through img2img, which has the same boxes: a text for inpaint calls a script that no host has. The
        # later binding is the tab that stays in front.
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
    """The panel's JSON for `extra` more pictures at the end of its gallery, which go by the first picture's facts."""
    if not generation_info:
        return generation_info
    info = json.loads(generation_info)
    for name in _PER_PICTURE:
        if info.get(name):
            info[name] = [*info[name], *([info[name][0]] * extra)]
    return json.dumps(info)
