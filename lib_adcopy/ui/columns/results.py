"""The row below: how it goes, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.i18n import translate
from lib_adcopy.ui import render
from lib_adcopy.ui.compat import small

if TYPE_CHECKING:
    from lib_adcopy.ui.tab import Tab


def build(tab: Tab) -> None:
    host = tab.studio.host
    tab.keep("status", gr.HTML(ready(tab.language), elem_id="adcopy_status"))
    tab.keep("parameters", gr.Textbox(visible=False, show_label=False))
    panel = host.output_panel("adcopy")
    if panel is None:
        with gr.Column(elem_id="adcopy_results"):
            shown: dict[str, Any] = {"columns": 4, "object_fit": "contain", "height": 560, "preview": True}
            gallery = gr.Gallery(elem_id="adcopy_gallery", show_label=False, **shown)
        panel = {"gallery": gallery, "infotext": gr.HTML(elem_id="adcopy_infotext")}
        panel["generation_info"] = gr.Textbox(visible=False, show_label=False)
    for name, part in panel.items():
        tab.keep(name, part)
    targets = host.send_targets()
    if targets:
        with gr.Row(elem_id="adcopy_send"):
            for target in targets:
                host.bind_send(target, tab.button(f"send_{target}", **small()), panel["gallery"], tab["parameters"])


def ready(language: str) -> str:
    """The status line of a page nobody has pressed anything on yet."""
    return render.status(translate("ui.status.ready", language))
