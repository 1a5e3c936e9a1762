"""The result, beside the work and always in view: how it goes, the creative, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.app.composing import EDITABLE
from lib_adcopy.domain.layout import AUTO_LAYOUT
from lib_adcopy.i18n import translate
from lib_adcopy.prompting.sizes import formats
from lib_adcopy.ui import render
from lib_adcopy.ui.choices import Choices, named
from lib_adcopy.ui.compat import keep_out_of_defaults, small
from lib_adcopy.ui.create import creative_tools, photo
from lib_adcopy.ui.create.product import CANDIDATES

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab


def build(tab: Tab) -> None:
    """Add the column's widgets; inside the Blocks' context."""
    host = tab.studio.host
    tab.keep("status", gr.HTML(ready(tab.language), elem_id="adcopy_status"))
    tab.keep("welcome", gr.HTML(welcome(tab), elem_id="adcopy_welcome"))
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
    tab.keep("copying", gr.HTML(elem_id="adcopy_copying"))
    with gr.Row():
        tab.field("format", named("formats", tuple(formats())), min_width=130)
        tab.field("layout", Choices(_layouts), min_width=120)
        tab.field("ai_label", min_width=90)
    with gr.Row():
        tab.button("compose", min_width=120)
        tab.button("export", min_width=120)
    tab.keep("checks", gr.HTML(elem_id="adcopy_checks"))
    thumbnails: dict[str, Any] = {"columns": 4, "object_fit": "contain", "height": 330, "allow_preview": False}
    with tab.fold("other_layouts"):
        tab.keep("layouts", gr.Gallery(elem_id="adcopy_layouts", show_label=False, **thumbnails))
    # The layouts behind the thumbnails; a state of its own, for they are drawn while the page is worked on.
    tab.keep("layout_names", gr.State([]))
    with tab.fold("slots"):
        for name in EDITABLE:
            keep_out_of_defaults(tab.add(gr.Textbox, f"slot_{name}", lines=1, max_lines=1))
    creative_tools.build(tab)
    tab.add(gr.File, "exported", interactive=False, visible=False)
    targets = host.send_targets()
    if targets:
        with gr.Row(elem_id="adcopy_send"):
            for target in targets:
                host.bind_send(target, tab.button(f"send_{target}", **small()), panel["gallery"], tab["parameters"])
            photo.build_send(tab)


def _layouts(language: str) -> list[tuple[str, str]]:
    from lib_adcopy.creative.layout import layouts

    named = [(layout.title.get(language, name), name) for name, layout in layouts().items()]
    return [(translate("ui.layout_auto", language), AUTO_LAYOUT), *named]


def welcome(tab: Tab, language: str = "") -> str:
    """Return what a page without a result shows: what will happen, and what is missing with what mends it."""
    studio = tab.studio
    modelled = any(choice.problem is None for choice in studio.writers()[1:])
    hints = [
        *([("no_checkpoint", ("photo", "compose"))] if not studio.host.can_draw else []),
        *([("no_model", ("models",))] if not modelled else []),
    ]
    return render.welcome(hints, CANDIDATES, language or tab.language)


def ready(language: str) -> str:
    """Return the status line of a page nobody has pressed anything on yet."""
    return render.status(translate("ui.status.ready", language))
