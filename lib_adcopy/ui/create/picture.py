"""Step 3: the picture: its style, the prompt with its networks, drawing, and the settings of a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from lib_adcopy.domain.ad import DEFAULT_STYLE
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.fields import fields_of, values_of
from lib_adcopy.domain.layout import DEFAULT_FORMAT
from lib_adcopy.prompting.networks import WEIGHTS
from lib_adcopy.ui.choices import Choices, listed
from lib_adcopy.ui.compat import keep_out_of_defaults, small
from lib_adcopy.ui.create import photo
from lib_adcopy.ui.networks import offered
from lib_adcopy.ui.values import FIELDS, offered_by

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab


def build(tab: Tab) -> None:
    """Add the step's widgets; inside the Blocks' context."""

    def styles(language: str) -> list[tuple[str, str]]:
        return [(style.title(language), name) for name, style in tab.studio.styling.styles().items()]

    tab.heading("picture")
    photo.build(tab)
    tab.field("style", Choices(styles), min_width=120)
    tab.add(gr.Textbox, "prompt", lines=3, max_lines=10, hint=True)
    tab.keep("tokens", gr.HTML(elem_id="adcopy_tokens"))
    tab.keep("networks_used", gr.HTML(elem_id="adcopy_networks_used"))
    tab.keep("notes", gr.HTML(elem_id="adcopy_notes"))
    with gr.Row():
        tab.button("derive", min_width=90)
        tab.button("generate", min_width=90)
    with tab.fold("negative"):
        tab.add(gr.Textbox, "negative_prompt", lines=2, max_lines=8)
    with tab.fold("networks"), gr.Row():
        tab.choose(gr.Dropdown, "network", offered(tab.studio.host.networks), None, scale=2, min_width=150)
        low, high = WEIGHTS
        tab.add(gr.Slider, "network_weight", minimum=low, maximum=high, step=0.05, value=1, scale=2, min_width=130)
        tab.button("network_add", **small())
    with tab.fold("styles"):
        tab.add(gr.Textbox, "style_name", lines=1, max_lines=1, hint=True)
        with gr.Row():
            for name in ("style_save", "style_delete"):
                tab.button(name, min_width=60, size="sm")
    with tab.fold("settings"):
        _settings(tab)
        tab.button("skip", size="sm")
    keep_out_of_defaults(tab["prompt"], tab["negative_prompt"], tab["network"], tab["style_name"])


def _settings(tab: Tab) -> None:
    """Add every setting of a drawing; begins with the host's own defaults and the first format's size."""
    host, styling = tab.studio.host, tab.studio.styling
    size = styling.plan(styling.style(DEFAULT_STYLE), DEFAULT_FORMAT)
    first = {
        **values_of(host.default_settings()),
        "width": size.width,
        "height": size.height,
        "hires_scale": size.scale,
    }
    offered = {name: listed(names, _NOTHING[name]) for name, names in offered_by(host).items()}
    names = tuple(fields_of(DrawSettings))
    for at in range(0, len(names), 2):
        with gr.Row():
            for name in names[at : at + 2]:
                tab.field(name, offered.get(FIELDS[name].offered_by), first[name], min_width=130)
    keep_out_of_defaults(tab["checkpoint"])


# The word for a name that is left to the host.
_NOTHING = {
    "checkpoints": "as_in_host",
    "samplers": "automatic",
    "schedulers": "automatic",
    "upscalers": "automatic",
}
