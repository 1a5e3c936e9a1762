"""The third column: the prompt pair with its networks, drawing, and the settings of a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.domain.drawing import HiresFix
from lib_adcopy.prompting.networks import WEIGHTS
from lib_adcopy.prompting.sizes import DEFAULT_FORMAT, formats
from lib_adcopy.prompting.styles.style import DEFAULT_STYLE
from lib_adcopy.ui.choices import Choices, listed, named
from lib_adcopy.ui.compat import keep_out_of_defaults, small
from lib_adcopy.ui.networks import offered
from lib_adcopy.ui.values import RANGES

if TYPE_CHECKING:
    from lib_adcopy.ui.tab import Tab


def build(tab: Tab) -> None:
    def styles(language: str) -> list[tuple[str, str]]:
        return [(style.title(language), name) for name, style in tab.studio.styling.styles().items()]

    with gr.Row():
        tab.choose(gr.Dropdown, "style", Choices(styles), DEFAULT_STYLE, min_width=120)
        tab.choose(gr.Dropdown, "format", named("formats", tuple(formats())), DEFAULT_FORMAT, min_width=120)
    tab.add(gr.Textbox, "prompt", lines=3, max_lines=10, hint=True)
    tab.add(gr.Textbox, "negative_prompt", lines=2, max_lines=8)
    tab.keep("tokens", gr.HTML(elem_id="adcopy_tokens"))
    tab.keep("networks_used", gr.HTML(elem_id="adcopy_networks_used"))
    tab.keep("notes", gr.HTML(elem_id="adcopy_notes"))
    with gr.Row():
        tab.button("derive", min_width=90)
        tab.button("generate", variant="primary", min_width=90)
    with gr.Row():
        for name in ("interrupt", "skip", "compose"):
            tab.button(name, min_width=60, size="sm")
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
    keep_out_of_defaults(tab["prompt"], tab["negative_prompt"], tab["network"], tab["style_name"])


def _settings(tab: Tab) -> None:
    host, styling = tab.studio.host, tab.studio.styling
    given, size = host.default_settings(), styling.plan(styling.style(DEFAULT_STYLE), DEFAULT_FORMAT)
    narrow: dict[str, Any] = {"min_width": 130}

    def slider(name: str, value: float, step: float = 1) -> None:
        least, most = RANGES[name]
        tab.add(gr.Slider, name, minimum=least, maximum=most, step=step, value=value, **narrow)

    with gr.Row():
        tab.choose(gr.Dropdown, "checkpoint", listed(host.checkpoints, "as_in_host"), "", **narrow)
        tab.choose(gr.Dropdown, "sampler", listed(host.samplers, "automatic"), given.sampler, **narrow)
        tab.choose(gr.Dropdown, "scheduler", listed(host.schedulers, "automatic"), given.scheduler, **narrow)
    with gr.Row():
        slider("steps", given.steps)
        slider("cfg_scale", given.cfg_scale, 0.5)
    with gr.Row():
        slider("width", size.width, 8)
        slider("height", size.height, 8)
    with gr.Row():
        slider("batch_count", given.batch_count)
        slider("batch_size", given.batch_size)
    with gr.Row():
        slider("clip_skip", given.clip_skip)
        tab.add(gr.Number, "seed", value=given.seed, precision=0, **narrow)
    with gr.Row():
        slider("hires_scale", size.scale, 0.01)
        tab.choose(gr.Dropdown, "hires_upscaler", listed(host.upscalers, "automatic"), "", **narrow)
    with gr.Row():
        slider("hires_steps", 0)
        slider("denoising", HiresFix.denoising_strength, 0.01)
    keep_out_of_defaults(tab["checkpoint"])
