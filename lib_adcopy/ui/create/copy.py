"""Step 2: the candidates as cards, the copy to edit with its review, revising it, and who writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from lib_adcopy.ui import head, render
from lib_adcopy.ui.compat import keep_out_of_defaults, small

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab


def build(tab: Tab) -> None:
    """Add the step's widgets; inside the Blocks' context."""
    tab.heading("copy")
    tab.keep("candidates", gr.HTML(elem_id="adcopy_candidates"))
    tab.keep("compared", gr.HTML(elem_id="adcopy_compared"))
    tab.add(gr.Textbox, "copy", lines=8, max_lines=24, hint=True)
    tab.keep("review", gr.HTML(elem_id="adcopy_review"))
    tab.button("fallback", visible=False)
    with gr.Row():
        tab.add(gr.Textbox, "wish", lines=1, max_lines=1, hint=True, scale=4, min_width=180)
        tab.button("revise", **small())
    tab.keep("wishes", gr.HTML(render.wishes(tab.language), elem_id="adcopy_wishes"))
    with gr.Row():
        tab.button("undo", min_width=110, size="sm", scale=0)
        tab.button("lawful", min_width=60, size="sm", visible=False)
    with tab.fold("writing"):
        head.build_writer(tab)
        for pair in (("temperature", "top_p"), ("max_length", "copy_seed")):
            with gr.Row():
                for name in pair:
                    tab.field(name, min_width=140)
    with tab.fold("history"):
        shown = render.rounds((), tab.language)
        tab.add(gr.Dataframe, "rounds", value=shown, type="array", col_count=(2, "fixed"), interactive=True, wrap=True)
        tab.button("forget", size="sm")
    keep_out_of_defaults(tab["copy"], tab["wish"], tab["rounds"])
