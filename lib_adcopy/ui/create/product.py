"""Step 1: the product in words and as a photo, for whom and where, and the buttons that begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.facts import FACT_KINDS
from lib_adcopy.domain.fields import fields_of
from lib_adcopy.ui import render
from lib_adcopy.ui.attributes import PRODUCTS, every_kind, kinds, values
from lib_adcopy.ui.choices import named
from lib_adcopy.ui.compat import keep_out_of_defaults, narrow, small, uploaded_file
from lib_adcopy.ui.examples import EXAMPLES

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab

PHOTO_TYPES = [".jpg", ".jpeg", ".png", ".webp", ".heic"]
# As many as can be compared at a glance.
CANDIDATES = 3
# What is made: copy and picture, or copy alone. A photo, where one is given, is what the picture shows.
MODES = ("picture", "copy")


def build(tab: Tab) -> None:
    """Add the step's widgets; inside the Blocks' context."""
    tab.heading("product")
    with gr.Row(elem_id="adcopy_given"):
        tab.add(gr.Textbox, "brief", lines=4, max_lines=12, hint=True, scale=4, min_width=200)
        tab.add(uploaded_file, "photo", file_types=PHOTO_TYPES, file_count="single", scale=1, min_width=120, height=146)
    tab.keep("photo_view", gr.HTML(elem_id="adcopy_photo_view"))
    tab.keep("facts", gr.HTML(elem_id="adcopy_facts"))
    _fact_editor(tab)
    with gr.Row():
        for name, scale in (("platform", 3), ("tone", 2), ("length", 2)):
            tab.field(name, scale=scale, **narrow())
    with gr.Row(elem_id="adcopy_begin"):
        tab.button("create", variant="primary", min_width=130, scale=3)
        tab.button("write", min_width=90, scale=2)
        tab.button("interrupt", min_width=70, scale=1, variant="stop")
    tab.keep("samples", gr.HTML(render.samples(EXAMPLES[tab.language], tab.language), elem_id="adcopy_samples"))
    with tab.fold("about"):
        with gr.Row():
            tab.choose(gr.Dropdown, "mode", named("modes", MODES), MODES[0], min_width=140)
            tab.field("count", value=CANDIDATES, min_width=140)
        for name, row in fields_of(Brief).items():
            if row.kind != "choice":
                keep_out_of_defaults(tab.field(name))
        _pickers(tab)
    with tab.fold("restoring"):
        tab.add(uploaded_file, "restore", file_types=[".png", ".jpg", ".jpeg", ".webp"], file_count="single")
    keep_out_of_defaults(tab["brief"])


def _fact_editor(tab: Tab) -> None:
    """Add the row for a new fact, or to put one right that was misread; shown when a chip's button asks for it."""
    with tab.keep("fact_editor", gr.Row(elem_id="adcopy_fact_editor", visible=False)):
        tab.choose(gr.Dropdown, "fact_kind", named("facts", FACT_KINDS), "price", scale=2, **narrow())
        tab.add(gr.Textbox, "fact_text", lines=1, max_lines=1, hint=True, scale=3, min_width=120)
        tab.button("fact_set", **small())
    keep_out_of_defaults(tab["fact_kind"], tab["fact_text"])


def _pickers(tab: Tab) -> None:
    product = PRODUCTS[0]
    kind = kinds(product)[0]
    offered: dict[str, Any] = {"choices": list(values(product, kind, tab.language)), "value": None, **narrow()}
    with gr.Row(elem_id="adcopy_pickers"):
        tab.choose(gr.Dropdown, "product", named("products", PRODUCTS), product, **narrow())
        tab.choose(gr.Dropdown, "kind", named("kinds", every_kind()), kind, **narrow())
        tab.add(gr.Dropdown, "value", **offered)
    keep_out_of_defaults(tab["product"], tab["kind"], tab["value"])
