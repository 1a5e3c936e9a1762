"""Who writes, in which language; and what the page's own script needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from lib_adcopy.ui import render
from lib_adcopy.ui.choices import Choices, listed
from lib_adcopy.ui.compat import keep_out_of_defaults, small

if TYPE_CHECKING:
    from lib_adcopy.ui.tab import Tab

_LANGUAGES = Choices(lambda language: [("中文", "zh"), ("English", "en")])
# Boxes the page's script writes into: the browser's language, and what was pressed on chips that are plain HTML.
PRESSED = ("fix", "drop", "weigh")


def build(tab: Tab) -> None:
    studio = tab.studio

    def writers(language: str) -> list[tuple[str, str]]:
        return [(choice.title.text(language), choice.id) for choice in studio.writers()]

    with gr.Row(elem_id="adcopy_head"):
        tab.choose(gr.Dropdown, "writer", Choices(writers), studio.default_writer(), scale=4, min_width=200)
        tab.choose(gr.Dropdown, "prefix", listed(studio.prefixes, "nothing"), "", scale=2, min_width=140)
        tab.button("refresh", **small())
        tab.button("unload", **small())
        tab.choose(gr.Dropdown, "language", _LANGUAGES, tab.language, scale=1, min_width=100)
    tab.keep("where", gr.HTML(elem_id="adcopy_where"))
    for name in ("browser_language", *PRESSED):
        hidden = gr.Textbox(elem_id=f"adcopy_{name}", elem_classes=["adcopy-hidden"], show_label=False)
        keep_out_of_defaults(tab.keep(name, hidden))
    tab.keep("tips", gr.HTML(render.tips(tab.language), elem_classes=["adcopy-hidden"]))
    keep_out_of_defaults(tab["writer"], tab["prefix"], tab["language"])
