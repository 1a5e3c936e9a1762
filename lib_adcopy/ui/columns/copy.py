"""The second column: candidates, the copy to edit with its review, and revising it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from lib_adcopy.ui import render
from lib_adcopy.ui.compat import keep_out_of_defaults, small

if TYPE_CHECKING:
    from lib_adcopy.ui.tab import Tab


def build(tab: Tab) -> None:
    tab.add(gr.Radio, "candidates", choices=[], value=None, visible=False)
    tab.add(gr.Textbox, "copy", lines=9, max_lines=24, hint=True)
    tab.keep("review", gr.HTML(elem_id="adcopy_review"))
    tab.button("fallback", visible=False)
    with gr.Row():
        tab.add(gr.Textbox, "wish", lines=1, max_lines=1, hint=True, scale=4, min_width=180)
        tab.button("revise", **small())
    with gr.Row():
        for name in ("lawful", "undo", "clear"):
            tab.button(name, min_width=60, size="sm")
    with tab.fold("history"):
        shown = render.rounds((), tab.language)
        tab.add(gr.Dataframe, "rounds", value=shown, type="array", col_count=(2, "fixed"), interactive=True, wrap=True)
        tab.button("forget", size="sm")
    keep_out_of_defaults(tab["candidates"], tab["copy"], tab["wish"], tab["rounds"])
