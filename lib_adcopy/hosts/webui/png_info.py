"""A button in the host's PNG Info tab that brings a picture's brief, copy, prompt and settings back to ours.

The page's script carries the file over as it was dropped: the host itself hands on a decoded picture, and each gradio
keeps other chunks of it.
"""

from __future__ import annotations

from typing import Any

from lib_adcopy.hosts.webui.settings import page_language
from lib_adcopy.ui.elsewhere import send_here

# The box under the picture, by the id it has in every host.
_AFTER = "pnginfo_generation_info"


def add_button(component: Any, **given: Any) -> None:
    """For on_after_component, which tells of every component of the page while its column is open."""
    if given.get("elem_id") == _AFTER:
        send_here(page_language())
