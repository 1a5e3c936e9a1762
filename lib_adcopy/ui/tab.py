"""The tab: the sub-tabs "Create", with the work on the left and its result on the right, and "Models & training"."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_adcopy.app.studio import Studio
from lib_adcopy.i18n import LANGUAGES
from lib_adcopy.ui import head, models, server, tuning
from lib_adcopy.ui.components import Tab
from lib_adcopy.ui.create import copy, picture, product, result
from lib_adcopy.ui.events import connect


def build_tab(studio: Studio, **page: Any) -> gr.Blocks:
    """Build the tab's Blocks, for a webui's on_ui_tabs; `page` are Blocks' options for a page of its own."""
    tab = Tab(studio, studio.language() or LANGUAGES[0])
    with gr.Blocks(analytics_enabled=False, title="Ad Copy", **page) as demo:
        with gr.Column(elem_id="adcopy_root", elem_classes=["adcopy-follows-browser"] if not studio.language() else []):
            head.build(tab)
            with gr.Tabs(elem_id="adcopy_tabs"):
                with tab.sub_tab("create"):
                    _create(tab)
                with tab.sub_tab("models"):
                    tuning.build(tab)
                    models.build(tab)
                    server.build(tab)
        connect(tab)
        head.connect(tab)
        tuning.connect(tab)
        models.connect(tab)
    return demo


def _create(tab: Tab) -> None:
    """Lay the steps out on the left and the result on the right; on a phone the result follows the first step."""
    with gr.Row(elem_id="adcopy_workbench"):
        with gr.Column(scale=45, min_width=360, elem_id="adcopy_work"):
            for number, step in enumerate((product, copy, picture), 1):
                with gr.Column(elem_id=f"adcopy_part{number}", min_width=280):
                    step.build(tab)
        with gr.Column(scale=55, min_width=360, elem_id="adcopy_result"):
            result.build(tab)
