"""A button in the webui's PNG Info tab that restores a picture's brief, copy, prompt and settings in our tab.

The page's script carries the dropped file itself over: the webui hands on a decoded picture, in which each gradio keeps
other chunks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lib_adcopy.hosts.webui.settings import page_language

# The box under the picture, by the id it has in every webui.
_AFTER = "pnginfo_generation_info"


def button_adder(create_button: Callable[[str], object]) -> Callable[..., None]:
    """Return a callback for on_after_component, which is called for every component while its column is open."""

    def add_button(component: Any, **arguments: Any) -> None:
        if arguments.get("elem_id") == _AFTER:
            create_button(page_language())

    return add_button
