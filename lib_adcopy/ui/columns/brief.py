"""The first column: the product, for whom and where, and the two buttons that begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.fields import fields_of
from lib_adcopy.ui import render
from lib_adcopy.ui.attributes import PRODUCTS, every_kind, kinds, values
from lib_adcopy.ui.choices import named
from lib_adcopy.ui.compat import keep_out_of_defaults, narrow
from lib_adcopy.ui.examples import EXAMPLES

if TYPE_CHECKING:
    from lib_adcopy.ui.tab import Tab

# As many as can be compared at a glance.
_CANDIDATES = 3


def build(tab: Tab) -> None:
    tab.add(gr.Textbox, "brief", lines=3, max_lines=12, hint=True)
    tab.keep("attributes", gr.HTML(elem_id="adcopy_attributes"))
    _pickers(tab)
    with gr.Row():
        for name, scale in (("platform", 3), ("tone", 2), ("length", 2)):
            tab.field(name, scale=scale, **narrow())
    with gr.Row():
        tab.choose(gr.Dropdown, "mode", named("modes", ("picture", "copy")), "picture", min_width=140)
        tab.field("count", value=_CANDIDATES, min_width=140)
    with gr.Row():
        tab.button("write", min_width=120)
        tab.button("create", variant="primary", min_width=120)
    with tab.fold("examples"):
        tab.keep("samples", gr.HTML(render.samples(EXAMPLES[tab.language]), elem_id="adcopy_samples"))
    with tab.fold("about"):
        for name, row in fields_of(Brief).items():
            if row.kind != "choice":
                keep_out_of_defaults(tab.field(name))
    with tab.fold("sampling"):
        _sampling(tab)
    with tab.fold("restoring"):
        tab.add(gr.File, "restore", file_types=[".png"], file_count="single")
    keep_out_of_defaults(tab["brief"])


def _pickers(tab: Tab) -> None:
    product = PRODUCTS[0]
    kind = kinds(product)[0]
    offered: dict[str, Any] = {"choices": list(values(product, kind, tab.language)), "value": None, **narrow()}
    with gr.Row(elem_id="adcopy_pickers"):
        tab.choose(gr.Dropdown, "product", named("products", PRODUCTS), product, **narrow())
        tab.choose(gr.Dropdown, "kind", named("kinds", every_kind()), kind, **narrow())
        tab.add(gr.Dropdown, "value", **offered)
    keep_out_of_defaults(tab["product"], tab["kind"], tab["value"])


def _sampling(tab: Tab) -> None:
    for pair in (("temperature", "top_p"), ("max_length", "copy_seed")):
        with gr.Row():
            for name in pair:
                tab.field(name, min_width=140)
