"""Components of ours on the host's own pages, outside the tab."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_adcopy.hosts.base import SettingRow
from lib_adcopy.i18n import translate


def send_here(language: str) -> gr.Button:
    """Create the button that brings a picture shown on another page to the tab; the page's script listens to it."""
    return gr.Button(translate("ui.send_here", language), elem_id="adcopy_send_here")


def setting_box(row: SettingRow) -> tuple[Any, ...]:
    """Return the component of a setting and its arguments; none for a line of text or a switch, the webui's own."""
    if row.choices:
        return gr.Radio, {"choices": list(row.choices)}
    if row.most:
        return gr.Slider, {"minimum": 0, "maximum": row.most, "step": 1}
    if row.secret:
        return gr.Textbox, {"type": "password"}
    return ()
