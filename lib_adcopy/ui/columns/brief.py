"""The first column: the product, for whom and where, and the two buttons that begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.copywriting.brief import LENGTHS, PLATFORMS, TONES
from lib_adcopy.ui import render
from lib_adcopy.ui.attributes import PRODUCTS, every_kind, kinds, values
from lib_adcopy.ui.choices import named
from lib_adcopy.ui.compat import keep_out_of_defaults, narrow
from lib_adcopy.ui.examples import EXAMPLES

if TYPE_CHECKING:
    from lib_adcopy.ui.tab import Tab


def build(tab: Tab) -> None:
    tab.add(gr.Textbox, "brief", lines=3, max_lines=12, hint=True)
    tab.keep("attributes", gr.HTML(elem_id="adcopy_attributes"))
    _pickers(tab)
    with gr.Row():
        tab.choose(gr.Dropdown, "platform", named("platforms", PLATFORMS), PLATFORMS[0], scale=3, **narrow())
        tab.choose(gr.Dropdown, "tone", named("tones", TONES), TONES[0], scale=2, **narrow())
        tab.choose(gr.Dropdown, "length", named("lengths", LENGTHS), "medium", scale=2, **narrow())
    with gr.Row():
        tab.choose(gr.Dropdown, "mode", named("modes", ("picture", "copy")), "picture", min_width=140)
        tab.add(gr.Slider, "count", minimum=1, maximum=6, step=1, value=3, min_width=140)
    with gr.Row():
        tab.button("write", min_width=120)
        tab.button("create", variant="primary", min_width=120)
    with tab.fold("examples"):
        tab.keep("samples", gr.HTML(render.samples(EXAMPLES[tab.language]), elem_id="adcopy_samples"))
    with tab.fold("about"):
        for name in ("audience", "brand_words", "avoid_words"):
            keep_out_of_defaults(tab.add(gr.Textbox, name, lines=1, max_lines=1, hint=True))
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
    with gr.Row():
        tab.add(gr.Slider, "temperature", minimum=0.1, maximum=1.0, step=0.05, value=0.95, min_width=140)
        tab.add(gr.Slider, "top_p", minimum=0.1, maximum=1.0, step=0.05, value=0.7, min_width=140)
    with gr.Row():
        tab.add(gr.Slider, "max_length", minimum=64, maximum=2048, step=64, value=2048, min_width=140)
        tab.add(gr.Number, "copy_seed", value=-1, precision=0, min_width=140)
