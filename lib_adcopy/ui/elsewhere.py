"""What stands on the host's own pages, outside the tab."""

from __future__ import annotations

import gradio as gr

from lib_adcopy.i18n import translate


def send_here(language: str) -> gr.Button:
    """Brings a picture shown on another page to the tab; the page's script listens to it."""
    return gr.Button(translate("ui.send_here", language), elem_id="adcopy_send_here")
