"""What stands on the host's own pages, outside the tab."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from lib_adcopy.i18n import translate


def send_here(language: str) -> gr.Button:
    """Brings a picture shown on another page to the tab; the page's script listens to it."""
    return gr.Button(translate("ui.send_here", language), elem_id="adcopy_send_here")


def one_of(values: Sequence[Any]) -> tuple[type, dict[str, Any]]:
    """A setting's box on the host's Settings page: the component and its arguments."""
    return gr.Radio, {"choices": list(values)}


def up_to(most: int) -> tuple[type, dict[str, Any]]:
    """As `one_of`, for a whole number from 0."""
    return gr.Slider, {"minimum": 0, "maximum": most, "step": 1}
